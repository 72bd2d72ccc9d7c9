package io.logboom.app.cli;

import io.logboom.app.train.Training;
import java.io.IOException;
import java.util.List;

/**
 * Decides what a command line asks for. Called as {@code fluent-bit}, or with a flag first, it is
 * Fluent Bit's; else it begins with a command. Running the agent does not load picocli, which reads
 * the other commands.
 */
public final class Program {
  private final Console console;
  private final Environment environment;

  Program(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  /** The program in its process. */
  public static Program standard(Console console) {
    return new Program(console, Environment.standard());
  }

  /** The exit status. For a running agent, when it has stopped. */
  public int run(List<String> arguments) {
    boolean fluentBit = environment.program().equals("fluent-bit");
    if (!fluentBit && arguments.isEmpty()) {
      console.err().print(Help.text());
      return ExitCode.REFUSED;
    }
    if (fluentBit || arguments.getFirst().startsWith("-")) {
      return new RunCommand(console, environment).run(arguments);
    }
    return switch (arguments.getFirst()) {
      case "run" ->
          new RunCommand(console, environment).run(arguments.subList(1, arguments.size()));
      case "train" -> train();
      default -> Commands.run(console, environment, arguments);
    };
  }

  private int train() {
    try {
      Training.run(new RunCommand(console, environment).launcher());
      return ExitCode.OK;
    } catch (IOException e) {
      console.err().println("logboom: training failed: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }
}
