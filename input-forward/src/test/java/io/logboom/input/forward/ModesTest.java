package io.logboom.input.forward;

import static io.logboom.input.forward.Frames.SECONDS;
import static io.logboom.input.forward.Frames.entries;
import static io.logboom.input.forward.Frames.eventTime;
import static io.logboom.input.forward.Frames.packed;
import static io.logboom.input.forward.Frames.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.testkit.TestIntake.Entry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each form that records come in. */
final class ModesTest {
  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void nothingLeaks() throws Exception {
    receiving.close();
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  /** Sends, and gives what arrives when so many records are there. */
  private List<Entry> sent(int records, byte[]... frames) throws Exception {
    if (receiving == null) {
      receiving = Receiving.settling(state);
    }
    try (Sender sender = receiving.connect()) {
      sender.send(frames);
      receiving.await(records);
    }
    return receiving.intake.entries();
  }

  private static List<String> numbers(long first, int count) {
    return LongStream.range(first, first + count).mapToObj(n -> "{\"n\":" + n + "}").toList();
  }

  @Test
  void messageWithIntegerTime() throws Exception {
    Entry entry = sent(1, Frames.message("app.log", 7, null)).getFirst();
    assertThat(entry.tag()).isEqualTo("app.log");
    assertThat(entry.json()).isEqualTo("{\"n\":7}");
    assertThat(entry.epochNanos()).isEqualTo(SECONDS * 1_000_000_000);
    assertThat(entry.sourceId()).isEmpty();
  }

  @Test
  void messageWithEventTimeNilOptionAndMetadata() throws Exception {
    byte[] nil =
        packed(
            p -> {
              p.packArrayHeader(4).packString("docker.x");
              eventTime(p, SECONDS, 123_456_789);
              record(p, 1);
              p.packNil();
            });
    byte[] metadata =
        packed(
            p -> {
              p.packArrayHeader(4).packString("t").packLong(SECONDS);
              record(p, 2);
              p.packMapHeader(1).packString("metadata").packMapHeader(1).packString("a").packInt(1);
            });
    List<Entry> got = sent(2, nil, metadata);
    assertThat(got.get(0).epochNanos()).isEqualTo(SECONDS * 1_000_000_000 + 123_456_789);
    assertThat(receiving.json()).containsExactly("{\"n\":1}", "{\"n\":2}");
  }

  @Test
  void aMessageWithoutTimeIsOfNow() throws Exception {
    Instant before = Instant.now();
    byte[] frame =
        packed(
            p -> {
              p.packArrayHeader(3).packString("t").packNil();
              record(p, 1);
            });
    long nanos = sent(1, frame).getFirst().epochNanos();
    assertThat(Instant.ofEpochSecond(0, nanos)).isBetween(before, Instant.now());
  }

  @Test
  void forwardWithTimesOfEachKind() throws Exception {
    byte[] frame =
        packed(
            p -> {
              p.packArrayHeader(2).packString("t").packArrayHeader(5);
              p.packArrayHeader(2).packLong(SECONDS);
              record(p, 0);
              p.packArrayHeader(2);
              eventTime(p, SECONDS, 999_999_999);
              record(p, 1);
              p.packArrayHeader(2).packDouble(SECONDS + 0.25);
              record(p, 2);
              p.packArrayHeader(2).packArrayHeader(2);
              eventTime(p, SECONDS, 5);
              p.packMapHeader(1).packString("meta").packArrayHeader(1).packNil();
              record(p, 3);
              // EventTime as ext 8, as Fluentd's C extension writes it at times.
              p.packArrayHeader(2);
              p.writePayload(new byte[] {(byte) 0xC7, 8, 0, 0, 0, 0, 1, 0, 0, 0, 2});
              record(p, 4);
            });
    List<Entry> got = sent(5, frame);
    assertThat(got.stream().map(Entry::json).toList()).isEqualTo(numbers(0, 5));
    long second = SECONDS * 1_000_000_000;
    assertThat(got.stream().map(Entry::epochNanos).toList())
        .containsExactly(
            second, second + 999_999_999, second + 250_000_000, second + 5, 1_000_000_002L);
  }

  @Test
  void packedForwardAsBytesAndAsText() throws Exception {
    byte[] content = entries(10, 3);
    byte[] text =
        packed(
            p -> {
              p.packArrayHeader(3).packString("t");
              p.packRawStringHeader(content.length).writePayload(content);
              p.packMapHeader(1).packString("size").packInt(3);
            });
    sent(5, Frames.packedForward("t", 0, 2, null), text);
    List<String> expected = new ArrayList<>(numbers(0, 2));
    expected.addAll(numbers(10, 3));
    assertThat(receiving.json()).isEqualTo(expected);
  }

  @Test
  void compressedPackedForward() throws Exception {
    byte[] members = Frames.join(Frames.gzip(entries(0, 400)), Frames.gzip(entries(400, 600)));
    sent(
        4000,
        Frames.payload("gzip.of.two.members", members, null),
        Frames.payload("zstd", Frames.zstd(entries(1000, 1000)), null),
        Frames.payload("gzip", Frames.gzip(entries(2000, 2000)), "c"));
    assertThat(receiving.json()).isEqualTo(numbers(0, 4000));
  }

  @Test
  void emptyFramesHaveNoRecordsAndAreAcknowledged() throws Exception {
    receiving = Receiving.settling(state);
    try (Sender sender = receiving.connect()) {
      sender.send(
          Frames.forward("t", 0, 0, "a"),
          Frames.payload("t", new byte[0], "b"),
          Frames.payload("t", Frames.gzip(new byte[0]), "c"));
      assertThat(List.of(sender.ack(), sender.ack(), sender.ack())).containsExactly("a", "b", "c");
    }
  }

  @Test
  void groupMarkersOfOpenTelemetryAreNoRecords() throws Exception {
    byte[] content =
        packed(
            p -> {
              for (long mark : new long[] {0xFFFFFFFFL, SECONDS, 0xFFFFFFFEL}) {
                p.packArrayHeader(2).packArrayHeader(2);
                eventTime(p, mark, 0);
                p.packMapHeader(1).packString("schema").packString("otlp");
                record(p, mark);
              }
            });
    sent(1, Frames.payload("t", content, null));
    assertThat(receiving.json()).containsExactly("{\"n\":" + SECONDS + "}");
  }

  @Test
  void aTagIsPutInPlaceOfTheSendersOrBeforeIt() throws Exception {
    receiving = Receiving.settling(state, "tag", "fixed");
    assertThat(sent(1, Frames.message("theirs", 1, null)).getFirst().tag()).isEqualTo("fixed");
    receiving.close();
    receiving = Receiving.settling(state, "tag", "fixed", "tag_prefix", "side.");
    assertThat(sent(1, Frames.message("theirs", 1, null)).getFirst().tag())
        .isEqualTo("side.theirs");
  }

  @Test
  void moreTagsThanABatchHoldsAllArrive() throws Exception {
    byte[][] frames = new byte[3000][];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = Frames.message("tag." + i, i, null);
    }
    List<Entry> got = sent(frames.length, Frames.join(frames));
    assertThat(got.stream().map(Entry::tag).distinct()).hasSize(frames.length);
    assertThat(receiving.json()).isEqualTo(numbers(0, frames.length));
  }

