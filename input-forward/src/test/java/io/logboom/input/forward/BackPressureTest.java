package io.logboom.input.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While there is no room nothing is read, nobody is cut off, and memory stays bounded. */
final class BackPressureTest {
  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void nothingLeaks() throws Exception {
    receiving.close();
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  /** Sends frames without an end; tells how many bytes it got rid of. */
  private static Thread flood(Sender sender, byte[] frame, AtomicLong sent, int frames) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int i = 0; i < frames; i++) {
                  sender.send(frame);
                  sent.addAndGet(frame.length);
                }
              } catch (IOException e) {
                sent.set(Long.MIN_VALUE);
              }
            });
  }

  @Test
  void aFullPipelineStopsReadingAndGoesOnWhenThereIsRoom() throws Exception {
    receiving = Receiving.settling(state);
    receiving.intake.fill();
    String text = "x".repeat(2000);
    byte[] content =
        Frames.packed(
            p -> {
              for (int i = 0; i < 10; i++) {
                p.packArrayHeader(2).packInt(1).packMapHeader(1).packString("log").packString(text);
              }
            });
    byte[] frame = Frames.payload("t", content, null);
    int frames = 500;
    List<Sender> senders = new ArrayList<>();
    List<Thread> floods = new ArrayList<>();
    AtomicLong sent = new AtomicLong();
    for (int i = 0; i < 5; i++) {
      Sender sender = receiving.connect();
      senders.add(sender);
      floods.add(flood(sender, frame, sent, frames));
    }
    Receiving.await(() -> receiving.intake.refusals() > 0);
    Receiving.await(() -> receiving.context.meters().value(ForwardMeter.PAUSED) == 1);
    long[] seen = {-1};
    Receiving.await(
        () -> {
          long now = receiving.context.meters().count(ForwardMeter.RECEIVED_BYTES);
          boolean same = now == seen[0];
          seen[0] = now;
          return same;
        });
    assertThat(receiving.context.testBatches().used()).isLessThan(3 << 20);
    assertThat(receiving.intake.count()).isZero();
    Receiving.await(() -> receiving.open() == 5);

    receiving.intake.makeRoom();
    receiving.await(5 * frames * 10);
    for (Thread each : floods) {
      each.join();
    }
    assertThat(sent.get()).isEqualTo(5L * frames * frame.length);
    for (Sender each : senders) {
      each.close();
    }
    Receiving.await(() -> receiving.open() == 0);
    assertThat(receiving.closed(Fault.PEER)).isEqualTo(5);
    assertThat(receiving.context.meters().count(ForwardMeter.PAUSES)).isPositive();
    assertThat(receiving.context.meters().value(ForwardMeter.UNFINISHED)).isZero();
  }

  @Test
  void withoutMemoryItWaitsAndGoesOn() throws Exception {
    TestContext context = new TestContext(state, 64 * 1024, 1 << 20).flush(Duration.ofMillis(1));
    List<Batch> taken = new ArrayList<>();
    for (Batch each = context.batches().tryOpen();
        each != null;
        each = context.batches().tryOpen()) {
      taken.add(each);
    }
    receiving = new Receiving(context, new TestIntake(context, true));
    try (Sender sender = receiving.connect()) {
      sender.send(
          Frames.packedForward("t", 0, 5000, "a"),
          Frames.payload("t", Frames.gzip(Frames.entries(5000, 5000)), "b"));
      Receiving.await(() -> context.meters().value(ForwardMeter.PAUSED) == 1);
      assertThat(receiving.intake.count()).isZero();
      taken.forEach(context.testBatches()::release);
      assertThat(List.of(sender.ack(), sender.ack())).containsExactly("a", "b");
    }
    assertThat(receiving.intake.count()).isEqualTo(10_000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(receiving.intake.entries().get(i).json()).isEqualTo("{\"n\":" + i + "}");
      if (i % 100 == 0) {
        i += 99;
      }
    }
  }

  @Test
  void aFullPipelineInTheMiddleOfACompressedPayload() throws Exception {
    TestContext context = new TestContext(state, 16 * 1024, 64 << 20).flush(Duration.ofMillis(1));
    receiving = new Receiving(context, new TestIntake(context, true));
    receiving.intake.fill();
    byte[] one = Frames.payload("t", Frames.gzip(Frames.entries(0, 20_000)), "one");
    byte[] two = Frames.payload("t", Frames.zstd(Frames.entries(20_000, 20_000)), "two");
    Sender gone = receiving.connect();
    try (Sender first = receiving.connect();
        Sender second = receiving.connect()) {
      first.send(one);
      Receiving.await(() -> receiving.intake.refusals() > 0);
      gone.send(two);
      second.send(two);
      gone.close();
      for (int round = 1; round < 10; round++) {
        int before = receiving.intake.refusals();
        receiving.intake.makeRoom();
        receiving.intake.fill();
        int now = round;
        Receiving.await(
            () -> receiving.intake.refusals() > before || receiving.intake.count() > now * 100_000);
      }
      receiving.intake.makeRoom();
      assertThat(first.ack()).isEqualTo("one");
      assertThat(second.ack()).isEqualTo("two");
    }
  }

  @Test
  void quiesceTakesWhatWaitsForRoom() throws Exception {
    receiving = Receiving.settling(state);
    receiving.intake.fill();
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.packedForward("t", 0, 100, "a"));
      Receiving.await(() -> receiving.intake.refusals() > 0);
      receiving.input.quiesce();
      assertThat(sender.ack()).isEqualTo("a");
    }
    assertThat(receiving.intake.count()).isEqualTo(100);
  }

  @Test
  void quiesceTakesWhatWaitsForMemory() throws Exception {
    TestContext context = new TestContext(state, 64 * 1024, 1 << 20).flush(Duration.ofMillis(1));
    List<Batch> taken = new ArrayList<>();
    for (Batch each = context.batches().tryOpen();
        each != null;
        each = context.batches().tryOpen()) {
      taken.add(each);
    }
    receiving = new Receiving(context, new TestIntake(context, true));
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.packedForward("t", 0, 1000, null));
      Receiving.await(() -> context.meters().value(ForwardMeter.PAUSED) == 1);
      Thread quiesce =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      receiving.input.quiesce();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  });
      Receiving.await(() -> context.meters().value(ForwardMeter.PAUSED) == 0);
      taken.forEach(context.testBatches()::release);
      quiesce.join();
    }
    assertThat(receiving.intake.count()).isEqualTo(1000);
  }

  @Test
  void largeRecordsOfManySendersTakeTurns() throws Exception {
    receiving = Receiving.settling(state, "buffer_max_size", "2000000");
    String text = "x".repeat(1_500_000);
    byte[] frame =
        Frames.packed(
            p -> {
              p.packArrayHeader(3).packString("t").packArrayHeader(1);
              p.packArrayHeader(2).packLong(1);
              p.packMapHeader(1).packString("log").packString(text);
              Frames.option(p, "c");
            });
    int half = frame.length / 2;
    CountDownLatch go = new CountDownLatch(1);
    List<Sender> senders = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    double most = 0;
    for (int i = 0; i < 20; i++) {
      Sender sender = receiving.connect();
      senders.add(sender);
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      sender.send(Arrays.copyOf(frame, half));
                      go.await();
                      sender.send(Arrays.copyOfRange(frame, half, frame.length));
                    } catch (IOException | InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }));
    }
    Receiving.await(
        () -> receiving.context.meters().value(ForwardMeter.UNFINISHED) > 20 * 64 * 1024);
    go.countDown();
    for (Sender each : senders) {
      assertThat(each.ack()).isEqualTo("c");
      most = Math.max(most, receiving.context.meters().value(ForwardMeter.UNFINISHED));
      each.close();
    }
    assertThat(most).isLessThan(20 * 3 * 64 * 1024 + 4_000_000);
    assertThat(receiving.intake.count()).isEqualTo(20);
    for (Thread each : threads) {
      each.join();
    }
  }

  /** Half of a large record: its sender is let in, and others wait their turn. */
  private static byte[] large(int bytes) {
    return Frames.packed(
        p -> {
          p.packArrayHeader(3).packString("t").packArrayHeader(1);
          p.packArrayHeader(2).packLong(1);
          p.packMapHeader(1).packString("log").packString("x".repeat(bytes));
          Frames.option(p, "c");
        });
  }

  @Test
  void timeWithoutRoomCountsForNobody() throws Exception {
    AtomicLong clock = new AtomicLong(1);
    TestContext context = new TestContext(state).flush(Duration.ofMillis(1));
    receiving =
        new Receiving(
            context,
            new TestIntake(context, true),
            clock::get,
            "buffer_max_size",
            "2000000",
            "net.io_timeout",
            "60s");
    byte[] frame = large(1_500_000);
    int half = frame.length / 2;
    try (Sender inside = receiving.connect();
        Sender waiting = receiving.connect();
        Sender small = receiving.connect()) {
      inside.send(Arrays.copyOf(frame, half));
      Receiving.await(() -> context.meters().value(ForwardMeter.UNFINISHED) >= half);
      waiting.send(Arrays.copyOf(frame, 200_000));
      Receiving.await(() -> context.meters().value(ForwardMeter.UNFINISHED) >= half + 65_536);
      receiving.intake.fill();
      small.send(Frames.message("t", 1, "small"));
      Receiving.await(() -> context.meters().value(ForwardMeter.PAUSED) == 1);
      clock.addAndGet(Duration.ofMinutes(10).toNanos());
      receiving.intake.makeRoom();
      assertThat(small.ack()).isEqualTo("small");
      // Long enough for the lane to look whether anybody takes too long.
      org.awaitility.Awaitility.await()
          .during(Duration.ofMillis(1200))
          .until(() -> receiving.open() == 3);
      inside.send(Arrays.copyOfRange(frame, half, frame.length));
      assertThat(inside.ack()).isEqualTo("c");
      waiting.send(Arrays.copyOfRange(frame, 200_000, frame.length));
      assertThat(waiting.ack()).isEqualTo("c");
    }
  }

  /** One that takes every slab at once that comes free, as a tail with a backlog does. */
  @Test
  void whoWaitsForMemoryTakesTurnsWithThoseWhoWaitAsWell() throws Exception {
    TestContext context = new TestContext(state, 64 * 1024, 1 << 20).flush(Duration.ofMillis(1));
    BlockingQueue<Batch> taken = new LinkedBlockingQueue<>();
    Thread hog =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    while (true) {
                      taken.add(context.batches().open());
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    Receiving.await(() -> hog.getState() == Thread.State.WAITING);
    receiving = new Receiving(context, new TestIntake(context, true));
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.message("t", 1, "c"));
      Receiving.await(() -> context.meters().value(ForwardMeter.PAUSED) == 1);
      for (int i = 0; i < 5; i++) {
        Receiving.await(
            () ->
                context.testBatches().used() > (1 << 20) - 64 * 1024
                    && hog.getState() == Thread.State.WAITING);
        context.testBatches().release(taken.take());
      }
      assertThat(sender.ack()).isEqualTo("c");
    } finally {
      hog.interrupt();
      hog.join();
      taken.forEach(context.testBatches()::release);
    }
  }
}
