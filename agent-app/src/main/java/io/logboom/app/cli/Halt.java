package io.logboom.app.cli;

import io.logboom.app.AllowForbidden;

/** Ends the process at once. */
final class Halt {
  private Halt() {}

  @AllowForbidden("the user has asked a second time")
  static void now() {
    Runtime.getRuntime().halt(ExitCode.FAILED);
  }
}
