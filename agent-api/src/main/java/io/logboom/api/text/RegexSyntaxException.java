package io.logboom.api.text;

/** A regular expression that cannot be read. The message says what is wrong and where. */
public final class RegexSyntaxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int position;

  public RegexSyntaxException(String message, int position) {
    super(message);
    this.position = position;
  }

  /** The index in the expression at which reading failed, counted in characters from 0. */
  public int position() {
    return position;
  }
}
