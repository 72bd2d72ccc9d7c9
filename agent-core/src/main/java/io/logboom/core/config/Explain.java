package io.logboom.core.config;

import io.logboom.api.plugin.Plugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Describes options for the terminal. */
public final class Explain {
  private static final int WIDTH = 92;

  private Explain() {}

  /**
   * A plugin's options and those of all plugins of its kind; null where no plugin of that kind
   * answers to the word.
   *
   * @param kind {@code input}, {@code filter} or {@code output}
   */
  public static @Nullable String plugin(Catalog catalog, String kind, String word) {
    SectionKind section = SectionKind.valueOf(kind.toUpperCase(Locale.ROOT));
    Plugin<?, ?> plugin = catalog.find(section, word.toLowerCase(Locale.ROOT));
    if (plugin == null) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    section(out, Described.of(plugin));
    section(out, Described.common(section));
    return out.toString();
  }

  /** The options of the service section. */
  public static String service() {
    StringBuilder out = new StringBuilder();
    section(out, Described.SERVICE);
    return out.toString();
  }

  /** What options of that name do, wherever there is one; null where there is none. */
  public static @Nullable String option(Catalog catalog, String name) {
    StringBuilder out = new StringBuilder();
    String key = name.toLowerCase(Locale.ROOT);
    for (Described each : all(catalog)) {
      for (OptionSpec option : each.options()) {
        if (option.answersTo(key)) {
          out.append(each.title()).append('\n');
          option(out, option);
          out.append('\n');
        }
      }
    }
    for (SectionKind kind : SectionKind.values()) {
      for (InertOption option : Described.inert(kind)) {
        if (option.name().equals(key)) {
          out.append(kind == SectionKind.SERVICE ? "Service" : Described.common(kind).title());
          out.append("\n  ").append(key).append("  has no effect: ").append(option.why());
          out.append("\n\n");
        }
      }
    }
    return out.isEmpty() ? null : out.toString();
  }

  private static List<Described> all(Catalog catalog) {
    List<Described> all = new ArrayList<>();
    all.add(Described.SERVICE);
    all.add(Described.INPUT);
    all.add(Described.FILTER);
    all.add(Described.OUTPUT);
    catalog.plugins().forEach(plugin -> all.add(Described.of(plugin)));
    all.add(Described.PARSER);
    all.add(Described.MULTILINE);
    return all;
  }

  private static void section(StringBuilder out, Described section) {
    out.append(section.title()).append(": ").append(section.text()).append("\n\n");
    section
        .groups()
        .forEach(
            (group, options) -> {
              if (!group.isEmpty()) {
                out.append("\n  ").append(group).append("\n\n");
              }
              options.forEach(option -> option(out, option));
            });
    out.append('\n');
  }

  private static void option(StringBuilder out, OptionSpec option) {
    String preset = Described.preset(option);
    out.append("  ").append(option.name()).append("  (").append(Described.syntax(option));
    if (option.option().required()) {
      out.append(", required");
    } else if (!preset.isEmpty()) {
      out.append(", default ").append(preset);
    }
    out.append(")\n");
    wrap(out, option.option().text());
    if (!option.aliases().isEmpty()) {
      wrap(out, "Also " + String.join(", ", option.aliases()) + ".");
    }
  }

  private static void wrap(StringBuilder out, String text) {
    int column = 0;
    for (String word : text.split(" ")) {
      if (column == 0 || column + 1 + word.length() > WIDTH) {
        out.append(column == 0 ? "      " : "\n      ").append(word);
        column = 6 + word.length();
      } else {
        out.append(' ').append(word);
        column += 1 + word.length();
      }
    }
    out.append('\n');
  }
}
