package io.logboom.core.config;

import io.logboom.api.config.Option.Unit;
import io.logboom.api.plugin.Plugin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A kind of section as the reference describes it.
 *
 * @param file the name of its page, without ending
 * @param title its heading: {@code Input tail}
 * @param text what it is, in a sentence
 * @param aliases other words for a plugin
 * @param options its own options, in order
 */
record Described(
    String file, String title, String text, List<String> aliases, List<OptionSpec> options) {

  static final Described SERVICE =
      of("service", "Service", "What holds for the agent as a whole.", ServiceConfig.class);
  static final Described INPUT =
      of("inputs", "All inputs", "What every input can have.", InputCommon.class);
  static final Described FILTER =
      of("filters", "All filters", "What every filter can have.", FilterCommon.class);
  static final Described OUTPUT =
      of("outputs", "All outputs", "What every output can have.", OutputCommon.class);
  static final Described PARSER =
      of("parser", "Parser", "Turns the text of a record into members.", ParserDefinition.class);
  static final Described MULTILINE =
      of(
          "multiline-parser",
          "Multiline parser",
          "Joins lines that belong together.",
          MultilineDefinition.class);

  private static Described of(
      String file, String title, String text, Class<? extends Record> type) {
    return new Described(file, title, text, List.of(), RecordSpec.of(type).options());
  }

  static Described of(Plugin<?, ?> plugin) {
    String kind = Catalog.name(Catalog.kind(plugin));
    return new Described(
        kind + '-' + plugin.type(),
        Character.toUpperCase(kind.charAt(0)) + kind.substring(1) + ' ' + plugin.type(),
        plugin.text(),
        plugin.aliases(),
        RecordSpec.of(plugin.config()).options());
  }

  /** What every section of that kind can have. */
  static Described common(SectionKind kind) {
    return switch (kind) {
      case INPUT -> INPUT;
      case FILTER -> FILTER;
      default -> OUTPUT;
    };
  }

  /** The options of all sections of that kind that are accepted and have no effect. */
  static List<InertOption> inert(SectionKind kind) {
    return switch (kind) {
      case SERVICE -> InertOption.SERVICE;
      case INPUT -> InertOption.INPUT;
      case FILTER -> InertOption.FILTER;
      case OUTPUT -> InertOption.OUTPUT;
      default -> List.of();
    };
  }

  /** The options by the heading that they stand under, the empty one first. */
  Map<String, List<OptionSpec>> groups() {
    Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
    groups.put("", new ArrayList<>());
    for (OptionSpec each : options) {
      groups.computeIfAbsent(each.group(), _ -> new ArrayList<>()).add(each);
    }
    return groups;
  }

  /** What can be given for the option: {@code duration in milliseconds, from 500}. */
  static String syntax(OptionSpec option) {
    StringBuilder out = new StringBuilder();
    ValueType type = option.type();
    if (option.list()) {
      out.append(option.option().repeatable() ? "repeatable " : "list of ");
    }
    out.append(
        type.choices().isEmpty() || type.type() == boolean.class
            ? type.word()
            : "one of " + String.join(", ", type.choices()));
    if (option.option().unit() == Unit.MILLISECONDS) {
      out.append(" in milliseconds");
    } else if (option.option().unit() == Unit.BINARY) {
      out.append(" in binary units");
    }
    String bounds = option.bounds();
    return bounds.isEmpty() ? out.toString() : out.append(", ").append(bounds).toString();
  }

  /** {@code required}, the default, or nothing. */
  static String preset(OptionSpec option) {
    return option.option().required() ? "required" : option.presetText();
  }
}
