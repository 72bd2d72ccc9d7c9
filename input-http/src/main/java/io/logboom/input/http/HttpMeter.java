package io.logboom.input.http;

import io.logboom.api.meter.MeterId;

/** What the http input measures. */
enum HttpMeter implements MeterId {
  CONNECTIONS("http_connections", Kind.GAUGE, "", "Connections that are open now."),
  ACCEPTED("http_connections_accepted", Kind.COUNTER, "", "Connections taken."),
  CLOSED(
      "http_connections_closed",
      Kind.COUNTER,
      "",
      "Connections ended or refused for a reason of their own: too_many_connections, tls, broken,"
          + " answers_unread, shutdown; or for that of the last request; none for the usual end."),
  REQUESTS("http_requests", Kind.COUNTER, "", "Requests answered, by status."),
  REJECTED(
      "http_requests_rejected",
      Kind.COUNTER,
      "",
      "Requests not taken, by reason: malformed, head_too_large, version, expectation, method,"
          + " unauthorized, content_type, content_encoding, too_large, compression, records, full,"
          + " not_delivered, not_in_time, slow, shutdown, internal."),
  UNDER_WAY("http_requests_under_way", Kind.GAUGE, "", "Requests that wait for their answer."),
  RECEIVED_BYTES("http_received", Kind.COUNTER, "bytes", "Bytes received, before TLS."),
  RECEIVED_RECORDS("http_received", Kind.COUNTER, "records", "Records taken in."),
  MENDED(
      "http_mended",
      Kind.COUNTER,
      "records",
      "Records in which a name stood twice or something was not UTF-8."),
  FAULTS("http_faults", Kind.COUNTER, "", "Defects of the program that the input went on after."),
  PAUSES("http_pauses", Kind.COUNTER, "", "Times that requests began to wait for room."),
  PAUSED("http_paused", Kind.GAUGE, "", "Threads whose requests wait for room now."),
  HELD("http_held", Kind.GAUGE, "bytes", "Memory for requests that are not in batches yet.");

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  HttpMeter(String metric, Kind kind, String unit, String text) {
    this.metric = metric;
    this.kind = kind;
    this.unit = unit;
    this.text = text;
  }

  @Override
  public String metric() {
    return metric;
  }

  @Override
  public Kind kind() {
    return kind;
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
