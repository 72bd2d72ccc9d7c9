package io.logboom.core.config;

import io.logboom.api.config.Option;
import org.jspecify.annotations.Nullable;

/** What can be said of every input. */
public record InputCommon(
    @Option(
            text =
                "The tag of its records, which filters and outputs match. The default is its"
                    + " plugin and its number among all inputs, such as tail.0; none where records"
                    + " come with tags.")
        @Nullable String tag,
    @Option(text = "The instance's name in metrics and logs, instead of tail.0.")
        @Nullable String alias) {}
