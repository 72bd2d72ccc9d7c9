package io.logboom.output.loki;

import io.logboom.api.plugin.Output;
import io.logboom.core.config.Binder;
import io.logboom.net.EventLoops;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import io.logboom.testkit.output.OutputFaults;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class LokiFaultsTest extends OutputFaults {
  @Override
  protected Output create(TestContext context, Target target) throws Exception {
    List<String> options =
        new ArrayList<>(
            List.of(
                "host",
                target.host(),
                "port",
                Integer.toString(target.port()),
                // The faults count bytes on the wire.
                "protobuf",
                "off",
                "max_request_size",
                "32M",
                "net.connect_timeout",
                Long.toString(target.limits().connect().toSeconds()),
                "net.io_timeout",
                Long.toString(target.limits().silence().toSeconds()),
                "net.request_timeout",
                Long.toString(target.limits().total().toSeconds())));
    Path authority = target.authority();
    if (authority != null) {
      options.addAll(List.of("tls", "on", "tls.ca_file", authority.toString()));
    }
    return new LokiPlugin()
        .create(Binder.bind(LokiConfig.class, options.toArray(String[]::new)), context);
  }

  @Override
  protected void accept(Received request, Line line) throws IOException {
    line.answer(204, "");
  }

  @Override
  protected long heldBytes() {
    return ((PooledByteBufAllocator) EventLoops.allocator()).pinnedDirectMemory();
  }
}
