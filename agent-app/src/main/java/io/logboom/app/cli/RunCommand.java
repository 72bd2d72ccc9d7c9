package io.logboom.app.cli;

import io.logboom.api.plugin.StartException;
import io.logboom.app.log.AgentLog;
import io.logboom.app.train.Training;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.LoadResult;
import io.logboom.core.config.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code logboom run}, and Fluent Bit's command line. */
final class RunCommand {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  private final Console console;
  private final Environment environment;

  RunCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  /** The exit status. Returns when the agent has been told to stop and has stopped. */
  int run(List<String> words) {
    RunArguments arguments;
    try {
      arguments = ArgumentReader.read(words);
      checkWorkdir(arguments.workdir());
    } catch (UsageException e) {
      console.err().println("logboom: " + e.getMessage());
      console.err().println("Try 'logboom --help'.");
      return ExitCode.REFUSED;
    }
    return switch (arguments.mode()) {
      case VERSION -> print(Version.text());
      case HELP -> print(Help.text());
      case SCHEMA -> print(environment.schema());
      case PLUGIN_HELP -> pluginHelp(arguments.plugins().getLast());
      case DRY_RUN -> new CheckCommand(console, environment).check(load(arguments));
      case RUN -> {
        arguments.notes().forEach(LOG::warn);
        yield run(load(arguments), () -> load(arguments));
      }
    };
  }

  private int print(String text) {
    console.out().print(text);
    console.out().flush();
    return ExitCode.OK;
  }

  private int pluginHelp(RunArguments.Plugin plugin) {
    String text = environment.help(plugin.kind(), plugin.name());
    if (text == null) {
      console
          .err()
          .println("logboom: unknown " + plugin.kind().word() + " '" + plugin.name() + "'");
      return ExitCode.REFUSED;
    }
    return print(text);
  }

  /** The script that starts the program does what a Java process cannot. */
  private void checkWorkdir(@Nullable String workdir) throws UsageException {
    if (workdir != null && !workdir.equals(environment.workdir())) {
      throw new UsageException(
          "-w must be a word of its own, and the program started by its script");
    }
  }

  private LoadResult load(RunArguments arguments) {
    String file = arguments.config();
    return environment
        .loader()
        .load(file == null ? null : Path.of(file), arguments.toCommandLine());
  }

  private int run(LoadResult loaded, Supplier<LoadResult> again) {
    AgentConfig config = loaded.config();
    if (config == null) {
      loaded.problems().forEach(problem -> console.err().println(problem));
      console.err().println("logboom: the configuration has errors; nothing was started");
      return ExitCode.REFUSED;
    }
    AgentLog log = AgentLog.get();
    CountDownLatch stop = new CountDownLatch(1);
    try {
      log.set(config.service());
      Thread.setDefaultUncaughtExceptionHandler(
          (thread, thrown) -> LOG.error("thread {} ended by a fault", thread.getName(), thrown));
      LOG.info("Logboom {}, pid {}", Version.number(), ProcessHandle.current().pid());
      loaded.problems().forEach(RunCommand::report);
      Later hangUp = new Later();
      handle(stop, hangUp);
      try (Running running = Running.start(loaded, again, environment, stop::countDown)) {
        LOG.info("started");
        hangUp.now(() -> running.reloads().ask("SIGHUP"));
        stop.await();
      }
      return ExitCode.OK;
    } catch (StartException | IOException e) {
      LOG.error("cannot start: {}", e.getMessage());
      LOG.debug("cannot start", e);
      return ExitCode.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    } finally {
      log.close();
    }
  }

  private static void report(Problem problem) {
    if (problem.severity() == Problem.Severity.INFO) {
      LOG.info("{}", problem);
    } else {
      LOG.warn("{}", problem);
    }
  }

  private static void handle(CountDownLatch stop, Runnable hangUp) {
    AtomicBoolean told = new AtomicBoolean();
    Runnable end =
        () -> {
          if (told.getAndSet(true)) {
            LOG.warn("told to stop again: ending at once; what is not delivered is read again");
            Halt.now();
          }
          stop.countDown();
        };
    Signals.on("TERM", end);
    Signals.on("INT", end);
    Signals.on("HUP", hangUp);
  }

  /** The same steps for a training run, which stops by itself. */
  Training.Launcher launcher() {
    return new Training.Launcher() {
      @Override
      public void check(Path configuration) {
        environment.loader().load(configuration).problems().forEach(RunCommand::report);
      }

      @Override
      public Running start(Path configuration) throws IOException {
        try {
          RunArguments arguments = ArgumentReader.read(List.of("-c", configuration.toString()));
          LoadResult loaded = load(arguments);
          return Running.start(loaded, () -> loaded, environment, () -> {});
        } catch (StartException | UsageException e) {
          throw new IOException(e.getMessage(), e);
        }
      }
    };
  }
}
