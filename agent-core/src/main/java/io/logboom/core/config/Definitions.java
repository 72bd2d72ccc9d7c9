package io.logboom.core.config;

import io.logboom.api.plugin.Problems;
import io.logboom.core.config.MultilineDefinition.Rule;
import io.logboom.core.config.ParserDefinition.Format;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Binds the sections that define parsers. */
final class Definitions {
  private final Findings findings;
  private final List<ParserDefinition> parsers = new ArrayList<>();
  private final List<MultilineDefinition> multilineParsers = new ArrayList<>();
  private final Set<String> parserNames = new HashSet<>();
  private final Set<String> multilineNames = new HashSet<>();
  private final List<Binder.Reference> references = new ArrayList<>();

  Definitions(Findings findings) {
    this.findings = findings;
  }

  void bind(Tree tree) {
    Map<String, Mark> names = new HashMap<>();
    for (Section written : tree.of(SectionKind.PARSER)) {
      Section section = tree.variables().expand(written);
      Binder binder = binder("parser", section);
      ParserDefinition parser = binder.take(RecordSpec.of(ParserDefinition.class));
      binder.finish();
      named(section, names, parserNames);
      if (parser != null) {
        check(parser, binder);
        parsers.add(parser);
      }
    }
    names.clear();
    for (Section written : tree.of(SectionKind.MULTILINE_PARSER)) {
      Section section = tree.variables().expand(written);
      Binder binder = binder("multiline parser", section);
      MultilineDefinition parser = binder.take(RecordSpec.of(MultilineDefinition.class));
      binder.finish();
      named(section, names, multilineNames);
      references.addAll(binder.references());
      if (parser != null) {
        check(parser, binder);
        multilineParsers.add(parser);
      }
    }
  }

  private Binder binder(String kind, Section section) {
    String name = section.name();
    return new Binder(name.isEmpty() ? "a " + kind : kind + " " + name, section, findings, null);
  }

  /** Remembers the name also where the rest is wrong, so that who uses it is not blamed. */
  private void named(Section section, Map<String, Mark> seen, Set<String> into) {
    Entry entry = section.first("name");
    if (entry == null || entry.text().isEmpty()) {
      return;
    }
    into.add(entry.text());
    Mark first = seen.putIfAbsent(entry.text(), entry.valueMark());
    if (first != null) {
      findings.error(
          entry.valueMark(),
          "a second parser of the name " + entry.shown(),
          "the first is in " + first);
    }
  }

  private static void check(ParserDefinition parser, Binder binder) {
    if (parser.format() == Format.REGEX && parser.regex() == null) {
      binder
          .problems()
          .error("", "the format is regex and there is no regex", "regex: and the expression");
    }
    if (parser.regex() != null && parser.regex().names().isEmpty()) {
      binder
          .problems()
          .error("regex", "no group has a name, so that no member comes of it", "(?<name>...)");
    }
    ParserDefinition.Time time = parser.time();
    if (time.timeZone() != null && (time.timeOffset() != null || time.timeSystemTimezone())) {
      binder
          .problems()
          .error(
              "time_zone",
              "time_zone together with "
                  + (time.timeOffset() != null ? "time_offset" : "time_system_timezone"),
              "one of them");
    }
  }

  private static void check(MultilineDefinition parser, Binder binder) {
    Problems problems = binder.problems();
    if (parser.type() != MultilineDefinition.Type.REGEX) {
      if (parser.matchString() == null || parser.matchString().isEmpty()) {
        problems.error(
            "", "the types endswith and equal need a match_string", "match_string: and the text");
      }
      return;
    }
    List<Rule> rules = parser.rule();
    if (rules.isEmpty()) {
      problems.error("", "the type regex needs rules", "the first has the state start_state");
      return;
    }
    Set<String> states = new TreeSet<>();
    rules.forEach(r -> states.addAll(r.from()));
    if (!rules.getFirst().from().contains("start_state")) {
      problems.error("rule", "the first rule has another state than start_state", "start_state");
    }
    for (Rule rule : rules) {
      if (!states.contains(rule.to())) {
        problems.error(
            "rule",
            "no rule has the state '" + rule.to() + "' that another one leads to",
            Nearest.hint(rule.to(), states, "the states are " + String.join(", ", states)));
      }
    }
  }

  List<ParserDefinition> parsers() {
    return parsers;
  }

  List<MultilineDefinition> multilineParsers() {
    return multilineParsers;
  }

  Set<String> parserNames() {
    return parserNames;
  }

  Set<String> multilineNames() {
    return multilineNames;
  }

  List<Binder.Reference> references() {
    return references;
  }
}
