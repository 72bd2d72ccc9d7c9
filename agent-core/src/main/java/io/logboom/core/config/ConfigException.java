package io.logboom.core.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that was refused, with everything that is wrong with it. */
public final class ConfigException extends RuntimeException {
  private final transient List<Problem> problems;

  ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All problems, by place. */
  public List<Problem> problems() {
    return problems;
  }
}
