package io.logboom.api.plugin;

/**
 * Collects what is wrong with a configuration. Each problem is shown with the file, line and column
 * of its option.
 */
public interface Problems {
  /**
   * An error: the agent refuses to start with this configuration.
   *
   * @param option the option's name as a user writes it; empty for the section as a whole
   * @param rule what is wrong, as one sentence without the option's name and position
   * @param hint what to write instead; may be empty
   */
  void error(String option, String rule, String hint);

  /** As {@link #error}, but the agent starts. */
  void warning(String option, String rule, String hint);
}
