package io.logboom.core.config;

import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.text.Regex;
import org.jspecify.annotations.Nullable;

/** What can be said of every output. */
public record OutputCommon(
    @Option(
            text =
                "The tags whose records it gets; * stands for any characters. With one input and"
                    + " one output in all the default is *; else this or match_regex must be"
                    + " given.")
        @Nullable String match,
    @Option(
            text =
                "The tags whose records it gets, as a regular expression that fits from the start"
                    + " of the tag and need not reach its end.")
        @Nullable Regex matchRegex,
    @Option(text = "The instance's name in metrics and logs, instead of es.0.")
        @Nullable String alias,
    @Option(
            text =
                "How often a failed delivery is tried again before its records are dropped and"
                    + " counted: a count, no_retries, or no_limits (also false or off). Fluent Bit"
                    + " gives up after one; here the default is not to lose.",
            preset = "no_limits")
        RetryLimit retryLimit,
    @Option(
            text = "How many deliveries may be under way at once; 0 counts as 1.",
            preset = "2",
            min = "0",
            max = "256")
        int workers,
    @Options(text = "Waiting and limits") OutputBuffer buffer) {
  /** How many deliveries may be under way at once, at least 1. */
  public int threads() {
    return Math.max(1, workers);
  }
}
