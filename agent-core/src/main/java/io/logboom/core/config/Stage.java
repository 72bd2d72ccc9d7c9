package io.logboom.core.config;

import io.logboom.api.config.Option.Refers;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Plugin;
import io.logboom.api.plugin.StartException;

/**
 * A configured instance of a plugin.
 *
 * @param <T> what the plugin makes
 */
public sealed interface Stage<T> permits InputStage, FilterStage, OutputStage {
  /** The alias, or {@code tail.0}: the plugin and a number that runs per kind. Unique per kind. */
  String name();

  Plugin<?, T> plugin();

  /** The plugin's own options, of the class that its {@code config()} names. */
  Record config();

  /** Where the section starts. */
  Mark mark();

  /** Whether its options can name a parser. */
  default boolean mayNameParsers() {
    return RecordSpec.of(plugin().config()).options().stream()
        .map(spec -> spec.option().refers())
        .anyMatch(refers -> refers == Refers.PARSER || refers == Refers.MULTILINE_PARSER);
  }

  /** Lets the plugin make its object. */
  default T create(Context context) throws StartException {
    return create(plugin(), config(), context);
  }

  private static <C extends Record, T> T create(Plugin<C, T> plugin, Record config, Context context)
      throws StartException {
    return plugin.create(plugin.config().cast(config), context);
  }
}
