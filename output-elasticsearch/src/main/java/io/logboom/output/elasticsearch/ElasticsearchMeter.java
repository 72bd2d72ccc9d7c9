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
      "Items of answered requests by result (created, conflict, retried, rejected). A conflict is a"
          + " document that is there already."),
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
