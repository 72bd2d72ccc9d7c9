package io.logboom.output.http;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

class HttpConformanceTest extends HttpOutputConformance {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  protected Output create(TestContext context, Target target) throws Exception {
    List<String> options = target.options("max_request_size", "32M");
    return new HttpPlugin()
        .create(Binder.bind(HttpConfig.class, options.toArray(String[]::new)), context);
  }

  @Override
  protected List<String> lines(Received request) {
    List<String> lines = new ArrayList<>();
    try {
      for (JsonNode each : JSON.readTree(request.body())) {
        lines.add(each.path("log").asText());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  @Override
  protected void accept(Received request, Line line) throws IOException {
    line.answer(201, "");
  }

  @Override
  protected boolean readsAnswers() {
    return false;
  }

  @Override
  protected Owed owed(Answer answer) {
    return answer == Answer.REFUSES_SOME ? Owed.EACH_ALONE : super.owed(answer);
  }

  /** One bad record, and nothing of the request is kept. */
  @Override
  protected void some(Answer how, Predicate<String> taken, Received request, Line line)
      throws IOException {
    line.answer(400, "a record is no good");
  }

  @Override
  protected long heldBytes() {
    return ((PooledByteBufAllocator) EventLoops.allocator()).pinnedDirectMemory();
  }
}
