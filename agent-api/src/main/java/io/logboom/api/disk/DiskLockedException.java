package io.logboom.api.disk;

import java.io.IOException;

/** Someone else has the lock. */
public final class DiskLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  public DiskLockedException(String message) {
    super(message);
  }
}
