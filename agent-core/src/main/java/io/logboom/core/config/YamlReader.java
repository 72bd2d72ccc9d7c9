package io.logboom.core.config;

import io.logboom.core.config.Sources.Source;
import io.logboom.core.config.YamlNodes.Member;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads the YAML syntax. */
final class YamlReader {
  private static final List<String> TOP =
      List.of(
          "env",
          "includes",
          "service",
          "pipeline",
          "parsers",
          "multiline_parsers",
          "customs",
          "stream_processor",
          "plugins",
          "upstream_servers",
          "extensions");
  private static final Map<String, SectionKind> STAGES =
      Map.of(
          "inputs", SectionKind.INPUT,
          "filters", SectionKind.FILTER,
          "outputs", SectionKind.OUTPUT);
  private static final Map<String, SectionKind> UNSUPPORTED =
      Map.of(
          "customs", SectionKind.CUSTOM,
          "stream_processor", SectionKind.STREAM_PROCESSOR,
          "plugins", SectionKind.PLUGINS,
          "upstream_servers", SectionKind.UPSTREAM_SERVERS);

  private final Sources sources;
  private final Tree tree;
  private final Findings findings;
  private final boolean parsersFile;
  private final Set<SectionKind> seen = EnumSet.noneOf(SectionKind.class);

  /**
   * @param parsersFile whether sections that define parsers are read, and no other
   */
  YamlReader(Sources sources, Tree tree, Findings findings, boolean parsersFile) {
    this.sources = sources;
    this.tree = tree;
    this.findings = findings;
    this.parsersFile = parsersFile;
  }

  void read(Source source) {
    YamlNodes nodes = new YamlNodes(source.name(), findings);
    Node root = nodes.compose(source.text());
    if (root == null) {
      return;
    }
    MappingNode map = nodes.map(root, "the file");
    if (map == null) {
      return;
    }
    for (Member member : nodes.members(map, Set.of("pipeline"))) {
      top(nodes, source, member);
    }
  }

  private void top(YamlNodes nodes, Source source, Member member) {
    String key = member.key();
    if (parsersFile && !key.equals("parsers") && !key.equals("multiline_parsers")) {
      findings.error(
          member.mark(),
          "'" + key + "' in a parsers file",
          "a parsers file has parsers and multiline_parsers");
      return;
    }
    switch (key) {
      case "service" -> service(nodes, member);
      case "env" -> env(nodes, member);
      case "includes" -> includes(nodes, source, member);
      case "pipeline" -> pipeline(nodes, member);
      case "parsers" -> definitions(nodes, member, SectionKind.PARSER);
      case "multiline_parsers" -> definitions(nodes, member, SectionKind.MULTILINE_PARSER);
      case "extensions" -> {} // free form, for others
      default -> {
        SectionKind unsupported = UNSUPPORTED.get(key);
        if (unsupported != null) {
          tree.add(unsupported, new Section(member.mark(), List.of()));
        } else {
          findings.error(
              member.mark(),
              "unknown section '" + key + "'; Fluent Bit would leave it out without a word",
              Nearest.hint(key, TOP, "known are " + String.join(", ", TOP)));
        }
      }
    }
  }

  private void service(YamlNodes nodes, Member member) {
    if (!seen.add(SectionKind.SERVICE)) {
      findings.error(member.mark(), "a second service section", "put all into one");
      return;
    }
    MappingNode map = nodes.map(member.value(), "service");
    if (map != null) {
      tree.add(SectionKind.SERVICE, section(nodes, map, "service"));
    }
  }

  private void pipeline(YamlNodes nodes, Member member) {
    MappingNode map = nodes.map(member.value(), "pipeline");
    if (map == null) {
      return;
    }
    for (Member stage : nodes.members(map, Set.of())) {
      SectionKind kind = STAGES.get(stage.key());
      if (kind == null) {
        findings.error(
            stage.mark(),
            "unknown section '" + stage.key() + "' of pipeline",
            Nearest.hint(stage.key(), STAGES.keySet(), "known are inputs, filters, outputs"));
        continue;
      }
      definitions(nodes, stage, kind);
    }
  }

  private void definitions(YamlNodes nodes, Member member, SectionKind kind) {
    SequenceNode list = nodes.list(member.value(), "'" + member.key() + "'");
    if (list == null) {
      return;
    }
    for (Node each : list.getValue()) {
      MappingNode map = nodes.map(each, "an element of '" + member.key() + "'");
      if (map != null) {
        tree.add(kind, section(nodes, map, kind.name().toLowerCase(Locale.ROOT)));
      }
    }
  }

  private Section section(YamlNodes nodes, MappingNode map, String what) {
    List<Entry> entries = new ArrayList<>();
    for (Member member : nodes.members(map, Set.of())) {
      switch (member.value()) {
        case ScalarNode scalar -> add(entries, nodes.entry(member, scalar));
        case SequenceNode list when member.key().equals("rules") -> rules(nodes, list, entries);
        case SequenceNode list -> list(nodes, member, list, entries);
        default -> nested(nodes, member, what);
      }
    }
    return new Section(nodes.mark(map), entries);
  }

  private static void add(List<Entry> entries, @Nullable Entry entry) {
    if (entry != null) {
      entries.add(entry);
    }
  }

