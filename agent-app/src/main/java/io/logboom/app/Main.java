package io.logboom.app;

import io.logboom.app.cli.Console;
import io.logboom.app.cli.Program;
import java.util.List;

/** The entry point. */
public final class Main {
  private Main() {}

  /** Runs the command line and exits with its status. */
  @AllowForbidden("the program's end is decided here")
  public static void main(String[] arguments) {
    System.exit(Program.standard(Console.standard()).run(List.of(arguments)));
  }
}
