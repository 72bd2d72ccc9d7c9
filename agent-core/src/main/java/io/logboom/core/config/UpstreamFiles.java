package io.logboom.core.config;

import io.logboom.api.config.Option;
import io.logboom.api.config.Upstream;
import io.logboom.core.config.Sources.Source;
import io.logboom.core.config.YamlNodes.Member;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads the files that list servers, each once, and binds their nodes. Classic syntax has {@code
 * [UPSTREAM]} and {@code [NODE]}; YAML:
 *
 * <pre>
 * upstream_servers:
 *   - name: aggregators
 *     nodes:
 *       - name: first
 *         host: 10.0.0.1
 * </pre>
 */
final class UpstreamFiles {
  private final Sources sources;
  private final Variables variables;
  private final Findings findings;
  private final Map<Path, @Nullable Read> read = new HashMap<>();

  /** The sections of a file. */
  private record Read(List<Section> upstreams, List<Section> nodes) {}

  /** What {@code [UPSTREAM]} says. */
  record Head(@Option(text = "What the servers are together.", required = true) String name) {}

  UpstreamFiles(Sources sources, Variables variables, Findings findings) {
    this.sources = sources;
    this.variables = variables;
    this.findings = findings;
  }

  /** For options that come from no file. */
  static UpstreamFiles alone(Findings findings) {
    Set<Path> lookedAt = new LinkedHashSet<>();
    Path here = Path.of("").toAbsolutePath();
    return new UpstreamFiles(
        new Sources(here, Path.of(""), findings, lookedAt),
        new Variables(Map.of(), findings, lookedAt),
        findings);
  }

  /** The servers in the file that an option names; null where something is wrong with it. */
  <N extends Record> @Nullable Upstream<N> bind(Entry option, RecordSpec<N> spec) {
    int before = findings.errors();
    Path path = sources.locate(option.text(), option.valueMark());
    if (path == null) {
      return null;
    }
    if (!read.containsKey(path)) {
      read.put(path, read(path, option));
    }
    Read file = read.get(path);
    if (file == null) {
      return null;
    }
    String name = name(file, option);
    List<N> nodes = new ArrayList<>();
    Map<String, Mark> names = new HashMap<>();
    for (Section each : file.nodes()) {
      Section section = variables.expand(each);
      String label = section.name();
      Binder binder =
          new Binder(label.isEmpty() ? "a node" : "node " + label, section, findings, null);
      N node = binder.take(spec);
      binder.finish();
      Mark first = names.putIfAbsent(label, section.mark());
      if (first != null && !label.isEmpty()) {
        findings.error(
            section.mark(), "a second node " + Entry.quote(label), "the first is in " + first);
      }
      if (node != null) {
        nodes.add(node);
      }
    }
    if (file.nodes().isEmpty()) {
      findings.error(option.valueMark(), path + " lists no node", "[NODE] with name and host");
    }
    return findings.errors() > before || name == null ? null : new Upstream<>(name, nodes);
  }

  private @Nullable String name(Read file, Entry option) {
    if (file.upstreams().size() != 1) {
      findings.error(
          file.upstreams().isEmpty() ? option.valueMark() : file.upstreams().getLast().mark(),
          file.upstreams().isEmpty()
              ? option.text() + " has no section [UPSTREAM]"
              : "a second section [UPSTREAM]",
          "one [UPSTREAM] with a name, and a [NODE] for each server");
      return null;
    }
    Section section = variables.expand(file.upstreams().getFirst());
    Binder binder = new Binder("the upstream", section, findings, null);
    Head head = binder.take(RecordSpec.of(Head.class));
    binder.finish();
    return head == null ? null : head.name();
  }

  private @Nullable Read read(Path path, Entry option) {
    // What a variable gave may be a secret that got into the wrong option.
    String shown = option.expanded() ? option.shown() : path.toString();
    Source source = sources.open(path, option.valueMark(), shown);
    if (source == null) {
      return null;
    }
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return yaml(source);
    }
    Tree tree = new Tree(variables);
    new ClassicReader(sources, tree, findings, FileKind.UPSTREAM).read(source);
    return new Read(tree.of(SectionKind.UPSTREAM), tree.of(SectionKind.NODE));
  }

  private Read yaml(Source source) {
    YamlNodes nodes = new YamlNodes(source.name(), findings);
    Read all = new Read(new ArrayList<>(), new ArrayList<>());
    Node root = nodes.compose(source.text());
    MappingNode map = root == null ? null : nodes.map(root, "the file");
    if (map == null) {
      return all;
    }
    for (Member member : nodes.members(map, Set.of())) {
      if (!member.key().equals("upstream_servers")) {
        findings.error(
            member.mark(), "'" + member.key() + "' in an upstream file", "it has upstream_servers");
        continue;
      }
      SequenceNode list = nodes.list(member.value(), "'upstream_servers'");
      for (Node each : list == null ? List.<Node>of() : list.getValue()) {
        MappingNode upstream = nodes.map(each, "an element of 'upstream_servers'");
        if (upstream != null) {
          upstream(nodes, upstream, all);
        }
      }
    }
    return all;
  }

  private void upstream(YamlNodes nodes, MappingNode map, Read into) {
    List<Entry> own = new ArrayList<>();
    for (Member member : nodes.members(map, Set.of())) {
      if (member.key().equals("nodes")) {
        SequenceNode list = nodes.list(member.value(), "'nodes'");
        for (Node each : list == null ? List.<Node>of() : list.getValue()) {
          MappingNode node = nodes.map(each, "an element of 'nodes'");
          if (node != null) {
            into.nodes().add(section(nodes, node));
          }
        }
      } else {
        add(nodes, member, own);
      }
    }
    into.upstreams().add(new Section(nodes.mark(map), own));
  }

  private Section section(YamlNodes nodes, MappingNode map) {
    List<Entry> entries = new ArrayList<>();
    for (Member member : nodes.members(map, Set.of())) {
      add(nodes, member, entries);
    }
    return new Section(nodes.mark(map), entries);
  }

  private void add(YamlNodes nodes, Member member, List<Entry> into) {
    if (member.value() instanceof ScalarNode scalar) {
      Entry entry = nodes.entry(member, scalar);
      if (entry != null) {
        into.add(entry);
      }
    } else {
      findings.error(
          nodes.mark(member.value()),
          "option '" + member.key() + "' is no plain value",
          "a name with a dot is one key, such as tls.verify: on");
    }
  }
}
