package io.logboom.output.http;

import io.logboom.api.meter.MeterId;

/** The meters of this output. */
enum HttpMeter implements MeterId {
  REQUESTS(
      "http_output_requests",
      "",
      "Requests by the class of their answer (status: 2xx, 4xx, 429, 5xx, other, none)."),
  RECORDS(
      "http_output_records", "", "Records of answered requests by result (accepted, rejected)."),
  REPAIRED(
      "http_output_repaired",
      "",
      "Delivered records with bytes that are not UTF-8, which JSON has as U+FFFD."),
  TOKENS(
      "http_output_tokens", "", "Access tokens that were asked for, by result (fetched, failed)."),
  TOKENS_REFUSED(
      "http_output_tokens_refused", "", "Requests that were answered 401 with an access token."),
  ENCODED("http_output_encoded", "bytes", "Bytes of request bodies before compression."),
  SENT("http_output_sent", "bytes", "Bytes of request bodies as sent.");

  private final String metric;
  private final String unit;
  private final String text;

  HttpMeter(String metric, String unit, String text) {
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
