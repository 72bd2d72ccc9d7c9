package io.logboom.net;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import java.util.function.DoubleSupplier;

/** A client's counts of its connections, the same for every protocol. */
public final class NetCounters {
  private final Meters meters;
  private final Counter connects;
  private final Counter reuses;
  private final Counter stale;
  private final Counter broken;
  private final Counter timeouts;
  private final Counter dns;
  private final Counter noAddress;
  private final Counter refused;
  private final Counter late;
  private final Counter proxy;
  private final Counter tls;
  private final Counter sent;
  private final Counter received;

  /** Why a connection could not be made. */
  public enum Unmade {
    DNS,
    CONNECT,
    TIMEOUT,
    PROXY,
    TLS
  }

  public NetCounters(Meters meters) {
    this.meters = meters;
    connects = meters.counter(NetMeter.CONNECTS);
    reuses = meters.counter(NetMeter.CONNECTION_REUSES);
    stale = meters.counter(NetMeter.STALE_CONNECTIONS);
    broken = meters.counter(NetMeter.BROKEN_CONNECTIONS);
    timeouts = meters.counter(NetMeter.IO_TIMEOUTS);
    dns = meters.counter(NetMeter.DNS_FAILURES);
    noAddress = meters.counter(NetMeter.CONNECT_FAILURES, "kind", "dns");
    refused = meters.counter(NetMeter.CONNECT_FAILURES, "kind", "connect");
    late = meters.counter(NetMeter.CONNECT_FAILURES, "kind", "timeout");
    proxy = meters.counter(NetMeter.CONNECT_FAILURES, "kind", "proxy");
    tls = meters.counter(NetMeter.CONNECT_FAILURES, "kind", "tls");
    sent = meters.counter(NetMeter.SENT);
    received = meters.counter(NetMeter.RECEIVED);
  }

  /** Shows how many connections are open, until {@link #close}. */
  public void open(DoubleSupplier count) {
    meters.gauge(NetMeter.CONNECTIONS_OPEN, count);
  }

  public void close() {
    meters.remove(NetMeter.CONNECTIONS_OPEN);
  }

  /** Look-ups that failed. */
  public Counter dnsFailures() {
    return dns;
  }

  public void connected() {
    connects.add(1);
  }

  public void unmade(Unmade why) {
    (switch (why) {
          case DNS -> noAddress;
          case CONNECT -> refused;
          case TIMEOUT -> late;
          case PROXY -> proxy;
          case TLS -> tls;
        })
        .add(1);
  }

  /** A kept connection is used again. */
  public void reused() {
    reuses.add(1);
  }

  /** A kept connection had been closed by the peer. */
  public void stale() {
    stale.add(1);
  }

  /** A new connection ended too early. */
  public void broken() {
    broken.add(1);
  }

  /** The peer was silent too long. */
  public void timedOut() {
    timeouts.add(1);
  }

  public void sent(long bytes) {
    sent.add(bytes);
  }

  public void received(long bytes) {
    received.add(bytes);
  }
}
