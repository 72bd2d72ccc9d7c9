package io.logboom.net.stream;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** One connection, for what is behind it. To be used on its {@link #loop} only. */
public interface Link {
  /** The other end's address without its port; {@code unix} for a unix socket. */
  String peer();

  /** The same as an address; null for a unix socket. */
  @Nullable InetAddress address();

  Loop loop();

  /** Whether to read on; what was read already may still come. Agreeing on TLS goes on. */
  void reading(boolean on);

  /**
   * Sends bytes in one piece; {@link #flush} sees to it that they go.
   *
   * @return how many bytes wait to be sent
   */
  long write(byte[] bytes);

  void flush();

  /** Closes, once what was written before has gone, or cannot go for a while. */
  void close();

  /** Closes at once, as where the other end does not read what was written. */
  void abort();
}
