package io.logboom.net;

import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
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
            name = "net.tcp_keepalive",
            text = "Whether the kernel probes connections that are silent (SO_KEEPALIVE).",
            preset = "false")
        boolean tcpKeepalive,
    @Options(text = "Names and addresses") Dns dns,
    @Options(text = "Accepted for compatibility") Compatible compatible) {

  /** How names become addresses. */
  public record Dns(
      @Option(
              name = "net.dns.prefer_ipv4",
              text = "Whether IPv4 addresses of a name are tried first.",
              preset = "false")
          boolean preferIpv4,
      @Option(
              name = "net.dns.prefer_ipv6",
              text = "Whether IPv6 addresses of a name are tried first.",
              preset = "false")
          boolean preferIpv6) {}

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
          @Nullable String dnsResolver,
      @Option(
              name = "net.proxy_env_ignore",
              text = "Has no effect: proxies in environment variables are not used.",
              preset = "false")
          boolean proxyEnvIgnore) {}

  /** The defaults, for clients that no user configures. */
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
        false,
        new Dns(false, false),
        new Compatible(true, null, null, false));
  }

  /** These options with another limit for a whole exchange. */
  public NetOptions withRequestTimeout(Duration total) {
    return new NetOptions(
        connectTimeout,
        ioTimeout,
        total,
        sourceAddress,
        keepalive,
        keepaliveIdleTimeout,
        keepaliveMaxRecycle,
        maxWorkerConnections,
        tcpKeepalive,
        dns,
        compatible);
  }

  /** These options with other time-outs. */
  public NetOptions withTimeouts(Duration connect, Duration io, Duration idle) {
    return new NetOptions(
        connect,
        io,
        requestTimeout,
        sourceAddress,
        keepalive,
        idle,
        keepaliveMaxRecycle,
        maxWorkerConnections,
        tcpKeepalive,
        dns,
        compatible);
  }
}
