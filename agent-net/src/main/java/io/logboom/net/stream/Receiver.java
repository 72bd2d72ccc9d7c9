package io.logboom.net.stream;

import org.jspecify.annotations.Nullable;

/** What is behind a connection. Called on the connection's loop, one call at a time. */
public interface Receiver {
  /** The connection can be used: also TLS is agreed on. */
  void opened();

  /** Bytes have come; what is not copied in this call is lost. */
  void received(Arrived bytes);

  /**
   * The connection is no more. Called once, also without {@link #opened}.
   *
   * @param why null where one end closed it
   */
  void closed(@Nullable Throwable why);

  /** Bytes that have come. */
  interface Arrived {
    int size();

    /** Copies all of them. */
    void copyTo(byte[] target, int at);
  }
}
