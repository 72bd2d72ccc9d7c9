package io.logboom.net;

import io.logboom.api.meter.MeterId;

/** The meters of outgoing connections. */
public enum NetMeter implements MeterId {
  CONNECTIONS_OPEN("net_connections_open", Kind.GAUGE, "Connections that are open now."),
  CONNECTS("net_connects", Kind.COUNTER, "Connections that were made."),
  CONNECT_FAILURES(
      "net_connect_failures", Kind.COUNTER, "Connections that could not be made, TLS included."),
  DNS_FAILURES("net_dns_failures", Kind.COUNTER, "Host names that could not be resolved."),
  STALE_CONNECTIONS(
      "net_stale_connections",
      Kind.COUNTER,
      "Kept connections that the peer had closed and that were replaced without a visible retry."),
  IO_TIMEOUTS(
      "net_io_timeouts",
      Kind.COUNTER,
      "Exchanges given up because the peer was silent or slow too long.");

  private final String metric;
  private final Kind kind;
  private final String text;

  NetMeter(String metric, Kind kind, String text) {
    this.metric = metric;
    this.kind = kind;
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
    return "";
  }

  @Override
  public String text() {
    return text;
  }
}
