package io.logboom.input.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Settlement;
import io.logboom.net.stream.Link;
import io.logboom.net.stream.Loop;
import io.logboom.net.stream.Receiver;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lane's connections without sockets: what comes, comes as the test has it. */
final class ConnectionTest {
  @TempDir Path state;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private TestIntake intake;
  private Lane lane;

  private final Loop loop =
      new Loop() {
        @Override
        public void execute(Runnable task) {
          tasks.add(task);
        }

        @Override
        public void after(long nanos, Runnable task) {}
      };

  private final class FakeLink implements Link {
    private boolean reading = true;

    @Override
    public String peer() {
      return "peer";
    }

    @Override
    public @Nullable InetAddress address() {
      return null;
    }

    @Override
    public Loop loop() {
      return loop;
    }

    @Override
    public void reading(boolean on) {
      reading = on;
    }

    @Override
    public long write(byte[] bytes) {
      return 0;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public void abort() {}
  }

  private record Bytes(byte[] all) implements Receiver.Arrived {
    @Override
    public int size() {
      return all.length;
    }

    @Override
    public void copyTo(byte[] target, int at) {
      System.arraycopy(all, 0, target, at, all.length);
    }
  }

  @BeforeEach
  void lane() {
    TestContext context = new TestContext(state);
    intake = new TestIntake(context, false);
    Forward.Rules rules = new Forward.Rules(2_000_000, 10, 1, 1, null, null, null, new Said());
    lane =
        new Lane(
            loop, rules, context, intake, new ForwardCounters(context.meters()), System::nanoTime);
  }

  private Receiver connect(Link link) {
    Receiver connection = Objects.requireNonNull(lane.accept(link));
    connection.opened();
    return connection;
  }

  private WeakReference<Link> sendsAChunkAndEnds() {
    Link link = new FakeLink();
    Receiver connection = connect(link);
    connection.received(new Bytes(Frames.forward("t", 0, 3, "c")));
    lane.gate().seal();
    connection.closed(null);
    return new WeakReference<>(link);
  }

  @Test
  void nothingIsKeptOfAConnectionThatHasEndedBeforeItsRecordsAreSettled() {
    WeakReference<Link> link = sendsAChunkAndEnds();
    assertThat(intake.heldBatches()).isEqualTo(1);
    Receiving.await(
        () -> {
          System.gc();
          return link.get() == null;
        });
    intake.settle(Settlement.AGAIN);
    tasks.forEach(Runnable::run);
  }

  /** TLS may bring more, though nothing is read. */
  @Test
  void whoWaitsToBringALargeUnitDoesNotWaitAnyMoreWhenItHasCome() {
    byte[] frame =
        Frames.packed(
            p -> {
              p.packArrayHeader(2).packString("t").packArrayHeader(1);
              p.packArrayHeader(2).packLong(1);
              p.packMapHeader(1).packString("log").packString("x".repeat(70_000));
            });
    int most = 69_000;
    Receiver inside = connect(new FakeLink());
    inside.received(new Bytes(Arrays.copyOf(frame, most)));
    FakeLink link = new FakeLink();
    Receiver waits = connect(link);
    waits.received(new Bytes(Arrays.copyOf(frame, most)));
    assertThat(link.reading).isFalse();
    waits.received(new Bytes(Arrays.copyOfRange(frame, most, frame.length)));
    assertThat(link.reading).isTrue();
  }
}
