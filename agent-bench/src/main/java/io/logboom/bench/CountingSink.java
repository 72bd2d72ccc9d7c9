package io.logboom.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;

/**
 * A sink in Elasticsearch's shape that takes in everything at once and counts it, so that what is
 * measured is the agent and not a backend.
 */
final class CountingSink extends HttpStandIn {
  private static final String ROOT =
      "{\"name\":\"sink\",\"cluster_name\":\"sink\",\"version\":{\"number\":\"8.15.0\","
          + "\"build_flavor\":\"default\"},\"tagline\":\"You Know, for Search\"}";

  private final LongAdder lines = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder requests = new LongAdder();

  CountingSink() throws IOException {
    start("sink");
  }

  /** Documents so far: a bulk request has two lines for each. */
  long records() {
    return lines.sum() / 2;
  }

  /** Bytes of bulk requests so far. */
  long bytes() {
    return bytes.sum();
  }

  /** Bulk requests so far. */
  long requests() {
    return requests.sum();
  }

  @Override
  void body(Request request, byte[] part, int length) {
    int breaks = 0;
    for (int i = 0; i < length; i++) {
      breaks += part[i] == '\n' ? 1 : 0;
    }
    lines.add(breaks);
    bytes.add(length);
  }

  @Override
  void answer(Request request, OutputStream out) throws IOException {
    if (request.target.contains("_bulk")) {
      requests.increment();
      json(out, 200, "{\"took\":1,\"errors\":false,\"items\":[]}");
    } else {
      json(out, 200, request.target.equals("/") ? ROOT : "{\"acknowledged\":true}");
    }
  }
}
