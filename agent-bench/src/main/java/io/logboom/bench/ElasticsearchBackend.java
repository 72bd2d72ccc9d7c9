package io.logboom.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Elasticsearch: documents by {@code _bulk}. */
final class ElasticsearchBackend implements Backend {
  private static final String ROOT =
      "{\"name\":\"sink\",\"cluster_name\":\"sink\",\"version\":{\"number\":\"8.15.0\","
          + "\"build_flavor\":\"default\"},\"tagline\":\"You Know, for Search\"}";

  @Override
  public String section(Path own, int port, boolean tls) {
    return """
        [OUTPUT]
            Name                es
            Match               *
            Host                127.0.0.1
            Port                PORT
            Logstash_Format     On
            Logstash_Prefix     logs
            Suppress_Type_Name  On
        """
        .replace("PORT", Integer.toString(port));
  }

  @Override
  public Counter counter(HttpStandIn.Request request) {
    return Counter.of("\n");
  }

  /** An action and a document. */
  @Override
  public int marksPerRecord() {
    return 2;
  }

  @Override
  public void answer(HttpStandIn.Request request, OutputStream out) throws IOException {
    if (request.target.contains("_bulk")) {
      HttpStandIn.json(out, 200, "{\"took\":1,\"errors\":false,\"items\":[]}");
    } else {
      HttpStandIn.json(out, 200, request.target.equals("/") ? ROOT : "{\"acknowledged\":true}");
    }
  }
}
