package io.logboom.core.config;

import java.util.ArrayList;
import java.util.List;

/** Collects all problems of one load. */
final class Findings {
  /** More than this many help nobody, and a hostile file could make millions. */
  private static final int MOST = 1000;

  private final List<Problem> problems = new ArrayList<>();
  private int errors;

  void error(Mark mark, String text, String hint) {
    errors++;
    add(new Problem(Problem.Severity.ERROR, mark, text, hint));
  }

  void warning(Mark mark, String text, String hint) {
    add(new Problem(Problem.Severity.WARNING, mark, text, hint));
  }

  void info(Mark mark, String text) {
    add(new Problem(Problem.Severity.INFO, mark, text, ""));
  }

  private void add(Problem problem) {
    if (problems.size() < MOST && !problems.contains(problem)) {
      problems.add(problem);
    }
  }

  /** How many errors there have been. */
  int errors() {
    return errors;
  }

  /** All problems by place. */
  List<Problem> sorted() {
    return problems.stream().sorted().toList();
  }
}
