package io.logboom.core.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.Compression;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Whatever happens in whatever order, and wherever the machine dies in it. */
class DeadLettersProperties {
  private static final Path DIRECTORY = Path.of("/letters");
  private static final Set<String> OUTPUTS = Set.of("a", "b");

  /** What must be on the disk, and what may be, by the line of the record. */
  private static final class Model {
    private final Set<String> certain = new HashSet<>();
    private final Set<String> possible = new HashSet<>();
    // What was replayed, or asked to be dropped, since the last look.
    private final Set<String> going = new HashSet<>();
    private final Set<String> everDropped = new HashSet<>();

    void goes(String line) {
      certain.remove(line);
      possible.add(line);
      going.add(line);
    }

    /** A look has ended: what was going is gone. */
    void looked() {
      possible.removeAll(going);
      going.clear();
    }

    void check(List<String> lines) {
      Set<String> found = new HashSet<>(lines);
      assertThat(found).containsAll(certain);
      Set<String> allowed = new HashSet<>(certain);
      allowed.addAll(possible);
      assertThat(allowed).containsAll(found);
    }
  }

  private final Letters letters = new Letters();

  @Property(tries = 400, shrinking = ShrinkingMode.OFF)
  void whatWasKeptIsThereAndWhatIsGoneStaysGone(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    MortalDisk disk = new MortalDisk(seed);
    Model model = new Model();
    int written = 0;
    for (int life = 0; life < 5; life++) {
      disk.dieAfter(random.nextInt(10) == 0 ? Integer.MAX_VALUE : random.nextInt(300));
      try (DeadLetters dead = open(disk)) {
        for (int step = 0; step < 20; step++) {
          switch (random.nextInt(4)) {
            case 0, 1 -> written = put(dead, random, written, model);
            case 2 -> ask(disk, random, model);
            default -> replay(dead, random, model);
          }
        }
      } catch (IOException e) {
        assertThat(e).hasMessage("the disk is gone");
      }
      disk.restart();
      List<String> found = lines(disk);
      model.check(found);
      // What was uncertain is as it is now.
      model.certain.addAll(found);
      model.possible.clear();
      model.going.clear();
      settleRequests(disk, model);
    }
  }

  private DeadLetters open(MortalDisk disk) throws IOException {
    BatchCodec codec = new BatchCodec(letters.names(), Compression.NONE);
    return DeadLetters.open(DIRECTORY, disk, 1 << 20, codec, InstantSource.system());
  }

  private List<String> lines(MortalDisk disk) throws IOException {
    List<String> lines = new ArrayList<>();
    Map<Long, String> byId = new HashMap<>();
    new LetterBox(DIRECTORY, disk, letters.names())
        .read(
            letter -> {
              String line = Letters.line(letter.record());
              lines.add(line);
              assertThat(byId.put(letter.id(), line)).as("number %s", letter.id()).isNull();
            });
    return lines;
  }

  private int put(DeadLetters dead, SplittableRandom random, int written, Model model)
      throws IOException {
    String[] some = new String[1 + random.nextInt(5)];
    int next = written;
    for (int i = 0; i < some.length; i++) {
      some[i] = "line " + next++ + "x".repeat(random.nextInt(200));
    }
    Batch batch = letters.batch(some);
    model.possible.addAll(List.of(some));
    dead.put(random.nextBoolean() ? "a" : "b", batch, Letters.all(batch), _ -> "why");
    model.possible.removeAll(List.of(some));
    model.certain.addAll(List.of(some));
    return next;
  }

  private void ask(MortalDisk disk, SplittableRandom random, Model model) throws IOException {
    IdSet.Builder ids = new IdSet.Builder();
    Request.Action action = random.nextInt(3) == 0 ? Request.Action.DROP : Request.Action.REPLAY;
    Set<String> chosen = new HashSet<>();
    LetterBox box = new LetterBox(DIRECTORY, disk, letters.names());
    box.read(
        letter -> {
          if (random.nextInt(3) == 0) {
            ids.take(letter.id());
            chosen.add(Letters.line(letter.record()));
          } else {
            ids.skip();
          }
        });
    IdSet set = ids.build();
    if (!set.isEmpty()) {
      if (action == Request.Action.DROP) {
        chosen.forEach(model::goes);
        // With those that are gone, but not for certain: a range may go over them.
        model.everDropped.addAll(model.going);
      }
      box.ask(new Request(action, set));
    }
  }

  private void replay(DeadLetters dead, SplittableRandom random, Model model) throws IOException {
    dead.look(OUTPUTS);
    model.looked();
    for (String output : OUTPUTS) {
      for (int i = random.nextInt(6); i > 0; i--) {
        Replay replay = dead.nextReplay(output, letters);
        if (replay == null) {
          break;
        }
        String line = Letters.line(replay.batch());
        if (random.nextInt(4) == 0) {
          replay.again();
        } else {
          model.goes(line);
          replay.done();
        }
      }
    }
  }

  /** Takes requests for a drop that outlived the machine into account. */
  private static void settleRequests(MortalDisk disk, Model model) throws IOException {
    boolean drops = false;
    Requests requests = new Requests(disk, DIRECTORY);
    for (String name : requests.names()) {
      drops |= requests.read(name).action() == Request.Action.DROP;
    }
    if (drops) {
      model.possible.addAll(model.certain);
      model.possible.retainAll(model.everDropped);
      model.certain.removeAll(model.everDropped);
    }
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void aDamagedBitCostsOneLetterAndIsCounted(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    MortalDisk disk = new MortalDisk(seed);
    Model model = new Model();
    int written = 0;
    try (DeadLetters dead = open(disk)) {
      for (int i = 1 + random.nextInt(20); i > 0; i--) {
        written = put(dead, random, written, model);
      }
    }
    SegmentName name = LetterBox.segments(disk, DIRECTORY).getFirst();
    Path file = DIRECTORY.resolve(name.letters());
    disk.damage(file, random.nextLong(disk.size(file)));

    assertThat(lines(disk)).hasSize(written - 1);
    try (DeadLetters dead = open(disk)) {
      Usage usage = dead.usage();
      assertThat(usage.letters()).isEqualTo(written - 1);
      assertThat(usage.damaged()).isEqualTo(1);
      Batch batch = letters.batch("behind");
      dead.put("a", batch, Letters.all(batch), _ -> "why");
    }
    assertThat(lines(disk)).hasSize(written).contains("behind");
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void afterAFailedPutNoneOfItIsThereAndTheNextWorks(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    MortalDisk disk = new MortalDisk(seed);
    Model model = new Model();
    try (DeadLetters dead = open(disk)) {
      int written = put(dead, random, 0, model);
      disk.failOnceAfter(random.nextInt(8));
      try {
        written = put(dead, random, written, model);
      } catch (IOException e) {
        model.possible.clear();
      }
      disk.dieAfter(Integer.MAX_VALUE);
      put(dead, random, written + 100, model);
      model.check(lines(disk));
      assertThat(dead.usage().letters()).isEqualTo(model.certain.size());
    }
  }
}
