package io.logboom.core.config;

import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Plugin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a configuration can name without defining it: plugins, and the built-in parsers. */
public final class Catalog {
  private final List<Plugin<?, ?>> plugins;
  private final Map<SectionKind, Map<String, Plugin<?, ?>>> byWord =
      new EnumMap<>(SectionKind.class);
  private final Set<String> parsers;
  private final Set<String> multilineParsers;

  /**
   * @param parsers the names of the built-in parsers
   * @param multilineParsers the names of the built-in multiline parsers
   */
  public Catalog(
      Collection<? extends Plugin<?, ?>> plugins,
      Set<String> parsers,
      Set<String> multilineParsers) {
    this.plugins = List.copyOf(plugins);
    this.parsers = Set.copyOf(parsers);
    this.multilineParsers = Set.copyOf(multilineParsers);
    for (SectionKind kind : List.of(SectionKind.INPUT, SectionKind.FILTER, SectionKind.OUTPUT)) {
      byWord.put(kind, new LinkedHashMap<>());
    }
    for (Plugin<?, ?> plugin : this.plugins) {
      Map<String, Plugin<?, ?>> words = words(kind(plugin));
      List<String> names = new ArrayList<>(plugin.aliases());
      names.addFirst(plugin.type());
      for (String name : names) {
        if (words.put(name, plugin) != null) {
          throw new IllegalArgumentException("two plugins answer to '" + name + "'");
        }
      }
    }
  }

  private Map<String, Plugin<?, ?>> words(SectionKind kind) {
    return byWord.getOrDefault(kind, Map.of());
  }

  static SectionKind kind(Plugin<?, ?> plugin) {
    return switch (plugin) {
      case InputPlugin<?> _ -> SectionKind.INPUT;
      case FilterPlugin<?> _ -> SectionKind.FILTER;
      case OutputPlugin<?> _ -> SectionKind.OUTPUT;
    };
  }

  List<Plugin<?, ?>> plugins() {
    return plugins;
  }

  /** The plugin of that kind that answers to the word; null where none does. */
  @Nullable Plugin<?, ?> find(SectionKind kind, String word) {
    return words(kind).get(word);
  }

  Set<String> names(SectionKind kind) {
    return new TreeSet<>(words(kind).keySet());
  }

  Set<String> parsers() {
    return parsers;
  }

  Set<String> multilineParsers() {
    return multilineParsers;
  }

  /** A hint for a word that is no plugin of that kind. */
  String hint(SectionKind kind, String word) {
    for (var other : byWord.entrySet()) {
      if (other.getValue().containsKey(word)) {
        return "'" + word + "' goes into section " + name(other.getKey());
      }
    }
    Set<String> words = names(kind);
    return Nearest.hint(word, words, "known are " + String.join(", ", words));
  }

  static String name(SectionKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
