package io.logboom.app.cli;

/** A command line that cannot be meant. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
