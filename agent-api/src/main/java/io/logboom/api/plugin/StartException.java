package io.logboom.api.plugin;

import org.jspecify.annotations.Nullable;

/**
 * A plugin cannot work as configured: a port in use, a missing file. The message says what and how
 * to mend it.
 */
public final class StartException extends Exception {
  public StartException(String message) {
    super(message);
  }

  public StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
