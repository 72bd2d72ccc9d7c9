package io.logboom.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

/** CloudWatch Logs: events by {@code PutLogEvents}, without TLS, which Fluent Bit always wants. */
final class CloudWatchBackend implements Backend {
  @Override
  public String section(Path own, int port, boolean tls) {
    return """
        [OUTPUT]
            Name                cloudwatch_logs
            Match               *
            region              us-east-1
            endpoint            SCHEME://127.0.0.1:PORT
            log_group_name      bench
            log_stream_prefix   node-
            auto_create_group   On
        """
        .replace("SCHEME", tls ? "https" : "http")
        .replace("PORT", Integer.toString(port));
  }

  @Override
  public Map<String, String> environment() {
    return S3Backend.KEYS;
  }

  @Override
  public Counter counter(HttpStandIn.Request request) {
    return isPut(request) ? Counter.of("{\"timestamp\":") : Counter.none();
  }

  private static boolean isPut(HttpStandIn.Request request) {
    return request.header("x-amz-target").endsWith("PutLogEvents");
  }

  @Override
  public void answer(HttpStandIn.Request request, OutputStream out) throws IOException {
    HttpStandIn.answer(
        out,
        "200 OK\r\nx-amzn-RequestId: 1\r\nContent-Type: application/x-amz-json-1.1",
        isPut(request) ? "{\"nextSequenceToken\":\"1\"}" : "{}");
  }
}
