package io.logboom.core.config;

import io.logboom.api.config.Option.Refers;
import io.logboom.api.plugin.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds a section to one or more records of options. Every problem is reported, and none twice; a
 * key that no record knows is one.
 */
public final class Binder {
  private final String what;
  private final Section section;
  private final Findings findings;
  private final @Nullable UpstreamFiles upstreams;
  private final List<OptionSpec> known = new ArrayList<>();
  private final List<String> inert = new ArrayList<>();
  private final Set<Entry> taken = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param what what the section configures, for messages: {@code tail}, {@code the service}
   * @param upstreams reads the files that options name; null where none does
   */
  Binder(String what, Section section, Findings findings, @Nullable UpstreamFiles upstreams) {
    this.what = what;
    this.section = section;
    this.findings = findings;
    this.upstreams = upstreams;
  }

  /**
   * Binds a record from names and values in turn, such as {@code bind(TailConfig.class, "path",
   * "/var/log/*.log")}. For tests of plugins, and for configuration that does not come from files.
   *
   * @throws ConfigException with everything that is wrong
   */
  public static <C extends Record> C bind(Class<C> type, String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a name without a value");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Mark mark = new Mark("options", i / 2 + 1, 1);
      String value = namesAndValues[i + 1];
      entries.add(
          new Entry(namesAndValues[i].toLowerCase(Locale.ROOT), mark, value, value, mark, true));
    }
    Findings findings = new Findings();
    Section section = new Section(Mark.of("options"), entries);
    Binder binder =
        new Binder(
            RecordSpec.snake(type.getSimpleName()),
            section,
            findings,
            UpstreamFiles.alone(findings));
    C bound = binder.take(RecordSpec.of(type));
    binder.finish();
    if (bound == null || findings.errors() > 0) {
      throw new ConfigException(findings.sorted());
    }
    return bound;
  }

  /** The record, or null where something is wrong with its options. */
  <C extends Record> @Nullable C take(RecordSpec<C> spec) {
    int before = findings.errors();
    Map<OptionSpec, @Nullable Object> values = new HashMap<>();
    for (OptionSpec option : spec.options()) {
      known.add(option);
      values.put(option, value(option));
    }
    if (findings.errors() > before) {
      return null;
    }
    try {
      return spec.make(values::get);
    } catch (IllegalArgumentException e) {
      findings.error(section.mark(), what + ": " + e.getMessage(), "the reference has its rules");
      return null;
    }
  }

  /** Takes keys that mean something elsewhere. */
  void ignore(String... keys) {
    for (Entry entry : section.entries()) {
      if (List.of(keys).contains(entry.key())) {
        taken.add(entry);
      }
    }
  }

  /** Takes options that have no meaning here, and says so where one asks for something. */
  void inert(List<InertOption> options) {
    for (InertOption option : options) {
      inert.add(option.name());
      for (Entry entry : section.entries()) {
        if (entry.key().equals(option.name()) && taken.add(entry)) {
          mention(option, entry);
        }
      }
    }
  }

  private void mention(InertOption option, Entry entry) {
    if (entry.text().isEmpty()) {
      return;
    }
    String start = "option '" + entry.key() + "' of " + what;
    try {
      if (option.differs(entry.text())) {
        findings.info(entry.keyMark(), start + " has no effect: " + option.why());
      }
    } catch (BadValueException e) {
      findings.error(entry.valueMark(), start + " = " + entry.shown() + ": " + e.rule(), e.hint());
    }
  }

  /** Reports every key that nothing has taken. */
  void finish() {
    List<String> own = known.stream().map(OptionSpec::name).distinct().toList();
    List<String> names = new ArrayList<>(own);
    names.addAll(inert);
    for (Entry entry : section.entries()) {
      if (!taken.contains(entry)) {
        findings.error(
            entry.keyMark(),
            "unknown option '" + entry.key() + "' of " + what,
            Nearest.hint(entry.key(), names, "known are " + String.join(", ", own)));
      }
    }
  }

  /** For a plugin's own checks: problems at the place of the option they name. */
  Problems problems() {
    return new Problems() {
      @Override
      public void error(String option, String rule, String hint) {
        findings.error(place(option), text(option, rule), hint.isEmpty() ? meaning(option) : hint);
      }

      @Override
      public void warning(String option, String rule, String hint) {
        findings.warning(place(option), text(option, rule), hint);
      }
    };
  }

  private String meaning(String option) {
    OptionSpec spec = spec(option);
    return spec == null ? "the reference has its rules" : spec.option().text();
  }

  private Mark place(String option) {
    OptionSpec spec = spec(option);
    List<Entry> given = spec == null ? List.of() : entries(spec);
    return given.isEmpty() ? section.mark() : given.getLast().valueMark();
  }

  private String text(String option, String rule) {
    if (option.isEmpty()) {
      return what + ": " + rule;
    }
    OptionSpec spec = spec(option);
    List<Entry> given = spec == null ? List.of() : entries(spec);
    if (spec == null || given.isEmpty()) {
      return "option '" + option + "' of " + what + ": " + rule;
    }
    return saying(spec, given.getLast(), given.getLast().discreet(rule));
  }

  private @Nullable OptionSpec spec(String option) {
    for (OptionSpec spec : known) {
      if (spec.answersTo(option)) {
        return spec;
      }
    }
    return null;
  }

  private List<Entry> entries(OptionSpec spec) {
    return section.entries().stream().filter(e -> spec.answersTo(e.key())).toList();
  }

  private @Nullable Object value(OptionSpec spec) {
    List<Entry> given = new ArrayList<>();
    List<Entry> written = entries(spec);
    for (Entry entry : written) {
      taken.add(entry);
      if (!isMissing(spec, entry)) {
        given.add(entry);
      }
    }
    if (given.isEmpty()) {
      if (spec.option().required() && written.stream().allMatch(Entry::expanded)) {
        findings.error(
            section.mark(),
            "option '" + spec.name() + "' of " + what + " is missing",
            spec.option().text());
      }
      return spec.option().required() ? null : spec.preset();
    }
    if (given.size() > 1 && !spec.list()) {
      repeated(given);
      return null;
    }
    List<Object> values = new ArrayList<>();
    for (Entry entry : given) {
      try {
        values.addAll(spec.values(entry.text()));
      } catch (BadValueException e) {
        String hint = e.hint().isEmpty() ? spec.option().text() : e.hint();
        findings.error(entry.valueMark(), saying(spec, entry, e.rule()), hint);
      }
    }
    if (values.isEmpty()) {
      return null;
    }
    if (spec.nodes() != null && upstreams != null) {
      return upstreams.bind(given.getFirst(), spec.nodes());
    }
    return spec.list() ? List.copyOf(values) : values.getFirst();
  }

  private void repeated(List<Entry> given) {
    Entry first = given.getFirst();
    for (Entry again : given.subList(1, given.size())) {
      if (again.keyMark().equals(first.keyMark())) {
        findings.error(
            again.valueMark(),
            "option '" + again.key() + "' of " + what + " has a list",
            "it can have one value");
        continue;
      }
      findings.error(
          again.keyMark(),
          "option '" + again.key() + "' of " + what + " is given again",
          "it stands in " + first.keyMark() + " already and can have one value");
    }
  }

  /** An empty value is as none; it must not pass in silence. */
  private boolean isMissing(OptionSpec spec, Entry entry) {
    if (!entry.text().isEmpty()) {
      return false;
    }
    boolean text = spec.type().type() == String.class || spec.type().secret();
    if (entry.quoted() && text) {
      return false;
    }
    String start = "option '" + entry.key() + "' of " + what;
    if (entry.expanded()) {
      findings.warning(
          entry.valueMark(),
          start + " = " + Entry.quote(entry.written()) + " is empty and counts as not given",
          "");
    } else {
      findings.error(entry.valueMark(), start + " has no value", spec.option().text());
    }
    return true;
  }

  private String saying(OptionSpec spec, Entry entry, String rule) {
    String value = spec.type().secret() ? "***" : entry.shown();
    return "option '" + entry.key() + "' of " + what + " = " + value + ": " + rule;
  }

  /** The values that a section gives for options that refer to something. */
  List<Reference> references() {
    List<Reference> all = new ArrayList<>();
    for (OptionSpec spec : known) {
      Refers refers = spec.option().refers();
      if (refers == Refers.NOTHING) {
        continue;
      }
      for (Entry entry : entries(spec)) {
        for (String name :
            spec.splits() ? entry.text().split(",", -1) : new String[] {entry.text()}) {
          if (!name.isBlank()) {
            String shown = entry.shown(name.strip());
            all.add(
                new Reference(refers, spec.name(), name.strip(), shown, entry.valueMark(), what));
          }
        }
      }
    }
    return all;
  }

  /** What is in effect for each option, and where it comes from. */
  List<EffectiveOption> effective() {
    List<EffectiveOption> all = new ArrayList<>();
    for (OptionSpec spec : known) {
      List<Entry> given = entries(spec);
      for (Entry entry : given) {
        String value = spec.type().secret() ? "***" : entry.shownValue();
        all.add(new EffectiveOption(spec.name(), value, entry.valueMark().toString()));
      }
      if (given.isEmpty() && !spec.presetText().isEmpty()) {
        all.add(new EffectiveOption(spec.name(), spec.presetText(), "default"));
      }
    }
    return all.stream().distinct().toList();
  }

  /**
   * A value that names something.
   *
   * @param shown the name for a message
   * @param what what the section configures
   */
  record Reference(
      Refers refers, String option, String name, String shown, Mark mark, String what) {}
}
