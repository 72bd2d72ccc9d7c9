package io.logboom.core.deadletter;

import static io.logboom.core.deadletter.Letters.all;
import static io.logboom.core.deadletter.Letters.line;
import static io.logboom.core.deadletter.Letters.seen;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.disk.LocalDisk;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.Compression;
import io.logboom.core.meter.MicrometerMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersTest {
  private static final Set<String> OUTPUTS = Set.of("es.0", "es.1");
  private static final long PLENTY = 64L << 20;

  @TempDir Path temporary;
  private final Letters letters = new Letters();

  private Path directory() {
    return temporary.resolve("dead-letters");
  }

  private DeadLetters open(long limit) throws IOException {
    return open(limit, Duration.ZERO);
  }

  private DeadLetters open(long limit, Duration patience) throws IOException {
    return DeadLetters.open(
        directory(),
        new LocalDisk(),
        limit,
        new BatchCodec(letters.names(), Compression.LZ4),
        InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z")),
        patience);
  }

  private LetterBox box() {
    return new LetterBox(directory(), new LocalDisk(), letters.names());
  }

  private void put(DeadLetters dead, String output, String... lines) throws IOException {
    Batch batch = letters.batch(lines);
    dead.put(output, batch, all(batch), i -> "bad " + i);
  }

  private List<String> replayed(DeadLetters dead, String output) {
    List<String> lines = new ArrayList<>();
    Replay replay = dead.nextReplay(output, letters);
    while (replay != null) {
      lines.add(line(replay.batch()));
      replay.done();
      letters.release(replay.batch());
      replay = dead.nextReplay(output, letters);
    }
    return lines;
  }

  @Test
  void aLetterIsThereWithAllThatIsKnownOfItsRecord() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      Batch batch = letters.batch("good", "poison", "dropped");
      batch.drop(2);
      BitSet rejected = new BitSet();
      rejected.set(1, 3);
      dead.put("es.0", batch, rejected, i -> "400: no mapping for record " + i);

      List<Letter> found = new ArrayList<>();
      box().read(found::add);
      assertThat(found).hasSize(1);
      Letter letter = found.getFirst();
      assertThat(letter.id()).isEqualTo(1);
      assertThat(letter.time()).isEqualTo("2026-11-22T10:00:00Z");
      assertThat(letter.output()).isEqualTo("es.0");
      assertThat(letter.reason()).isEqualTo("400: no mapping for record 1");
      Batch record = letter.record();
      assertThat(record).isNotNull();
      assertThat(line(record)).isEqualTo("poison");
      assertThat(record.position(0)).isEqualTo(4);
      assertThat(record.originOf(0).tag()).isEqualTo("kube.a");
      assertThat(record.originOf(0).source()).isEqualTo("/var/log/a.log");
      assertThat(dead.usage().letters()).isEqualTo(1);
    }
  }

  @Test
  void onlyTheOwnerMayLookIntoTheDirectory() throws IOException {
    open(PLENTY).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
  }

  @Test
  void lettersOutliveTheProcessAndNoNumberComesTwice() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "a", "b");
    }
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "c");
      assertThat(dead.usage().letters()).isEqualTo(3);
    }
    assertThat(box().ask(new Request(Request.Action.DROP, IdSet.parse("1-3"))))
        .isEqualTo(LetterBox.Answer.DONE);
    assertThat(seen(box())).isEmpty();
    try (DeadLetters dead = open(PLENTY)) {
      assertThat(dead.usage().letters()).isZero();
      put(dead, "es.0", "d");
      assertThat(seen(box())).containsExactly("4 es.0 bad 0 d");
    }
  }

  @Test
  void aReplayGoesToItsOutputAndTheLetterIsGoneWhenItHasArrived() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "a", "b", "c");
      put(dead, "es.1", "d");
      assertThat(box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1,3-4"))))
          .isEqualTo(LetterBox.Answer.ASKED);
      assertThat(dead.nextReplay("es.0", letters)).isNull();
      dead.look(OUTPUTS);

      assertThat(replayed(dead, "es.0")).containsExactly("a", "c");
      assertThat(seen(box())).containsExactly("2 es.0 bad 1 b", "4 es.1 bad 0 d");
      assertThat(requests()).hasSize(1);
      assertThat(replayed(dead, "es.1")).containsExactly("d");
      dead.look(OUTPUTS);
      assertThat(requests()).isEmpty();
      assertThat(dead.usage().letters()).isEqualTo(1);
      assertThat(dead.usage().replayed()).isEqualTo(3);
      assertThat(letters.opened()).isZero();
    }
  }

  @Test
  void aReplayThatDidNotArriveComesAgainAlsoAfterARestart() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "a", "b");
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1-2")));
      dead.look(OUTPUTS);
      Replay first = dead.nextReplay("es.0", letters);
      assertThat(first.id()).isEqualTo(1);
      first.again();
      first.done(); // too late: it is said once
      assertThat(dead.nextReplay("es.0", letters).id()).isEqualTo(1);
      dead.look(OUTPUTS);
    }
    try (DeadLetters dead = open(PLENTY)) {
      dead.look(OUTPUTS);
      assertThat(replayed(dead, "es.0")).containsExactly("a", "b");
    }
  }

  @Test
  void aLetterThatIsRejectedAgainIsANewOneAndIsNotReplayedByTheSameRequest() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "a");
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1")));
      dead.look(OUTPUTS);
      Replay replay = dead.nextReplay("es.0", letters);
      dead.put("es.0", replay.batch(), all(replay.batch()), _ -> "still bad");
      replay.done();
      dead.look(OUTPUTS);

      assertThat(dead.nextReplay("es.0", letters)).isNull();
      assertThat(seen(box())).containsExactly("2 es.0 still bad a");
      assertThat(requests()).isEmpty();
    }
  }

  @Test
  void twoRequestsForOneLetterSendItOnce() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "a");
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1")));
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1")));
      dead.look(OUTPUTS);
      assertThat(replayed(dead, "es.0")).containsExactly("a");
      dead.look(OUTPUTS);
      assertThat(requests()).isEmpty();
    }
  }

  @Test
  void moreLettersThanAreLookedUpAtATimeAllCome() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      String[] lines = new String[5000];
      for (int i = 0; i < lines.length; i++) {
        lines[i] = "line " + i;
      }
      put(dead, "es.0", lines);
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1-5000")));
      List<String> came = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        dead.look(OUTPUTS);
        came.addAll(replayed(dead, "es.0"));
      }
      assertThat(came).containsExactly(lines);
      dead.look(OUTPUTS);
      assertThat(requests()).isEmpty();
      assertThat(dead.usage().letters()).isZero();
      assertThat(dead.usage().bytes()).isZero();
    }
  }

  @Test
  void lettersOfAnOutputThatTakesNoneHoldUpNoOther() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      String[] lines = new String[Wanted.MOST + 100];
      for (int i = 0; i < lines.length; i++) {
        lines[i] = "line " + i;
      }
      put(dead, "es.0", lines);
      put(dead, "es.1", "a", "b");
      put(dead, "gone.0", "c");
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1-" + (lines.length + 3))));
      dead.look(OUTPUTS);
      assertThat(replayed(dead, "es.1")).containsExactly("a", "b");
      dead.look(OUTPUTS);
      assertThat(requests()).hasSize(1);

      List<String> came = new ArrayList<>(replayed(dead, "es.0"));
      dead.look(OUTPUTS);
      came.addAll(replayed(dead, "es.0"));
      assertThat(came).containsExactly(lines);
      dead.look(OUTPUTS);
      assertThat(requests()).isEmpty();
      assertThat(dead.usage().letters()).isEqualTo(1);
    }
  }

  @Test
  void aRequestDoesNotWaitForAnOutputThatHasGoneMeanwhile() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "a", "b");
      put(dead, "es.1", "c");
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1-3")));
      dead.look(OUTPUTS);
      Replay underway = dead.nextReplay("es.0", letters);
      assertThat(replayed(dead, "es.1")).containsExactly("c");
      dead.look(Set.of("es.1"));
      assertThat(requests()).as("one letter is still on its way").hasSize(1);
      underway.again();
      dead.look(Set.of("es.1"));
      assertThat(requests()).isEmpty();
      assertThat(dead.nextReplay("es.0", letters)).isNull();
      assertThat(seen(box())).containsExactly("1 es.0 bad 0 a", "2 es.0 bad 1 b");
    }
  }

  @Test
  void anOutputThatComesMeanwhileGetsWhatWasAskedForIt() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "a");
      put(dead, "es.1", "b");
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1-2")));
      dead.look(Set.of("es.1"));
      dead.look(OUTPUTS);
      assertThat(replayed(dead, "es.0")).containsExactly("a");
      assertThat(replayed(dead, "es.1")).containsExactly("b");
      dead.look(OUTPUTS);
      assertThat(requests()).isEmpty();
    }
  }

  @Test
  void lettersOfAnOutputThatIsNoMoreStay() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "gone.0", "a");
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1")));
      dead.look(OUTPUTS);
      dead.look(OUTPUTS);
      assertThat(requests()).isEmpty();
      assertThat(seen(box())).containsExactly("1 gone.0 bad 0 a");
    }
  }

  @Test
  void withoutMemoryNowAReplayComesLater() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "a");
      box().ask(new Request(Request.Action.REPLAY, IdSet.parse("1")));
      dead.look(OUTPUTS);
      ReplayMemory none =
          new ReplayMemory() {
            @Override
            public Batch open(int bytes) {
              return null;
            }

            @Override
            public void release(Batch batch) {
              throw new AssertionError("nothing was opened");
            }
          };
      assertThat(dead.nextReplay("es.0", none)).isNull();
      assertThat(replayed(dead, "es.0")).containsExactly("a");
    }
  }

  @Test
  void theOldestGoWhenTheLimitIsReachedAndAreCounted() throws IOException {
    long limit = 512 * 1024;
    int written = 4000;
    try (DeadLetters dead = open(limit)) {
      for (int i = 0; i < written; i += 10) {
        String[] lines = new String[10];
        for (int k = 0; k < lines.length; k++) {
          lines[k] = "line " + (i + k) + " " + "x".repeat(500);
        }
        put(dead, "es.0", lines);
        assertThat(dead.usage().bytes()).isLessThanOrEqualTo(limit);
      }
      List<String> left = seen(box());
      assertThat(dead.usage().dropped()).isPositive().isEqualTo(written - left.size());
      assertThat(left.getFirst()).startsWith(dead.usage().dropped() + 1 + " ");
      assertThat(left.getLast()).startsWith(written + " ");
      assertThat(dead.usage().letters()).isEqualTo(left.size());
      assertThat(onDisk()).isLessThanOrEqualTo(limit);
    }
  }

  @Test
  void aDiskThatRefusesForLongGetsNoFileWithEachTry() throws IOException {
    MortalDisk disk = new MortalDisk(1);
    BatchCodec codec = new BatchCodec(letters.names(), Compression.NONE);
    Path where = Path.of("/letters");
    try (DeadLetters dead =
        DeadLetters.open(where, disk, PLENTY, codec, InstantSource.system(), Duration.ZERO)) {
      for (int call = 0; call < 8; call++) {
        for (int again = 0; again < 10; again++) {
          disk.failOnceAfter(call);
          try {
            put(dead, "es.0", "a");
          } catch (IOException e) {
            assertThat(e).hasMessage("the disk is gone");
          }
          disk.dieAfter(Integer.MAX_VALUE);
        }
        assertThat(disk.list(where)).hasSizeLessThanOrEqualTo(1 + call);
      }
    }
  }

  @Test
  void aLargeRecordIsKeptInPiecesOfMemory() throws IOException {
    String large = "0123456789abcdef".repeat(256 * 1024);
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "small", large, "behind");
      List<String> found = seen(box());
      assertThat(found).hasSize(3);
      assertThat(found.get(1)).endsWith(large);
      assertThat(found.get(2)).endsWith("behind");
    }
  }

  @Test
  void anEndlessReasonIsCut() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      Batch batch = letters.batch("a");
      dead.put("es.0", batch, all(batch), _ -> "größe".repeat(10_000));
      box().read(letter -> assertThat(letter.reason().getBytes(UTF_8)).hasSizeBetween(4093, 4096));
    }
  }

  @Test
  void whatIsNoRequestIsPutAside() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      put(dead, "es.0", "a");
      Files.writeString(directory().resolve("x.request"), "logboom dead-letters 1\nburn\nids 1\n");
      Files.writeString(directory().resolve("y.request"), "logboom dead-letters 1\ndrop\nids x\n");
      dead.look(OUTPUTS);
      dead.look(OUTPUTS);
      assertThat(directory().resolve("x.request.refused")).exists();
      assertThat(directory().resolve("y.request.refused")).exists();
      assertThat(seen(box())).hasSize(1);
    }
  }

  @Test
  void oneAgentAtATime() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      assertThatThrownBy(() -> open(PLENTY)).isInstanceOf(IOException.class);
      put(dead, "es.0", "a");
    }
    open(PLENTY).close();
  }

  @Test
  void anAgentThatStartsWaitsForACommandThatIsAtWork() throws Exception {
    open(PLENTY).close();
    Closeable command = new LocalDisk().lock(directory().resolve(LetterBox.LOCK));
    CompletableFuture<DeadLetters> agent =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return open(PLENTY, Duration.ofSeconds(30));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThatThrownBy(() -> open(PLENTY)).hasMessageContaining("is locked");
    assertThat(agent).isNotDone();
    command.close();
    agent.join().close();
  }

  @Test
  void looksByItselfOnceASecond() throws IOException {
    try (DeadLetters dead = open(PLENTY)) {
      dead.start(() -> OUTPUTS);
      put(dead, "es.0", "a", "b");
      box().ask(new Request(Request.Action.DROP, IdSet.parse("1")));
      await().untilAsserted(() -> assertThat(seen(box())).containsExactly("2 es.0 bad 1 b"));
    }
  }

  /** What version 1 wrote is read for ever: three letters, of which the second is gone. */
  @Test
  void readsVersionOne() throws IOException {
    Files.createDirectories(directory());
    for (String name : List.of("letters", "gone")) {
      Files.write(
          directory().resolve("00000000000000000005-0123456789abcdef." + name),
          golden("segment-1." + name + ".hex"));
    }
    assertThat(seen(box())).containsExactly("5 es.0 bad 0 one", "7 es.0 bad 2 three");
    try (DeadLetters dead = open(PLENTY)) {
      assertThat(dead.usage().letters()).isEqualTo(2);
      assertThat(dead.usage().damaged()).isZero();
      put(dead, "es.0", "four");
      assertThat(seen(box())).contains("8 es.0 bad 0 four");
    }
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream file = DeadLettersTest.class.getResourceAsStream(name)) {
      assertThat(file).as(name).isNotNull();
      String text = new String(file.readAllBytes(), UTF_8);
      return HexFormat.of().parseHex(text.replaceAll("(?m)#.*$|\\s", ""));
    }
  }

  @Test
  void showsItselfAsMeters() throws IOException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (DeadLetters dead = open(PLENTY)) {
      DeadLetterMeters.bind(new MicrometerMeters(registry), dead);
      put(dead, "es.0", "a", "b");
      assertThat(registry.getMeters()).hasSize(5);
      assertThat(registry.get("logboom_dead_letters_records").gauge().value()).isEqualTo(2);
      assertThat(registry.get("logboom_dead_letters_bytes").gauge().value())
          .isEqualTo(dead.usage().bytes());
    }
  }

  private List<String> requests() {
    return List.of(
        temporary.resolve("dead-letters").toFile().list((_, n) -> n.contains("request")));
  }

  private long onDisk() throws IOException {
    try (var files = Files.list(directory())) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