  private void list(YamlNodes nodes, Member member, SequenceNode list, List<Entry> entries) {
    for (Node each : list.getValue()) {
      if (each instanceof ScalarNode scalar) {
        add(entries, nodes.entry(member, scalar));
      } else {
        findings.error(
            nodes.mark(each),
            "an element of option '" + member.key() + "' that is not text",
            "a list of plain values");
      }
    }
  }

  /** A rule of a multiline parser becomes what it is in classic syntax. */
  private void rules(YamlNodes nodes, SequenceNode list, List<Entry> entries) {
    List<String> parts = List.of("state", "regex", "next_state");
    for (Node each : list.getValue()) {
      MappingNode map = nodes.map(each, "a rule");
      if (map == null) {
        continue;
      }
      String[] words = new String[parts.size()];
      for (Member member : nodes.members(map, Set.of())) {
        int i = parts.indexOf(member.key());
        String text = nodes.text(member.value(), "'" + member.key() + "' of a rule");
        if (i < 0) {
          findings.error(
              member.mark(),
              "unknown key '" + member.key() + "' of a rule",
              Nearest.hint(member.key(), parts, "known are state, regex, next_state"));
        } else if (text != null) {
          words[i] = Words.quote(text);
        }
      }
      Mark mark = nodes.mark(map);
      boolean whole = true;
      for (int i = 0; i < words.length; i++) {
        if (words[i] == null) {
          whole = false;
          findings.error(
              mark, "a rule without '" + parts.get(i) + "'", "a rule has state, regex, next_state");
        }
      }
      if (whole) {
        String rule = String.join(" ", words);
        entries.add(new Entry("rule", mark, rule, rule, mark, true));
      }
    }
  }

  private void nested(YamlNodes nodes, Member member, String what) {
    String key = member.key();
    if (what.equals("service") && !key.equals("telemetry")) {
      findings.error(
          nodes.mark(member.value()),
          "option '" + key + "' of the service is a map",
          "a name with a dot is one key, such as storage.path: /var/lib/logboom");
      return;
    }
    switch (key) {
      case "processors" ->
          findings.error(
              member.mark(),
              "processors are not supported yet",
              "a filter does the same for all inputs that its match takes in");
      case "routes" ->
          findings.error(member.mark(), "routes are not supported yet", "use match of the outputs");
      case "telemetry" ->
          findings.info(member.mark(), "'telemetry' has no meaning here: /metrics has it all");
      default ->
          findings.error(
              nodes.mark(member.value()),
              "option '" + key + "' is a map",
              "a plain value or a list; a name with a dot is one key, such as tls.verify: on");
    }
  }

  private void env(YamlNodes nodes, Member member) {
    if (member.value() instanceof SequenceNode list) {
      for (Node each : list.getValue()) {
        MappingNode map = nodes.map(each, "an element of 'env'");
        if (map != null) {
          variable(nodes, map);
        }
      }
      return;
    }
    MappingNode map = nodes.map(member.value(), "'env'");
    if (map == null) {
      return;
    }
    for (Member each : nodes.membersAsWritten(map)) {
      String value = nodes.text(each.value(), "variable '" + each.key() + "'");
      if (value != null) {
        tree.variables().define(each.key(), value);
      }
    }
  }

  private void variable(YamlNodes nodes, MappingNode map) {
    List<String> known = List.of("name", "value", "uri", "refresh_interval");
    String name = null;
    String value = null;
    for (Member member : nodes.members(map, Set.of())) {
      String text = nodes.text(member.value(), "'" + member.key() + "' of a variable");
      switch (member.key()) {
        case "name" -> name = text;
        case "value", "uri" -> value = text;
        case "refresh_interval" ->
            findings.info(member.mark(), "'refresh_interval' has no meaning here yet");
        default ->
            findings.error(
                member.mark(),
                "unknown key '" + member.key() + "' of a variable",
                Nearest.hint(member.key(), known, "known are " + String.join(", ", known)));
      }
    }
    if (name == null || value == null) {
      findings.error(nodes.mark(map), "a variable needs a name and a value", "name: and value:");
    } else {
      tree.variables().define(name, value);
    }
  }

  private void includes(YamlNodes nodes, Source source, Member member) {
    SequenceNode list = nodes.list(member.value(), "'includes'");
    if (list == null) {
      return;
    }
    for (Node each : list.getValue()) {
      String text = nodes.text(each, "an element of 'includes'");
      if (text != null) {
        include(source, text, nodes.mark(each));
      }
    }
  }

  private void include(Source source, String text, Mark mark) {
    if (!sources.enter(mark)) {
      return;
    }
    for (Path path : included(Path.of(source.name()), text, mark)) {
      Source next = sources.open(path, mark);
      if (next != null) {
        read(next);
      }
    }
    sources.leave();
  }

  private List<Path> included(Path file, String text, Mark mark) {
    if (text.contains("*")) {
      Path parent = file.getParent();
      List<Path> files = sources.glob(text, parent == null ? Path.of("") : parent, mark);
      if (files.isEmpty()) {
        findings.warning(
            mark, "no file fits " + Entry.quote(text), "a pattern starts where this file is");
      }
      return files;
    }
    Path path = sources.beside(file, text, mark);
    return path == null ? List.of() : List.of(path);
  }
}
