package io.logboom.net.stream;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection could not be made, or is no more. The message is one short sentence. */
public final class StreamFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** What did not work. */
  public enum Kind {
    /** The host's name has no address. */
    DNS,
    /** Nobody takes connections there. */
    CONNECT,
    /** The two ends could not agree on TLS. */
    TLS,
    /** The connection ended. */
    CLOSED,
    /** Nothing went or came within the time limit. */
    SILENT
  }

  StreamFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
