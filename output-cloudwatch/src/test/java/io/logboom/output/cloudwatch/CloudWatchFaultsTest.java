package io.logboom.output.cloudwatch;

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

class CloudWatchFaultsTest extends OutputFaults {
  @Override
  protected Output create(TestContext context, Target target) throws Exception {
    List<String> options =
        new ArrayList<>(
            List.of(
                "region",
                "eu-central-1",
                "endpoint",
                target.host(),
                "port",
                Integer.toString(target.port()),
                "log_group_name",
                "app",
                "log_stream_name",
                "web",
                "net.connect_timeout",
                Long.toString(target.limits().connect().toSeconds()),
                "net.io_timeout",
                Long.toString(target.limits().silence().toSeconds()),
                "net.request_timeout",
                Long.toString(target.limits().total().toSeconds())));
    Path authority = target.authority();
    options.addAll(
        authority == null ? List.of("tls", "off") : List.of("tls.ca_file", authority.toString()));
    return new CloudWatchPlugin()
        .create(Binder.bind(CloudWatchConfig.class, options.toArray(String[]::new)), context);
  }

  @Override
  protected void accept(Received request, Line line) throws IOException {
    line.answer(200, "{\"nextSequenceToken\":\"1\"}", "x-amzn-RequestId: 1");
  }

  @Override
  protected long heldBytes() {
    return ((PooledByteBufAllocator) EventLoops.allocator()).pinnedDirectMemory();
  }
}
