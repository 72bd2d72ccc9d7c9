package io.logboom.app.cli;

import io.logboom.core.config.EffectiveOption;
import io.logboom.core.config.EffectiveSection;
import io.logboom.core.config.LoadResult;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands beside {@code run}, by picocli. */
final class Commands {
  private Commands() {}

  static int run(Console console, Environment environment, List<String> arguments) {
    CommandLine line = new CommandLine(new Root());
    line.addSubcommand(new Check(console, environment));
    line.addSubcommand(new Explain(console, environment));
    line.addSubcommand(new Schema(console, environment));
    line.addSubcommand(new LedgerCommand(console));
    line.addSubcommand(DeadLettersCommand.of(console, environment));
    line.addSubcommand(new VersionCommand(console));
    line.addSubcommand(new Run());
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    return line.execute(arguments.toArray(String[]::new));
  }

  @Command(
      name = "logboom",
      subcommands = CommandLine.HelpCommand.class,
      synopsisSubcommandLabel = "COMMAND",
      description = "Collects the logs of a node and delivers them.")
  private static final class Root {}

  /** Here for its line in the help; {@link Program} takes it before picocli is loaded. */
  @Command(
      name = "run",
      description = "Runs the agent, with Fluent Bit's flags; see 'logboom --help'.")
  private static final class Run implements Callable<Integer> {
    @Override
    public Integer call() {
      return ExitCode.REFUSED;
    }
  }

  /** A file, as an argument or as Fluent Bit's flag. */
  private static final class File {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "FILE",
        description = "The configuration.")
    private @Nullable String file;

    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description = "The same.")
    private @Nullable String flag;

    @Nullable String given() {
      return file != null ? file : flag;
    }
  }

  @Command(
      name = "check",
      description = {
        "Says whether a configuration is right: every problem with its place.",
        "Reads files only; no network. Exits with 0, or with 2 where there is an error."
      },
      mixinStandardHelpOptions = true)
  private static final class Check implements Callable<Integer> {
    private final Console console;
    private final Environment environment;

    @CommandLine.Mixin private File file = new File();

    Check(Console console, Environment environment) {
      this.console = console;
      this.environment = environment;
    }

    @Override
    public Integer call() {
      String given = file.given();
      if (given == null) {
        console.err().println("logboom: check needs a file");
        return ExitCode.REFUSED;
      }
      return new CheckCommand(console, environment).check(Path.of(given));
    }
  }

  @Command(
      name = "explain",
      description = {
        "Of a file: what is in effect, and where each value comes from.",
        "Of the name of a plugin or an option, or service: what there is to say."
      },
      mixinStandardHelpOptions = true)
  private static final class Explain implements Callable<Integer> {
    private final Console console;
    private final Environment environment;

    @CommandLine.Mixin private File file = new File();

    Explain(Console console, Environment environment) {
      this.console = console;
      this.environment = environment;
    }

    @Override
    public Integer call() {
      String given = file.given();
      if (given == null) {
        console
            .err()
            .println("logboom: explain needs a file, or the name of a plugin or an option");
        return ExitCode.REFUSED;
      }
      if (!Files.exists(Path.of(given))) {
        String help = environment.help(given);
        if (help != null) {
          console.out().print(help);
          return ExitCode.OK;
        }
      }
      LoadResult loaded = environment.loader().load(Path.of(given));
      loaded.problems().forEach(problem -> console.err().println(problem));
      loaded.effective().forEach(this::print);
      return loaded.config() == null ? ExitCode.REFUSED : ExitCode.OK;
    }

    private void print(EffectiveSection section) {
      console.out().println(section.title());
      int width = section.options().stream().mapToInt(o -> o.name().length()).max().orElse(0);
      for (EffectiveOption option : section.options()) {
        console
            .out()
            .printf(
                Locale.ROOT,
                "  %-" + Math.max(1, width) + "s  %s  (%s)%n",
                option.name(),
                option.value(),
                option.source());
      }
      console.out().println();
    }
  }

  @Command(
      name = "schema",
      description = "Prints the JSON Schema of YAML configurations, for editors.",
      mixinStandardHelpOptions = true)
  private static final class Schema implements Callable<Integer> {
    private final Console console;
    private final Environment environment;

    Schema(Console console, Environment environment) {
      this.console = console;
      this.environment = environment;
    }

    @Override
    public Integer call() {
      console.out().print(environment.schema());
      return ExitCode.OK;
    }
  }

  @Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
  private static final class VersionCommand implements Callable<Integer> {
    private final Console console;

    VersionCommand(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      console.out().print(Version.text());
      return ExitCode.OK;
    }
  }
}
