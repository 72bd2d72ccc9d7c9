package io.logboom.output.forward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.api.plugin.Output;
import io.logboom.core.config.Binder;
import io.logboom.net.EventLoops;
import io.logboom.output.forward.FakeServer.Entry;
import io.logboom.output.forward.FakeServer.Frame;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.output.Answer;
import io.logboom.testkit.output.Arrival;
import io.logboom.testkit.output.OutputConformance;
import io.logboom.testkit.output.Owed;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/**
 * The protocol knows one answer, the acknowledgement, and one way to say no, which is not to give
 * it.
 */
class ForwardConformanceTest extends OutputConformance {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  protected Output create(TestContext context, Target target) throws Exception {
    List<String> options =
        target.options(
            "max_frame_size",
            "32M",
            "ack_response_timeout",
            Long.toString(target.limits().silence().toSeconds()));
    return new ForwardPlugin()
        .create(Binder.bind(ForwardConfig.class, options.toArray(String[]::new)), context);
  }

  @Override
  protected ScriptedServer listen(int port, Arrival.Conduct conduct, @Nullable SSLContext tls)
      throws IOException {
    ScriptedServer server = ScriptedServer.on(port, (_, _) -> {}, tls, false);
    AtomicInteger connections = new AtomicInteger();
    server.bare(
        (in, line) -> {
          int number = connections.getAndIncrement();
          try (MessageUnpacker frames = MessagePack.newDefaultUnpacker(in)) {
            while (frames.hasNext()) {
              Frame frame = FakeServer.frame(frames.unpackValue().asArrayValue());
              conduct.play(new FrameArrival(number, frame, line));
            }
          }
        });
    return server;
  }

  private record FrameArrival(int connection, Frame frame, Line line) implements Arrival {
    @Override
    public List<String> lines() {
      return frame.entries().stream().map(ForwardConformanceTest::log).toList();
    }

    @Override
    public void accept() throws IOException {
      line.raw(
          FakeServer.packed(p -> p.packMapHeader(1).packString("ack").packString(frame.chunk())));
    }

    @Override
    public void answer(Answer how, Predicate<String> taken) throws IOException {
      if (lines().stream().allMatch(taken)) {
        accept();
      }
    }
  }

  private static String log(Entry entry) {
    try {
      return JSON.readTree(entry.json()).path("log").asText();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Owed owed(Answer answer) {
    return answer == Answer.DEFERS_SOME ? Owed.EACH_ALONE : Owed.CANNOT_BE_SAID;
  }

  /** The beginning of a map with "ack" and a long text. */
  @Override
  protected byte[] firstBytesOfAnAnswer() {
    return new byte[] {(byte) 0x81, (byte) 0xa3, 'a', 'c', 'k', (byte) 0xdb, 0x7f, 0, 0, 0};
  }

  @Override
  protected long heldBytes() {
    return ((PooledByteBufAllocator) EventLoops.allocator()).pinnedDirectMemory();
  }
}
