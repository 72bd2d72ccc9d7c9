package io.logboom.app.cli;

/** What the program's exit status says. */
final class ExitCode {
  static final int OK = 0;

  /** It could not start, or a command failed. */
  static final int FAILED = 1;

  /** The command line or the configuration is wrong; nothing was started. */
  static final int REFUSED = 2;

  private ExitCode() {}
}
