package io.logboom.output.elasticsearch;

import io.logboom.api.meter.MeterId;

/** The meters of this output. */
enum ElasticsearchMeter implements MeterId {
  REQUESTS(
      "elasticsearch_requests",
      "",
      "Bulk requests by the class of their answer (status: 2xx, 4xx, 429, 5xx, other, none)."),
  ITEMS(
      "elasticsearch_items",
      "",
      "Items of answered requests by result (created, conflict, retried, clashed, rejected). A"
          + " conflict is a document that is there already; clashed is refused for the type of a"
          + " field and sent again without it."),
  MOVED_ASIDE(
      "elasticsearch_moved_aside",
      "",
      "Documents that were taken after a field whose type clashed was moved aside."),
  REPAIRED(
      "elasticsearch_repaired",
      "",
      "Delivered records with bytes that are not UTF-8, which the document has as U+FFFD."),
  ENCODED("elasticsearch_encoded", "bytes", "Bytes of request bodies before compression."),
  SENT("elasticsearch_sent", "bytes", "Bytes of request bodies as sent.");

  private final String metric;
  private final String unit;
  private final String text;

  ElasticsearchMeter(String metric, String unit, String text) {
    this.metric = metric;
    this.unit = unit;
    this.text = text;
  }

  @Override
  public String metric() {
    return metric;
  }

  @Override
  public Kind kind() {
    return Kind.COUNTER;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public String text() {
    return text;
  }
}
