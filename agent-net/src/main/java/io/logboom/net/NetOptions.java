package io.logboom.net;

import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.net.tls.ProxyTlsOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How connections are made and kept: the {@code net.*} options of outputs. */
public record NetOptions(
    @Option(
            name = "net.connect_timeout",
            text = "How long making a connection may take, TLS handshake included.",
            preset = "10s",
            min = "1s")
        Duration connectTimeout,
    @Option(
            name = "net.io_timeout",
            text =
                "How long the peer may be silent in the middle of a request before it is given up"
                    + " and tried again. 0 waits for ever, as Fluent Bit does by default.",
            preset = "90s")
        Duration ioTimeout,
    @Option(
            name = "net.request_timeout",
            text =
                "How long a request and its answer may take in all before they are given up and"
                    + " tried again, for a peer that is never silent and never done. 0 for no"
                    + " limit.",
            preset = "5m")
        Duration requestTimeout,
    @Option(
            name = "net.source_address",
            text = "The local address that connections are made from. By default any.")
        @Nullable String sourceAddress,
    @Option(
            name = "net.keepalive",
            text = "Whether connections are kept for the next request.",
            preset = "true")
        boolean keepalive,
    @Option(
            name = "net.keepalive_idle_timeout",
            text =
                "How long a kept connection may be idle before it is closed. Less than what load"
                    + " balancers between allow.",
            preset = "30s",
            min = "1s")
        Duration keepaliveIdleTimeout,
    @Option(
            name = "net.keepalive_max_recycle",
            text = "After how many requests a kept connection is replaced; 0 for never.",
            preset = "2000",
            min = "0")
        int keepaliveMaxRecycle,
    @Option(
            name = "net.max_worker_connections",
            text = "The most connections at once; 0 for as many as there are workers.",
            preset = "0",
            min = "0")
        int maxWorkerConnections,
    @Option(
            name = "net.proxy_env_ignore",
            text =
                "Whether HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment have no effect on"
                    + " this output. They have none in any case on what does not speak HTTP.",
            preset = "false")
        boolean proxyEnvIgnore,
    @Options(text = "TLS with a proxy", prefix = "tls.proxy.") ProxyTlsOptions proxyTls,
    @Options(text = "TCP keepalive") Probes probes,
    @Options(text = "Names and addresses") Dns dns,
    @Options(text = "Accepted for compatibility") Compatible compatible) {

  /** How the kernel finds out that nobody is at a connection's other end any more. */
  public record Probes(
      @Option(
              name = "net.tcp_keepalive",
              text = "Whether the kernel probes connections that are silent (SO_KEEPALIVE).",
              preset = "false")
          boolean on,
      @Option(
              name = "net.tcp_keepalive_time",
              text =
                  "After how many seconds of silence the first probe goes (TCP_KEEPIDLE). -1 for"
                      + " what the system has.",
              preset = "-1",
              min = "-1",
              max = "32767")
          int time,
      @Option(
              name = "net.tcp_keepalive_interval",
              text =
                  "How many seconds apart probes are that are not answered (TCP_KEEPINTVL). -1 for"
                      + " what the system has.",
              preset = "-1",
              min = "-1",
              max = "32767")
          int interval,
      @Option(
              name = "net.tcp_keepalive_probes",
              text =
                  "After how many probes without an answer the connection is dead (TCP_KEEPCNT). -1"
                      + " for what the system has.",
              preset = "-1",
              min = "-1",
              max = "127")
          int count) {
    /** None. */
    public static final Probes OFF = new Probes(false, -1, -1, -1);
  }

  /** How names become addresses. */
  public record Dns(
      @Option(
              name = "net.dns.prefer_ipv4",
              text =
                  "Whether IPv4 addresses of a name are used as long as one of them can be"
                      + " reached.",
              preset = "false")
          boolean preferIpv4,
      @Option(
              name = "net.dns.prefer_ipv6",
              text =
                  "Whether IPv6 addresses of a name are used as long as one of them can be"
                      + " reached.",
              preset = "false")
          boolean preferIpv6,
      @Option(
              name = "net.dns.refresh",
              text =
                  "How old what is known of a name in use may be before it is looked up again, in"
                      + " the background. New addresses are used from then on, and those that are"
                      + " gone are not.",
              preset = "5s",
              min = "1s")
          Duration refresh) {
    /** No preference. */
    public static final Dns DEFAULT = new Dns(false, false, Duration.ofSeconds(5));
  }

  /** Options of Fluent Bit that change nothing here. */
  public record Compatible(
      @Option(
              name = "net.connect_timeout_log_error",
              text = "Has no effect: a failed connection is always told, once.",
              preset = "true")
          boolean connectTimeoutLogError,
      @Option(
              name = "net.dns.mode",
              text = "Has no effect: names are resolved apart from the I/O thread in any case.")
          @Nullable String dnsMode,
      @Option(
              name = "net.dns.resolver",
              text = "Has no effect: names are resolved by the system's resolver.")
          @Nullable String dnsResolver) {}

  /** The defaults, for clients that no user configures; without a proxy. */
  public static NetOptions defaults() {
    return new NetOptions(
        Duration.ofSeconds(10),
        Duration.ofSeconds(90),
        Duration.ofMinutes(5),
        null,
        true,
        Duration.ofSeconds(30),
        2000,
        0,
        true,
        ProxyTlsOptions.DEFAULT,
        Probes.OFF,
        Dns.DEFAULT,
        new Compatible(true, null, null));
  }

  /** These options with another limit for a whole exchange. */
  public NetOptions withRequestTimeout(Duration total) {
    return with(connectTimeout, ioTimeout, total, keepaliveIdleTimeout, proxyTls);
  }

  /** These options with other time-outs. */
  public NetOptions withTimeouts(Duration connect, Duration io, Duration idle) {
    return with(connect, io, requestTimeout, idle, proxyTls);
  }

  /** These options with other ones for TLS with a proxy. */
  public NetOptions withProxyTls(ProxyTlsOptions tls) {
    return with(connectTimeout, ioTimeout, requestTimeout, keepaliveIdleTimeout, tls);
  }

  private NetOptions with(
      Duration connect, Duration io, Duration total, Duration idle, ProxyTlsOptions toProxy) {
    return new NetOptions(
        connect,
        io,
        total,
        sourceAddress,
        keepalive,
        idle,
        keepaliveMaxRecycle,
        maxWorkerConnections,
        proxyEnvIgnore,
        toProxy,
        probes,
        dns,
        compatible);
  }
}
