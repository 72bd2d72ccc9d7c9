package io.logboom.core.codec;

/** Bytes that are not a payload as it was written. */
public final class DamagedException extends Exception {
  private static final long serialVersionUID = 1;

  public DamagedException(String message) {
    super(message);
  }
}
