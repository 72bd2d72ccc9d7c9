package io.logboom.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Loki: entries by its push API, as JSON or as protobuf with snappy. */
final class LokiBackend implements Backend {
  @Override
  public String section(Path own, int port, boolean tls) {
    return """
        [OUTPUT]
            Name                loki
            Match               *
            Host                127.0.0.1
            Port                PORT
            Labels              job=bench, namespace=$kubernetes['namespace_name'], pod=$kubernetes['pod_name'], container=$kubernetes['container_name']
            Line_Format         json
        """
        .replace("PORT", Integer.toString(port));
  }

  @Override
  public Counter counter(HttpStandIn.Request request) {
    // Each entry begins with its time in nanoseconds, as a string; in a line quotes are escaped.
    return request.header("content-type").contains("json")
        ? Counter.of("[\"1")
        : Counter.pushRequest();
  }

  @Override
  public void answer(HttpStandIn.Request request, OutputStream out) throws IOException {
    HttpStandIn.answer(out, "204 No Content", "");
  }
}
