package io.logboom.output.loki;

import io.logboom.api.plugin.Output;
import io.logboom.core.config.Binder;
import io.logboom.net.EventLoops;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import io.logboom.testkit.loki.PushReader;
import io.logboom.testkit.output.Answer;
import io.logboom.testkit.output.HttpOutputConformance;
import io.logboom.testkit.output.Owed;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

class LokiConformanceTest extends HttpOutputConformance {
  @Override
  protected Output create(TestContext context, Target target) throws Exception {
    // Without protobuf, since the suite counts bytes on the wire.
    List<String> options =
        target.options("protobuf", "off", "drop_single_key", "raw", "max_request_size", "32M");
    return new LokiPlugin()
        .create(Binder.bind(LokiConfig.class, options.toArray(String[]::new)), context);
  }

  @Override
  protected List<String> lines(Received request) {
    return PushReader.json(request.body()).stream()
        .flatMap(stream -> stream.entries().stream())
        .map(PushReader.Entry::line)
        .toList();
  }

  @Override
  protected void accept(Received request, Line line) throws IOException {
    line.answer(204, "");
  }

  @Override
  protected Owed owed(Answer answer) {
    return answer == Answer.REFUSES_SOME ? Owed.EACH_ALONE : super.owed(answer);
  }

  /** Loki keeps the others. It names some of those that it refused. */
  @Override
  protected void some(Answer how, Predicate<String> taken, Received request, Line line)
      throws IOException {
    List<String> reasons = new ArrayList<>();
    for (String each : lines(request)) {
      if (!taken.test(each)) {
        reasons.add(
            "Max entry size '1000' bytes exceeded for stream '{job=\"fluent-bit\"}' while adding an"
                + " entry with length '"
                + each.length()
                + "' bytes");
      }
    }
    line.answer(400, reasons.size() + " errors like: " + String.join("; ", reasons));
  }

  @Override
  protected long heldBytes() {
    return ((PooledByteBufAllocator) EventLoops.allocator()).pinnedDirectMemory();
  }
}
