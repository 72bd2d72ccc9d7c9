package io.logboom.api.record;

/** A record accessor or template that cannot be read. The message says what is wrong and where. */
public final class AccessorSyntaxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int position;

  AccessorSyntaxException(String what, int position) {
    super(what + " at character " + (position + 1));
    this.position = position;
  }

  /** The index at which reading failed, counted in characters from 0. */
  public int position() {
    return position;
  }
}
