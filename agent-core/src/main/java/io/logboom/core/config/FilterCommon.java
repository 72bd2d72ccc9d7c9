package io.logboom.core.config;

import io.logboom.api.config.Option;
import io.logboom.api.text.Regex;
import org.jspecify.annotations.Nullable;

/** What can be said of every filter. */
public record FilterCommon(
    @Option(
            text =
                "The tags whose records it works on; * stands for any characters. This or"
                    + " match_regex must be given.")
        @Nullable String match,
    @Option(
            text =
                "The tags whose records it works on, as a regular expression that fits from the"
                    + " start of the tag and need not reach its end.")
        @Nullable Regex matchRegex,
    @Option(text = "The instance's name in metrics and logs, instead of kubernetes.0.")
        @Nullable String alias) {}
