package io.logboom.core.config;

import io.logboom.core.config.Problem.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came of loading a configuration.
 *
 * @param config null where there is an error
 * @param problems errors, warnings and information, by place
 * @param effective what is in effect, for {@code explain}
 * @param lookedAt the files that were read or looked for, and the directories that were searched:
 *     where none of them has changed, another load would give the same
 */
public record LoadResult(
    @Nullable AgentConfig config,
    List<Problem> problems,
    List<EffectiveSection> effective,
    Set<Path> lookedAt) {
  public LoadResult {
    problems = List.copyOf(problems);
    effective = List.copyOf(effective);
    lookedAt = Set.copyOf(lookedAt);
  }

  /** Those problems that weigh this much. */
  public List<Problem> problems(Severity severity) {
    return problems.stream().filter(p -> p.severity() == severity).toList();
  }

  /**
   * The configuration.
   *
   * @throws ConfigException with the errors, where there is one
   */
  public AgentConfig orThrow() {
    if (config == null) {
      throw new ConfigException(problems(Severity.ERROR));
    }
    return config;
  }
}
