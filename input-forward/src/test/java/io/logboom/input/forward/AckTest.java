package io.logboom.input.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Settlement;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chunk is acknowledged when all of its records are done, and only then. */
final class AckTest {
  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void nothingLeaks() throws Exception {
    receiving.close();
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  @Test
  void anAckWaitsForTheSettlement() throws Exception {
    receiving = Receiving.holding(state);
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.packedForward("t", 0, 10, "chunk-1"));
      receiving.await(10);
      assertThat(sender.hasAnswer()).isFalse();
      assertThat(receiving.context.meters().count(ForwardMeter.ACKS)).isZero();
      receiving.intake.settle(Settlement.DONE);
      assertThat(sender.ack()).isEqualTo("chunk-1");
      assertThat(receiving.context.meters().count(ForwardMeter.ACKS)).isEqualTo(1);
    }
  }

  /** Slabs so small that a chunk is in several of them. */
  private Receiving small(boolean settle) throws Exception {
    TestContext context = new TestContext(state, 4096, 64 << 20).flush(Duration.ofMillis(1));
    return new Receiving(context, new TestIntake(context, settle));
  }

  @Test
  void anAckWaitsForAllBatchesThatTheChunkIsIn() throws Exception {
    receiving = small(false);
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.packedForward("t", 0, 2000, "big"));
      receiving.await(2000);
      int batches = receiving.intake.heldBatches();
      assertThat(batches).isGreaterThan(3);
      for (int left = batches; left > 1; left--) {
        receiving.intake.settleOne(left - 1, Settlement.DONE);
      }
      assertThat(sender.hasAnswer()).isFalse();
      receiving.intake.settleOne(0, Settlement.DONE);
      assertThat(sender.ack()).isEqualTo("big");
    }
  }

  @Test
  void whatIsToComeAgainIsNotAcknowledgedAndEndsTheConnection() throws Exception {
    receiving = small(false);
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.packedForward("t", 0, 2000, "big"));
      receiving.await(2000);
      receiving.intake.settleOne(1, Settlement.AGAIN);
      receiving.intake.settle(Settlement.DONE);
      assertThat(sender.isClosed()).isTrue();
    }
    assertThat(receiving.context.meters().count(ForwardMeter.ACKS)).isZero();
    assertThat(receiving.context.meters().count(ForwardMeter.NOT_ACKED)).isEqualTo(1);
    assertThat(receiving.closed(Fault.NOT_DELIVERED)).isEqualTo(1);
  }

  @Test
  void aBatchWithRecordsOfSeveralSendersTellsEachOfThem() throws Exception {
    receiving = Receiving.holding(state, "workers", "1");
    try (Sender one = receiving.connect();
        Sender two = receiving.connect();
        Sender plain = receiving.connect()) {
      one.send(Frames.message("t", 1, "one"));
      two.send(Frames.forward("t", 2, 3, "two"));
      plain.send(Frames.forward("t", 5, 3, null), Frames.message("t", 8, null));
      receiving.await(8);
      receiving.intake.settle(Settlement.AGAIN);
      assertThat(one.isClosed()).isTrue();
      assertThat(two.isClosed()).isTrue();
      Receiving.await(() -> receiving.context.meters().count(ForwardMeter.LOST) == 4);
      plain.send(Frames.message("t", 9, "still here"));
      receiving.await(9);
      receiving.intake.settle(Settlement.DONE);
      assertThat(plain.ack()).isEqualTo("still here");
    }
  }

  @Test
  void withoutAChunkNothingIsAnswered() throws Exception {
    receiving = Receiving.settling(state);
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.forward("t", 0, 3, null), Frames.message("t", 3, "c"));
      assertThat(sender.ack()).isEqualTo("c");
      assertThat(receiving.intake.count()).isEqualTo(4);
      assertThat(sender.hasAnswer()).isFalse();
    }
  }

  @Test
  void theIdComesBackAsItWasEncoded() throws Exception {
    receiving = Receiving.settling(state);
    byte[] id = {(byte) 0xFF, 0, 7};
    byte[] frame =
        Frames.packed(
            p -> {
              p.packArrayHeader(4).packString("t").packLong(1);
              Frames.record(p, 1);
              p.packMapHeader(1).packString("chunk");
              p.packBinaryHeader(3).writePayload(id);
            });
    try (Sender sender = receiving.connect()) {
      sender.send(frame);
      var ack = sender.answer().asMapValue().entrySet().iterator().next();
      assertThat(ack.getKey().asStringValue().asString()).isEqualTo("ack");
      assertThat(ack.getValue().asBinaryValue().asByteArray()).isEqualTo(id);
    }
  }

  @Test
  void longIdsOfWhatIsUnderWayCountTowardsTheBudget() throws Exception {
    receiving = Receiving.holding(state);
    byte[][] frames = new byte[100][];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = Frames.message("t", i, i + "x".repeat(900));
    }
    try (Sender sender = receiving.connect()) {
      sender.send(frames);
      receiving.await(100);
      long slabs = 256L * 1024 * receiving.intake.heldBatches();
      assertThat(receiving.context.testBatches().used()).isGreaterThan(slabs + 100 * 900);
      receiving.intake.settle(Settlement.DONE);
      for (int i = 0; i < frames.length; i++) {
        assertThat(sender.ack()).startsWith("" + i);
      }
    }
    Receiving.await(() -> receiving.context.testBatches().used() <= 256 * 1024);
  }

  @Test
  void manyChunksOverManyConnectionsAreEachAcknowledgedOnce() throws Exception {
    receiving = Receiving.settling(state, "workers", "2");
    int connections = 50;
    int chunks = 40;
    Sender[] senders = new Sender[connections];
    for (int s = 0; s < connections; s++) {
      senders[s] = receiving.connect();
    }
    for (int c = 0; c < chunks; c++) {
      for (int s = 0; s < connections; s++) {
        senders[s].send(Frames.packedForward("t", 0, 5, s + "/" + c));
      }
    }
    for (int s = 0; s < connections; s++) {
      Set<String> acks = new HashSet<>();
      for (int c = 0; c < chunks; c++) {
        acks.add(senders[s].ack());
      }
      assertThat(acks).hasSize(chunks);
      assertThat(acks).allMatch(new java.util.HashSet<>(expected(s, chunks))::contains);
      senders[s].close();
    }
    assertThat(receiving.intake.count()).isEqualTo(connections * chunks * 5);
  }

  private static Set<String> expected(int sender, int chunks) {
    Set<String> all = new HashSet<>();
    for (int c = 0; c < chunks; c++) {
      all.add(sender + "/" + c);
    }
    return all;
  }

  @Test
  void acksStillGoOutAfterQuiesce() throws Exception {
    receiving = Receiving.holding(state);
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.packedForward("t", 0, 10, "last"));
      receiving.await(10);
      receiving.input.quiesce();
      receiving.intake.settle(Settlement.DONE);
      assertThat(sender.ack()).isEqualTo("last");
      receiving.input.close();
      assertThat(sender.isClosed()).isTrue();
    }
    assertThat(receiving.closed(Fault.SHUTDOWN)).isEqualTo(1);
  }

  @Test
  void whoDoesNotReadAcknowledgementsIsNotFedFurther() throws Exception {
    receiving = Receiving.settling(state);
    String id = "x".repeat(1000);
    byte[] frame = Frames.forward("t", 0, 0, id);
    byte[] many = new byte[frame.length * 100];
    for (int i = 0; i < 100; i++) {
      System.arraycopy(frame, 0, many, i * frame.length, frame.length);
    }
    try (Sender sender = receiving.connect()) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    sender.send(many);
                  }
                } catch (java.io.IOException e) {
                  // Closed, as it should be.
                }
              });
      Receiving.await(() -> receiving.closed(Fault.ACKS_UNREAD) == 1);
      Receiving.await(() -> receiving.open() == 0);
    }
  }
}
