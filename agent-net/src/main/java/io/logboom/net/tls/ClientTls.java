package io.logboom.net.tls;

import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.net.HostPort;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** TLS for a client's connections, by files that may change. Safe for all threads. */
public final class ClientTls implements AutoCloseable {
  private final TlsFiles files;
  private final @Nullable String vhost;

  private ClientTls(TlsFiles files, @Nullable String vhost) {
    this.files = files;
    this.vhost = vhost;
  }

  /**
   * @param what whose connections they are, for messages
   * @throws StartException where a file cannot be read or used; the message names it
   */
  public static ClientTls of(String what, TlsOptions options, Meters meters) throws StartException {
    TlsFiles files =
        new TlsFiles(
            what,
            Arrays.asList(options.caFile(), options.caPath(), options.crtFile(), options.keyFile()),
            options.crtFile(),
            () -> Tls.client(options),
            meters);
    return new ClientTls(files, options.vhost());
  }

  /**
   * For connections to a proxy.
   *
   * @throws StartException where a file cannot be read or used; the message names it
   */
  public static ClientTls of(String what, ProxyTlsOptions options, Meters meters)
      throws StartException {
    return of(what, options.asTls(), meters);
  }

  /** A handler for a connection to the host. */
  public SslHandler handler(ByteBufAllocator buffers, HostPort host) {
    return files.now().newHandler(buffers, vhost == null ? name(host) : vhost, host.port());
  }

  /** A name's last dot is for the resolver alone. */
  private static String name(HostPort host) {
    String name = host.host();
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** What differs after a change of the files. */
  public Object generation() {
    return files.now();
  }

  /** Looks at the files now, as after a handshake that failed. */
  public void renew() {
    files.look();
  }

  @Override
  public void close() {
    files.close();
  }
}
