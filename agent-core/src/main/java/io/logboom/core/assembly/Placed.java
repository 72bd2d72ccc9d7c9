package io.logboom.core.assembly;

import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Plugin;
import io.logboom.core.config.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A configured instance with its place: the directory of its state, below the state directory,
 * which tells it from all others. {@code inputs/tail.0} is numbered per type, so that an instance
 * of another type put before this one does not move its state; an alias is its own name.
 *
 * @param name what it is called in meters and logs
 * @param <S> the kind of stage
 */
record Placed<S extends Stage<?>>(S stage, String name, String directory) {
  /** Gives each stage of one kind its place. */
  static <S extends Stage<?>> List<Placed<S>> all(List<S> stages) {
    Set<String> taken = new HashSet<>();
    for (S stage : stages) {
      if (!isGenerated(stage)) {
        taken.add(directory(stage.plugin(), stage.name()));
      }
    }
    List<Placed<S>> placed = new ArrayList<>();
    for (S stage : stages) {
      String directory = directory(stage.plugin(), stage.name());
      if (isGenerated(stage)) {
        int number = 0;
        do {
          directory = directory(stage.plugin(), stage.plugin().type() + "." + number++);
        } while (!taken.add(directory));
      }
      placed.add(new Placed<>(stage, stage.name(), directory));
    }
    return placed;
  }

  /** The same under another name. */
  Placed<S> named(String other) {
    return new Placed<>(stage, other, directory);
  }

  /** With the first number that is free, where the name is taken. Notes the name among those. */
  Placed<S> namedApart(Set<String> taken) {
    String free = name;
    for (int i = 0; !taken.add(free); i++) {
      free = stage.plugin().type() + "." + i;
    }
    return named(free);
  }

  /** Whether the name is a word for the plugin and a number, as it is without an alias. */
  private static boolean isGenerated(Stage<?> stage) {
    Plugin<?, ?> plugin = stage.plugin();
    return Stream.concat(Stream.of(plugin.type()), plugin.aliases().stream())
        .anyMatch(
            word ->
                stage.name().startsWith(word + ".")
                    && stage.name().substring(word.length() + 1).matches("\\d+"));
  }

  private static String directory(Plugin<?, ?> plugin, String name) {
    String kind =
        switch (plugin) {
          case InputPlugin<?> _ -> "inputs";
          case FilterPlugin<?> _ -> "filters";
          case OutputPlugin<?> _ -> "outputs";
        };
    return kind + "/" + name;
  }
}
