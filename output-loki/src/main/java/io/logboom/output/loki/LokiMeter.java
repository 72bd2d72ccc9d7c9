package io.logboom.output.loki;

import io.logboom.api.meter.MeterId;

/** The meters of this output. */
enum LokiMeter implements MeterId {
  REQUESTS(
      "loki_requests",
      "",
      "Push requests by the class of their answer (status: 2xx, 4xx, 429, 5xx, other, none)."),
  LINES(
      "loki_lines",
      "",
      "Lines by result (accepted, rejected, expired). Loki gave a reason for the rejected ones;"
          + " expired is older than max_age and was not sent."),
  LABELS_CUT("loki_labels_cut", "", "Labels whose value was cut at 2,048 bytes."),
  HIGH_CARDINALITY(
      "loki_high_cardinality_labels", "", "Labels that have passed 1,000 different values."),
  METADATA_LEFT_OUT(
      "loki_metadata_left_out",
      "",
      "Members of structured metadata that were left out, past 100 of a line or 48 KiB."),
  REPAIRED(
      "loki_repaired",
      "",
      "Lines sent with bytes that are not UTF-8, which stand there as U+FFFD."),
  ENCODED("loki_encoded", "bytes", "Bytes of request bodies before compression."),
  SENT("loki_sent", "bytes", "Bytes of request bodies as sent.");

  private final String metric;
  private final String unit;
  private final String text;

  LokiMeter(String metric, String unit, String text) {
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
