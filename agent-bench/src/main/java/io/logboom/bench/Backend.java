package io.logboom.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a {@link CountingSink} stands in for: how an agent is told of it, what is a record in its
 * requests, and what it answers.
 */
interface Backend {
  /** By the name of the output that writes to it. */
  static Backend of(String output) {
    return switch (output) {
      case "es" -> new ElasticsearchBackend();
      case "loki" -> new LokiBackend();
      case "s3" -> new S3Backend();
      case "cloudwatch_logs" -> new CloudWatchBackend();
      case "http" -> new HttpBackend();
      default ->
          throw new IllegalArgumentException(
              "--output takes es, loki, s3, cloudwatch_logs or http, not " + output);
    };
  }

  /**
   * The output's section in Fluent Bit's classic form.
   *
   * @param own where the agent may keep what it stages
   * @param tls whether the sink speaks TLS; the options of that are added
   */
  String section(Path own, int port, boolean tls);

  /** What the agent needs in its environment. */
  default Map<String, String> environment() {
    return Map.of();
  }

  /** Counts what one request holds. */
  Counter counter(HttpStandIn.Request request);

  /** How many of what is counted make one record. */
  default int marksPerRecord() {
    return 1;
  }

  void answer(HttpStandIn.Request request, OutputStream out) throws IOException;
}
