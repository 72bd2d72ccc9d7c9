package io.logboom.net.dial;

import io.logboom.net.NetCounters.Unmade;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection could not be made. The message is one short sentence with the target. */
public final class DialFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final Unmade kind;

  DialFailure(Unmade kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Unmade kind() {
    return kind;
  }
}
