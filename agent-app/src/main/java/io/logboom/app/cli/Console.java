package io.logboom.app.cli;

import io.logboom.app.AllowForbidden;
import java.io.PrintStream;

/** Where commands print. */
public record Console(PrintStream out, PrintStream err) {
  /** The process's own. */
  @AllowForbidden("commands print; the agent logs")
  public static Console standard() {
    return new Console(System.out, System.err);
  }
}
