package io.logboom.output.cloudwatch;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.api.plugin.Output;
import io.logboom.core.config.Binder;
import io.logboom.net.EventLoops;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import io.logboom.testkit.output.Answer;
import io.logboom.testkit.output.HttpOutputConformance;
import io.logboom.testkit.output.Owed;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

class CloudWatchConformanceTest extends HttpOutputConformance {
  @Override
  protected Output create(TestContext context, Target target) throws Exception {
    List<String> options =
        target.options(
            "region",
            "eu-central-1",
            "log_group_name",
            "app",
            "log_stream_name",
            "web",
            "log_key",
            "log");
    options.set(options.indexOf("host"), "endpoint");
    if (target.authority() == null) {
      options.addAll(List.of("tls", "off"));
    }
    return new CloudWatchPlugin()
        .create(Binder.bind(CloudWatchConfig.class, options.toArray(String[]::new)), context);
  }

  @Override
  protected List<String> lines(Received request) {
    List<String> lines = new ArrayList<>();
    try {
      new ObjectMapper()
          .readTree(request.body())
          .path("logEvents")
          .forEach(event -> lines.add(event.path("message").asText()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return lines;
  }

  @Override
  protected void accept(Received request, Line line) throws IOException {
    line.answer(200, "{\"nextSequenceToken\":\"1\"}", "x-amzn-RequestId: 1");
  }

  @Override
  protected Owed owed(Answer answer) {
    return answer == Answer.REFUSES_SOME ? Owed.EACH_ALONE : super.owed(answer);
  }

  /** The oldest are too old; the others are kept. */
  @Override
  protected void some(Answer how, Predicate<String> taken, Received request, Line line)
      throws IOException {
    int old = 0;
    for (String each : lines(request)) {
      old += taken.test(each) ? 0 : 1;
    }
    line.answer(
        200,
        "{\"rejectedLogEventsInfo\":{\"tooOldLogEventEndIndex\":" + old + "}}",
        "x-amzn-RequestId: 1");
  }

  @Override
  protected long heldBytes() {
    return ((PooledByteBufAllocator) EventLoops.allocator()).pinnedDirectMemory();
  }
}
