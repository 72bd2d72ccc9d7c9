package io.logboom.app.cli;

import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.LoadResult;
import io.logboom.core.config.Problem;
import io.logboom.core.config.ServiceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the dead letters are, as the command line tells it. */
final class LetterPlace {
  /** Where the agent keeps its state if nobody says otherwise. */
  private static final Path STATE = Path.of("/var/lib/logboom");

  private static final Path LETTERS = Path.of("dead-letters");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The agent's configuration, which says where they are.")
  private @Nullable Path config;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description = "The agent's state directory; /var/lib/logboom if nothing is given.")
  private @Nullable Path stateDir;

  private boolean kept = true;

  /** After {@link #find}: whether the agent looks after them, as far as that is known. */
  boolean isKept() {
    return kept;
  }

  /**
   * The directory.
   *
   * @throws UsageException where there is none
   */
  Path find(Console console, Environment environment) throws UsageException {
    Path directory = named(console, environment);
    if (!Files.isDirectory(directory)) {
      throw new UsageException(
          "there is no directory "
              + directory
              + "; say with -c or --state-dir where the agent keeps its state");
    }
    return directory;
  }

  private Path named(Console console, Environment environment) throws UsageException {
    if (config != null && stateDir != null) {
      throw new UsageException("-c and --state-dir say both where the dead letters are; give one");
    }
    if (config == null) {
      return (stateDir == null ? STATE : stateDir).resolve(LETTERS);
    }
    LoadResult loaded = environment.loader().load(config);
    AgentConfig agent = loaded.config();
    if (agent == null) {
      loaded.problems(Problem.Severity.ERROR).forEach(problem -> console.err().println(problem));
      throw new UsageException("the configuration has errors");
    }
    ServiceConfig service = agent.service();
    kept = service.storage().keepRejected();
    return service.stateDirectory().resolve(service.storage().rejectedPath());
  }
}
