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
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A configured instance with its place: the directory of its state, below the state directory,
 * which tells it from all others. An alias is its own name; without one it is {@code inputs/tail.0}
 * after the plugin's type and the number that the name has.
 *
 * @param name what it is called in meters, logs and dead letters
 * @param <S> the kind of stage
 */
record Placed<S extends Stage<?>>(S stage, String name, String directory) {
  /** Gives each stage of one kind its place. */
  static <S extends Stage<?>> List<Placed<S>> all(List<S> stages) {
    Set<String> taken = new HashSet<>();
    for (S stage : stages) {
      if (number(stage) < 0) {
        taken.add(directory(stage.plugin(), stage.name()));
      }
    }
    List<Placed<S>> placed = new ArrayList<>();
    for (S stage : stages) {
      int number = number(stage);
      String directory = directory(stage.plugin(), stage.name());
      if (number >= 0) {
        do {
          directory = directory(stage.plugin(), stage.plugin().type() + "." + number++);
        } while (!taken.add(directory));
      }
      placed.add(new Placed<>(stage, stage.name(), directory));
    }
    return placed;
  }

  /**
   * The names that it may have had before, with another word for the same plugin, and the one that
   * it has.
   */
  Set<String> names() {
    Set<String> names = new TreeSet<>(Set.of(name));
    int number = number(stage);
    if (number >= 0) {
      words(stage.plugin()).forEach(word -> names.add(word + "." + number));
    }
    return names;
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

  /**
   * The number in a name that is a word for the plugin and a number, as without an alias; or -1.
   */
  private static int number(Stage<?> stage) {
    int dot = stage.name().lastIndexOf('.');
    String digits = stage.name().substring(dot + 1);
    return dot > 0
            && digits.matches("\\d{1,6}")
            && words(stage.plugin()).anyMatch(stage.name().substring(0, dot)::equals)
        ? Integer.parseInt(digits)
        : -1;
  }

  private static Stream<String> words(Plugin<?, ?> plugin) {
    return Stream.concat(Stream.of(plugin.type()), plugin.aliases().stream());
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
