package io.logboom.net.dial;

import io.logboom.net.HostPort;
import io.logboom.net.tls.ClientTls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Something to connect to, as it is configured. Its text is for messages. */
public sealed interface Target {
  /** How much of the traffic it gets, beside the others' weights; at least 1. */
  int weight();

  /**
   * A host, which may have several addresses.
   *
   * @param tls null for none
   * @param proxy what stands between; null for nothing
   * @param proxyTls for the connection to the proxy; null where that is plain
   */
  record Tcp(
      HostPort host,
      int weight,
      @Nullable ClientTls tls,
      @Nullable Proxy proxy,
      @Nullable ClientTls proxyTls)
      implements Target {
    /** Without a proxy. */
    public Tcp(HostPort host, int weight, @Nullable ClientTls tls) {
      this(host, weight, tls, null, null);
    }

    /** What a connection is made to. */
    HostPort next() {
      return proxy == null ? host : proxy.address();
    }

    @Override
    public String toString() {
      return host.toString();
    }
  }

  /** A socket in the file system. */
  record Unix(Path path, int weight) implements Target {
    @Override
    public String toString() {
      return path.toString();
    }
  }
}
