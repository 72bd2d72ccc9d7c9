package io.logboom.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Any server that takes JSON lines by POST. */
final class HttpBackend implements Backend {
  @Override
  public String section(Path own, int port, boolean tls) {
    return """
        [OUTPUT]
            Name                http
            Match               *
            Host                127.0.0.1
            Port                PORT
            Uri                 /logs
            Format              json_lines
        """
        .replace("PORT", Integer.toString(port));
  }

  @Override
  public Counter counter(HttpStandIn.Request request) {
    return Counter.of("\n");
  }

  @Override
  public void answer(HttpStandIn.Request request, OutputStream out) throws IOException {
    HttpStandIn.json(out, 200, "{}");
  }
}
