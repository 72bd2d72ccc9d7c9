package io.logboom.core.config;

import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.Plugin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Binds the sections of inputs, filters and outputs. */
final class StageBinder {
  private final Catalog catalog;
  private final Findings findings;
  private final UpstreamFiles upstreams;
  private final List<BoundStage> bound = new ArrayList<>();

  StageBinder(Catalog catalog, Findings findings, UpstreamFiles upstreams) {
    this.catalog = catalog;
    this.findings = findings;
    this.upstreams = upstreams;
  }

  List<BoundStage> bind(Tree tree) {
    List<Section> inputs = expanded(tree, SectionKind.INPUT);
    List<Section> filters = expanded(tree, SectionKind.FILTER);
    List<Section> outputs = expanded(tree, SectionKind.OUTPUT);
    boolean oneToOne = inputs.size() == 1 && outputs.size() == 1;
    all(SectionKind.INPUT, inputs, "tag");
    all(SectionKind.FILTER, filters, "");
    all(SectionKind.OUTPUT, outputs, oneToOne ? "match" : "");
    return bound;
  }

  private static List<Section> expanded(Tree tree, SectionKind kind) {
    return tree.of(kind).stream().map(tree.variables()::expand).toList();
  }

  /**
   * @param filled an option that has a default that depends on the other sections: {@code tag},
   *     {@code match}, or none
   */
  private void all(SectionKind kind, List<Section> sections, String filled) {
    Map<String, Mark> names = new HashMap<>();
    // Each type is counted alone, those with an alias too: an instance of another type, or an alias
    // for the one before, does not rename this one, nor move its state.
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      Entry named = section.first("name");
      if (named == null || named.text().isEmpty()) {
        findings.error(
            section.mark(),
            "section " + Catalog.name(kind) + " without a name",
            "name: and one of " + String.join(", ", catalog.names(kind)));
        continue;
      }
      String word = named.text().toLowerCase(Locale.ROOT);
      Plugin<?, ?> plugin = catalog.find(kind, word);
      if (plugin == null) {
        boolean known = FluentBitPlugins.has(kind, word);
        String rule =
            (known ? "Fluent Bit's " : "unknown ")
                + Catalog.name(kind)
                + " "
                + named.shown(word)
                + (known ? " is not supported yet" : "");
        findings.error(
            named.valueMark(),
            rule,
            known
                ? "there are " + String.join(", ", catalog.names(kind))
                : catalog.hint(kind, word));
        continue;
      }
      String generated = word + '.' + (numbers.merge(plugin.type(), 1, Integer::sum) - 1);
      // Fluent Bit's tag: it counts all inputs.
      boolean untagged = plugin instanceof InputPlugin<?> input && !input.hasDefaultTag();
      Section whole =
          untagged ? section : fill(section, filled, filled.equals("tag") ? word + '.' + i : "*");
      bound.add(bind(kind, word, name(whole, generated, names), plugin, whole));
    }
  }

  private static Section fill(Section section, String key, String value) {
    boolean given =
        section.first(key) != null || (key.equals("match") && section.first("match_regex") != null);
    if (key.isEmpty() || given) {
      return section;
    }
    Mark mark = Mark.of("default");
    List<Entry> entries = new ArrayList<>(section.entries());
    entries.add(new Entry(key, mark, value, value, mark, true));
    return new Section(section.mark(), entries);
  }

  private String name(Section section, String generated, Map<String, Mark> names) {
    Entry alias = section.first("alias");
    String name = alias == null || alias.text().isEmpty() ? generated : alias.text();
    Mark mark = alias == null ? section.mark() : alias.valueMark();
    String shown = alias == null ? Entry.quote(name) : alias.shown(name);
    if (name.contains("/") || name.equals(".") || name.equals("..") || name.length() > 200) {
      findings.error(
          mark,
          "name " + shown + " cannot be a directory's name, which it also is",
          "a name without /, up to 200 characters");
    }
    Mark first = names.putIfAbsent(name, mark);
    if (first != null) {
      findings.error(mark, "name " + shown + " is taken", "another has it in " + first);
    }
    return name;
  }

  private <C extends Record> BoundStage bind(
      SectionKind kind, String word, String name, Plugin<C, ?> plugin, Section section) {
    Binder binder = new Binder(word, section, findings, upstreams);
    RecordSpec<C> spec = RecordSpec.of(plugin.config());
    @Nullable C config = binder.take(spec);
    Record common =
        switch (kind) {
          case INPUT -> binder.take(RecordSpec.of(InputCommon.class));
          case FILTER -> binder.take(RecordSpec.of(FilterCommon.class));
          default -> binder.take(RecordSpec.of(OutputCommon.class));
        };
    binder.inert(
        switch (kind) {
          case INPUT -> InertOption.INPUT;
          case FILTER -> InertOption.FILTER;
          default -> InertOption.OUTPUT;
        });
    binder.ignore("name");
    binder.finish();
    if (config != null) {
      plugin.check(config, binder.problems());
    }
    return new BoundStage(kind, name, plugin, config, common, section, binder);
  }
}
