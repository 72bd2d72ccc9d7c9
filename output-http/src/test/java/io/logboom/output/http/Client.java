package io.logboom.output.http;

import io.logboom.api.plugin.Outcome;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.ScriptedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An {@code http} output, its context, and a server that takes all until told otherwise. */
final class Client implements AutoCloseable {
  final TestContext context = new TestContext(Path.of("unused"));
  final ScriptedServer server;
  final Http output;

  Client(String... options) throws Exception {
    this(InstantSource.system(), options);
  }

  Client(InstantSource clock, String... options) throws Exception {
    context.clock(clock);
    server = ScriptedServer.start((_, line) -> line.answer(200, "ok"));
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("port", Integer.toString(server.port())));
    output =
        (Http)
            new HttpPlugin()
                .create(Binder.bind(HttpConfig.class, all.toArray(String[]::new)), context);
  }

  Records records() {
    return new Records(context);
  }

  Outcome send(Records... records) throws InterruptedException {
    return output.send(Arrays.stream(records).map(Records::batch).toList());
  }

  ScriptedServer.Received received() {
    return server.received().getFirst();
  }

  long count(HttpMeter meter, String... labels) {
    return context.meters().count(meter, labels);
  }

  @Override
  public void close() throws IOException {
    output.close();
    server.close();
    if (!server.complaints().isEmpty()) {
      throw new AssertionError(server.complaints().toString());
    }
  }
}
