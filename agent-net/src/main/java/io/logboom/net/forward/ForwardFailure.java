package io.logboom.net.forward;

import io.logboom.net.stream.StreamFailure;
import java.io.IOException;
import java.util.Locale;

/** Frames did not arrive, or nobody knows. The message is one short sentence with the address. */
public final class ForwardFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why. The names are the values of a meter's label. */
  public enum Reason {
    DNS,
    CONNECT,
    TLS,
    /** One end refused the other, or only one of them wants a handshake. */
    HANDSHAKE,
    CLOSED,
    TIMEOUT,
    WRONG_ACK,
    /** What came is no message of the protocol. */
    PROTOCOL;

    /** As the meter has it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ForwardFailure(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ForwardFailure(StreamFailure cause) {
    this(cause, String.valueOf(cause.getMessage()));
  }

  ForwardFailure(StreamFailure cause, String message) {
    super(message, cause);
    this.reason =
        switch (cause.kind()) {
          case DNS -> Reason.DNS;
          case CONNECT -> Reason.CONNECT;
          case TLS -> Reason.TLS;
          case CLOSED -> Reason.CLOSED;
          case SILENT -> Reason.TIMEOUT;
        };
  }

  public Reason reason() {
    return reason;
  }
}