  @Test
  void howeverTheBytesAreCutTheRecordsAreTheSame() throws Exception {
    Random random = new Random(42);
    byte[] all =
        Frames.join(
            Frames.message("a", 0, "x"),
            Frames.forward("b", 1, 50, null),
            Frames.packedForward("c", 51, 50, "y"),
            Frames.payload("d", Frames.gzip(entries(101, 50)), null),
            Frames.payload("e", Frames.zstd(entries(151, 50)), "z"));
    receiving = Receiving.settling(state);
    int rounds = 8;
    for (int round = 0; round < rounds; round++) {
      try (Sender sender = receiving.connect()) {
        int most = 1 << round;
        for (int at = 0; at < all.length; ) {
          int count = Math.min(all.length - at, 1 + random.nextInt(most));
          sender.send(java.util.Arrays.copyOfRange(all, at, at + count));
          at += count;
        }
        assertThat(List.of(sender.ack(), sender.ack(), sender.ack()))
            .containsExactlyInAnyOrder("x", "y", "z");
      }
    }
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      expected.addAll(numbers(0, 201));
    }
    assertThat(receiving.json()).isEqualTo(expected);
  }

  @Test
  void recordsLargerThanABatchOrARead() throws Exception {
    receiving = Receiving.settling(state);
    String large = "0123456789abcdef".repeat(60_000);
    String loud = "\u0001".repeat(100_000);
    byte[] frame =
        packed(
            p -> {
              p.packArrayHeader(3).packString("t").packArrayHeader(4);
              for (String text : new String[] {"small", large, loud, "é".repeat(80_000)}) {
                p.packArrayHeader(2).packLong(SECONDS);
                p.packMapHeader(1).packString("log").packString(text);
              }
              Frames.option(p, "c");
            });
    try (Sender sender = receiving.connect()) {
      sender.send(frame);
      assertThat(sender.ack()).isEqualTo("c");
      byte[] content =
          packed(
              p -> {
                p.packArrayHeader(2).packLong(SECONDS);
                p.packMapHeader(1).packString("log").packString(large);
              });
      sender.send(Frames.payload("t", Frames.gzip(content), "d"));
      assertThat(sender.ack()).isEqualTo("d");
    }
    assertThat(receiving.json())
        .containsExactly(
            "{\"log\":\"small\"}",
            "{\"log\":\"" + large + "\"}",
            "{\"log\":\"" + "\\u0001".repeat(100_000) + "\"}",
            "{\"log\":\"" + "é".repeat(80_000) + "\"}",
            "{\"log\":\"" + large + "\"}");
  }

  @Test
  void aBatchThatFillsUpIsFollowedByAnother() throws Exception {
    String text = "some line of a log, neither short nor long ".repeat(5);
    byte[] content =
        packed(
            p -> {
              for (int i = 0; i < 20_000; i++) {
                p.packArrayHeader(2);
                eventTime(p, SECONDS, i);
                p.packMapHeader(2).packString("log").packString(text).packString("n").packInt(i);
              }
            });
    List<Entry> got = sent(20_000, Frames.payload("t", content, null));
    for (int i = 0; i < got.size(); i++) {
      assertThat(got.get(i).json()).isEqualTo("{\"log\":\"" + text + "\",\"n\":" + i + "}");
    }
    assertThat(content.length).isGreaterThan(10 * 256 * 1024);
  }

  @Test
  void repairedAndBinaryRecordsAreCounted() throws Exception {
    byte[] frame =
        packed(
            p -> {
              p.packArrayHeader(3).packString("t").packLong(SECONDS).packMapHeader(2);
              p.packString("text").packRawStringHeader(1).writePayload(new byte[] {(byte) 0xFF});
              p.packString("bytes").packBinaryHeader(1).writePayload(new byte[] {(byte) 0xFF});
            });
    sent(1, frame);
    assertThat(receiving.json()).containsExactly("{\"text\":\"\uFFFD\",\"bytes\":\"/w==\"}");
    assertThat(receiving.context.meters().count(ForwardMeter.REPAIRED)).isEqualTo(1);
    assertThat(receiving.context.meters().count(ForwardMeter.BASE64)).isEqualTo(1);
    assertThat(receiving.context.meters().count(ForwardMeter.RECEIVED_RECORDS)).isEqualTo(1);
    assertThat(receiving.context.meters().count(ForwardMeter.RECEIVED_BYTES))
        .isEqualTo(frame.length);
  }
}
