package io.logboom.app.cli;

import io.logboom.core.config.LoadResult;
import io.logboom.core.config.Problem;
import java.nio.file.Path;

/** {@code logboom check} and {@code --dry-run}: says whether a configuration is right. */
final class CheckCommand {
  private final Console console;
  private final Environment environment;

  CheckCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  int check(Path file) {
    return check(environment.loader().load(file));
  }

  /** Prints every problem; 0 where none of them is an error, else 2. */
  int check(LoadResult loaded) {
    loaded.problems().forEach(problem -> console.err().println(problem));
    if (loaded.config() == null) {
      console.err().println(count(loaded.problems(Problem.Severity.ERROR).size()));
      return ExitCode.REFUSED;
    }
    // As Fluent Bit says it: scripts look for it.
    console.out().println("configuration test is successful");
    return ExitCode.OK;
  }

  private static String count(int errors) {
    return errors == 1 ? "1 error" : errors + " errors";
  }
}
