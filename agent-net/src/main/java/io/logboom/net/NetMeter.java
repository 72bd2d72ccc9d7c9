package io.logboom.net;

import io.logboom.api.meter.MeterId;

/** The meters of outgoing connections. */
public enum NetMeter implements MeterId {
  CONNECTIONS_OPEN("net_connections_open", Kind.GAUGE, "", "Connections that are open now."),
  CONNECTS("net_connects", Kind.COUNTER, "", "Connections that were made."),
  CONNECTION_REUSES(
      "net_connection_reuses", Kind.COUNTER, "", "Uses of a connection that had served before."),
  CONNECT_FAILURES(
      "net_connect_failures",
      Kind.COUNTER,
      "",
      "Connections that could not be made, by kind: dns (no address), connect (refused,"
          + " unreachable), timeout, proxy (it did not open the way), tls."),
  DNS_FAILURES(
      "net_dns_failures", Kind.COUNTER, "", "Look-ups of a host's name that brought no address."),
  STALE_CONNECTIONS(
      "net_stale_connections",
      Kind.COUNTER,
      "",
      "Kept connections that the peer had closed and that were replaced without a visible retry."),
  BROKEN_CONNECTIONS(
      "net_broken_connections",
      Kind.COUNTER,
      "",
      "New connections that ended or broke before all was answered."),
  IO_TIMEOUTS(
      "net_io_timeouts",
      Kind.COUNTER,
      "",
      "Exchanges given up because the peer was silent or slow too long."),
  SENT(
      "net_sent",
      Kind.COUNTER,
      "bytes",
      "What was written to connections, TLS and requests to a proxy included."),
  RECEIVED("net_received", Kind.COUNTER, "bytes", "What was read from connections.");

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  NetMeter(String metric, Kind kind, String unit, String text) {
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
