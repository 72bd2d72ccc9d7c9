package io.logboom.core.config;

/** A value that its option's syntax does not allow. */
final class BadValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String hint;

  /**
   * @param rule what is wrong, without the option and the value
   * @param hint what to write instead; may be empty
   */
  BadValueException(String rule, String hint) {
    super(rule);
    this.hint = hint;
  }

  String rule() {
    return String.valueOf(getMessage());
  }

  String hint() {
    return hint;
  }
}
