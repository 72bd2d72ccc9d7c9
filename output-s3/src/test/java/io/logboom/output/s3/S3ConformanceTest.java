package io.logboom.output.s3;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/**
 * What uploads have to stand. Staging answers a batch from the disk, so that what outputs owe a
 * batch is what this one owes an object: a send here is a try to upload one. Uploads in parts are
 * {@link PartsFaultsTest}'s.
 */
class S3ConformanceTest extends HttpOutputConformance {
  @TempDir static Path objects;

  @Override
  protected Output create(TestContext context, Target target) throws Exception {
    List<String> options = new ArrayList<>();
    List<String> given = target.options();
    for (int i = 0; i < given.size(); i += 2) {
      switch (given.get(i)) {
        case "host" ->
            options.addAll(
                List.of(
                    "endpoint",
                    (target.authority() == null ? "http://" : "https://")
                        + target.host()
                        + ":"
                        + target.port()));
        case "port" -> {
          // It is in the endpoint.
        }
        default -> options.addAll(given.subList(i, i + 2));
      }
    }
    options.addAll(List.of("bucket", "logs", "log_key", "log", "use_put_object", "on"));
    return new Uploading(
        Binder.bind(S3Config.class, options.toArray(String[]::new)),
        context,
        Files.createTempDirectory(objects, "output"));
  }

  @Override
  protected List<String> lines(Received request) {
    return new String(request.body(), StandardCharsets.UTF_8).lines().toList();
  }

  @Override
  protected void accept(Received request, Line line) throws IOException {
    line.answer(200, "", "ETag: \"e\"");
  }

  /** An object's size is the configuration's: S3 does not ask for smaller ones. */
  @Override
  protected Owed owed(Answer answer) {
    return answer == Answer.TOO_LARGE ? Owed.CANNOT_BE_SAID : super.owed(answer);
  }

  @Override
  protected long heldBytes() {
    return ((PooledByteBufAllocator) EventLoops.allocator()).pinnedDirectMemory();
  }
}
