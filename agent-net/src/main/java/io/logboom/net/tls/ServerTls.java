package io.logboom.net.tls;

import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.Arrays;

/** TLS for a server's connections, by files that may change. Safe for all threads. */
public final class ServerTls implements AutoCloseable {
  private final TlsFiles files;

  private ServerTls(TlsFiles files) {
    this.files = files;
  }

  /**
   * @param what whose connections they are, for messages
   * @throws StartException where a file cannot be read or used; the message names it
   */
  public static ServerTls of(String what, TlsServerOptions options, Meters meters)
      throws StartException {
    return new ServerTls(
        new TlsFiles(
            what,
            Arrays.asList(options.caFile(), options.caPath(), options.crtFile(), options.keyFile()),
            options.crtFile(),
            () -> Tls.server(options),
            meters));
  }

  /** A handler for a new connection. */
  public SslHandler handler(ByteBufAllocator buffers) {
    return files.now().newHandler(buffers);
  }

  @Override
  public void close() {
    files.close();
  }
}
