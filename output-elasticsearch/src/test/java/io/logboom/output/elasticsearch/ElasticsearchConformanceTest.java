package io.logboom.output.elasticsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.stream.Collectors;

class ElasticsearchConformanceTest extends HttpOutputConformance {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  protected Output create(TestContext context, Target target) throws Exception {
    List<String> options = target.options("max_request_size", "32M");
    return new ElasticsearchPlugin()
        .create(Binder.bind(ElasticsearchConfig.class, options.toArray(String[]::new)), context);
  }

  /** Every second line is a document. */
  @Override
  protected List<String> lines(Received request) {
    List<String> lines = new ArrayList<>();
    String[] all = request.text().split("\n", -1);
    try {
      for (int i = 1; i < all.length; i += 2) {
        lines.add(JSON.readTree(all[i]).path("log").asText());
      }
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  @Override
  protected void accept(Received request, Line line) throws IOException {
    line.answer(200, "{\"errors\":false}");
  }

  @Override
  protected Owed owed(Answer answer) {
    return switch (answer) {
      case REFUSES_SOME, DEFERS_SOME -> Owed.EACH_ALONE;
      default -> super.owed(answer);
    };
  }

  @Override
  protected void some(Answer how, Predicate<String> taken, Received request, Line line)
      throws IOException {
    String error =
        how == Answer.DEFERS_SOME
            ? "{\"create\":{\"status\":429,\"error\":{\"type\":\"rejected_execution_exception\","
                + "\"reason\":\"queue full\"}}}"
            : "{\"create\":{\"status\":400,\"error\":{\"type\":\"document_parsing_exception\","
                + "\"reason\":\"no\"}}}";
    String items =
        lines(request).stream()
            .map(each -> taken.test(each) ? "{\"create\":{\"status\":201}}" : error)
            .collect(Collectors.joining(",", "[", "]"));
    line.answer(200, "{\"errors\":true,\"items\":" + items + "}");
  }

  @Override
  protected long heldBytes() {
    return ((PooledByteBufAllocator) EventLoops.allocator()).pinnedDirectMemory();
  }
}
