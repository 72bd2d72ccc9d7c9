package io.logboom.input.forward;

import static io.logboom.input.forward.Frames.packed;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong ends its own connection, counted under its reason, and no other. */
final class FaultTest {
  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void othersGoOnAndNothingLeaks() throws Exception {
    int before = receiving.intake.count();
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.message("t", 1, "alive"));
      assertThat(sender.ack()).isEqualTo("alive");
    }
    // What a frame had before its fault may come just now.
    assertThat(receiving.intake.count()).isGreaterThan(before);
    receiving.close();
    assertThat(receiving.context.testBatches().used()).isZero();
    assertThat(receiving.context.meters().value(ForwardMeter.UNFINISHED)).isZero();
  }

  private void ends(Fault fault, byte[]... frames) throws Exception {
    if (receiving == null) {
      receiving = Receiving.settling(state);
    }
    long before = receiving.closed(fault);
    try (Sender sender = receiving.connect()) {
      sender.trySend(frames);
      assertThat(sender.isClosed()).isTrue();
    }
    assertThat(receiving.closed(fault)).as(fault.text).isEqualTo(before + 1);
    Receiving.await(() -> receiving.open() == 0);
  }

  private static byte[] head(int elements) {
    return packed(p -> p.packArrayHeader(elements).packString("t"));
  }

  @Test
  void whatIsNoFrame() throws Exception {
    ends(Fault.MALFORMED, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    ends(Fault.MALFORMED, packed(p -> p.packMapHeader(0)));
    ends(Fault.MALFORMED, packed(p -> p.packArrayHeader(1).packString("t")));
    ends(Fault.MALFORMED, packed(p -> p.packArrayHeader(5).packString("t")));
    ends(Fault.MALFORMED, packed(p -> p.packArrayHeader(3).packInt(5)));
    ends(Fault.MALFORMED, head(3), packed(p -> p.packBoolean(true)));
    ends(Fault.MALFORMED, head(2), packed(p -> p.packInt(1)));
    ends(Fault.MALFORMED, new byte[] {(byte) 0xC1});
    ends(Fault.MALFORMED, packed(p -> p.packArrayHeader(3).packString("t".repeat(5000))));
  }

  @Test
  void whatIsNoRecordOrNoTime() throws Exception {
    ends(Fault.MALFORMED, head(3), packed(p -> p.packInt(1).packString("no map")));
    ends(Fault.MALFORMED, head(3), packed(p -> p.packDouble(Double.NaN).packMapHeader(0)));
    ends(
        Fault.MALFORMED,
        head(3),
        packed(
            p ->
                p.packExtensionTypeHeader((byte) 1, 8).writePayload(new byte[8]).packMapHeader(0)));
  }

  @Test
  void entriesBeforeAMalformedOneAreKept() throws Exception {
    ends(
        Fault.MALFORMED,
        head(2),
        packed(p -> p.packArrayHeader(5)),
        Frames.entries(0, 2),
        packed(p -> p.packString("no entry")));
    receiving.await(2);
    assertThat(receiving.json()).containsExactly("{\"n\":0}", "{\"n\":1}");
  }

  @Test
  void aPayloadThatEndsWithinAnEntry() throws Exception {
    byte[] entries = Frames.entries(0, 3);
    ends(Fault.MALFORMED, Frames.payload("t", Arrays.copyOf(entries, entries.length - 1), "c"));
    byte[] cut = Frames.gzip(Arrays.copyOf(entries, entries.length - 1));
    ends(Fault.MALFORMED, Frames.payload("t", cut, "c"));
  }

  @Test
  void aDamagedPayload() throws Exception {
    byte[] gzip = Frames.gzip(Frames.entries(0, 100));
    gzip[gzip.length / 2] ^= 0x55;
    ends(Fault.COMPRESSION, Frames.payload("t", gzip, "c"));
    byte[] zstd = Frames.zstd(Frames.entries(0, 100));
    ends(Fault.COMPRESSION, Frames.payload("t", Arrays.copyOf(zstd, zstd.length / 2), "c"));
    ends(Fault.COMPRESSION, Frames.payload("t", new byte[] {0x1F, (byte) 0x8B, 9, 9}, "c"));
  }

  @Test
  void moreThanBufferMaxSize() throws Exception {
    receiving = Receiving.settling(state, "buffer_max_size", "100000");
    ends(Fault.TOO_LARGE, head(2), packed(p -> p.packBinaryHeader(100_001)));
    ends(Fault.TOO_LARGE, Frames.forward("t", 0, 20_000, null));
    ends(
        Fault.TOO_LARGE,
        head(3),
        packed(
            p -> {
              p.packInt(1).packMapHeader(1).packString("log");
              p.packString("x".repeat(200_000));
            }));
  }

  @Test
  void aBombOfManyEntriesOrOfOne() throws Exception {
    byte[] many = Frames.entries(0, 500_000);
    assertThat(many.length).isGreaterThan(6_144_000);
    ends(Fault.TOO_LARGE, Frames.payload("t", Frames.gzip(many), null));
    byte[] one =
        packed(
            p -> {
              p.packArrayHeader(2).packInt(1).packMapHeader(1).packString("log");
              p.packString(" ".repeat(30_000_000));
            });
    ends(Fault.TOO_LARGE, Frames.payload("t", Frames.gzip(one), null));
    ends(Fault.TOO_LARGE, Frames.payload("t", Frames.zstd(one), null));
  }

  @Test
  void anOptionThatIsNone() throws Exception {
    ends(Fault.MALFORMED, head(3), packed(p -> p.packArrayHeader(0).packString("option")));
    ends(
        Fault.MALFORMED,
        head(3),
        packed(p -> p.packArrayHeader(0).packMapHeader(1).packString("chunk").packInt(1)));
    ends(
        Fault.MALFORMED,
        head(3),
        packed(
            p -> {
              p.packArrayHeader(0).packMapHeader(1).packString("more");
              p.packString("x".repeat(100_000));
            }));
  }

  @Test
  void nestingHasABound() throws Exception {
    ends(
        Fault.MALFORMED,
        head(3),
        packed(
            p -> {
              p.packInt(1).packMapHeader(1).packString("deep");
              for (int i = 0; i < 100_000; i++) {
                p.packArrayHeader(1);
              }
              p.packNil();
            }));
  }

  @Test
  void silenceInTheMiddleOfAFrame() throws Exception {
    receiving = Receiving.settling(state, "net.io_timeout", "1s");
    ends(Fault.SILENT, head(3));
    ends(Fault.SILENT, packed(p -> p.packArrayHeader(2).packString("t").packArrayHeader(2)));
  }

  @Test
  void silenceBetweenFramesIsAllowed() throws Exception {
    receiving = Receiving.settling(state, "net.io_timeout", "1s");
    try (Sender quiet = receiving.connect()) {
      quiet.send(Frames.message("t", 1, "first"));
      assertThat(quiet.ack()).isEqualTo("first");
      try (Sender other = receiving.connect()) {
        other.send(head(3));
        assertThat(other.isClosed()).isTrue();
      }
      quiet.send(Frames.message("t", 2, "second"));
      assertThat(quiet.ack()).isEqualTo("second");
    }
  }

  @Test
  void moreThanMaxConnections() throws Exception {
    receiving = Receiving.settling(state, "max_connections", "2");
    try (Sender one = receiving.connect();
        Sender two = receiving.connect()) {
      one.send(Frames.message("t", 1, "1"));
      two.send(Frames.message("t", 1, "2"));
      assertThat(one.ack() + two.ack()).isEqualTo("12");
      try (Sender three = receiving.connect()) {
        assertThat(three.isClosed()).isTrue();
      }
      assertThat(receiving.closed(Fault.TOO_MANY)).isEqualTo(1);
    }
    Receiving.await(() -> receiving.open() == 0);
  }

  @Test
  void metricsAndTracesAreLeftOutAndTheConnectionGoesOn() throws Exception {
    receiving = Receiving.settling(state);
    byte[] context = packed(p -> p.packMapHeader(1).packString("meta").packMapHeader(0));
    try (Sender sender = receiving.connect()) {
      for (int signal = 1; signal <= 3; signal++) {
        for (byte[] payload : new byte[][] {context, Frames.gzip(context)}) {
          int number = signal;
          sender.send(
              packed(
                  p -> {
                    p.packArrayHeader(3).packString("m").packBinaryHeader(payload.length);
                    p.writePayload(payload);
                    p.packMapHeader(2).packString("fluent_signal").packInt(number);
                    p.packString("chunk").packString("not acknowledged");
                  }));
        }
      }
      sender.send(Frames.message("t", 7, "after"));
      assertThat(sender.ack()).isEqualTo("after");
    }
    assertThat(receiving.json()).containsExactly("{\"n\":7}");
    for (String signal : new String[] {"metrics", "traces", "other"}) {
      assertThat(receiving.context.meters().count(ForwardMeter.REFUSED, "signal", signal))
          .isEqualTo(2);
    }
    ends(Fault.MALFORMED, Frames.payload("no.signal", context, "c"));
  }

  /** More tags than a batch holds, and no record of theirs. */
  @Test
  void recordsOfManyTagsThatNeverEndAreNobodyElsesFault() throws Exception {
    receiving = Receiving.settling(state);
    List<Sender> open = new ArrayList<>();
    for (int i = 0; i < Batch.MAX_ORIGINS + 5; i++) {
      int number = i;
      Sender sender = receiving.connect();
      open.add(sender);
      sender.send(
          packed(p -> p.packArrayHeader(3).packString("tag." + number).packInt(1)),
          packed(p -> p.packMapHeader(1).packString("log")));
    }
    Receiving.await(
        () -> receiving.context.meters().value(ForwardMeter.UNFINISHED) >= open.size() * 1024);
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.message("t", 1, "c"));
      assertThat(sender.ack()).isEqualTo("c");
    }
    for (Sender each : open) {
      each.close();
    }
    Receiving.await(() -> receiving.open() == 0);
    assertThat(receiving.closed(Fault.TOO_LARGE)).isZero();
  }

  @Test
  void whatGrewForARecordThatCameToNothingIsGivenBack() throws Exception {
    ends(
        Fault.MALFORMED,
        head(2),
        packed(
            p -> {
              p.packArrayHeader(1).packArrayHeader(2).packInt(1).packMapHeader(2);
              p.packString("log").packString("x".repeat(3_000_000)).packString("bad");
            }),
        new byte[] {(byte) 0xC1});
    assertThat(receiving.context.testBatches().used()).isLessThanOrEqualTo(256 * 1024);
  }

  @Test
  void recordsOfAFrameThatDoesNotEndAreCountedWhereTheyAreLost() throws Exception {
    TestContext context = new TestContext(state).flush(Duration.ofMillis(1));
    try (Receiving holding = new Receiving(context, new TestIntake(context, false))) {
      try (Sender sender = holding.connect()) {
        sender.send(
            head(2), packed(p -> p.packArrayHeader(5)), Frames.entries(0, 2), new byte[] {0});
        assertThat(sender.isClosed()).isTrue();
      }
      holding.await(2);
      holding.intake.settle(Settlement.AGAIN);
      Receiving.await(() -> context.meters().count(ForwardMeter.LOST) == 2);
    }
    receiving = Receiving.settling(state);
  }

  /** As {@code nc -N} does it. */
  @Test
  void whatASenderHadSentBeforeItEndedItsOutputIsTaken() throws Exception {
    receiving = Receiving.settling(state);
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.packedForward("t", 0, 20_000, null)).endOutput();
      assertThat(sender.isClosed()).isTrue();
    }
    receiving.await(20_000);
    assertThat(receiving.closed(Fault.PEER)).isEqualTo(1);
  }

  @Test
  void aConnectionThatBreaksInTheMiddleOfAFrame() throws Exception {
    receiving = Receiving.settling(state);
    byte[] frame = Frames.packedForward("t", 0, 10_000, "c");
    for (int i = 0; i < 50; i++) {
      try (Sender sender = receiving.connect()) {
        sender.send(Arrays.copyOf(frame, frame.length * i / 50));
      }
    }
    Receiving.await(() -> receiving.open() == 0);
    assertThat(receiving.closed(Fault.PEER) + receiving.closed(Fault.RESET)).isEqualTo(50);
  }
}
