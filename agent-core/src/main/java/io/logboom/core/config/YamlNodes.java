package io.logboom.core.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** The nodes of one YAML file, taken apart with every mistake reported at its place. */
final class YamlNodes {
  /** What is more takes too much memory to hold. */
  private static final int MOST_EVENTS = 100_000;

  private final String file;
  private final Findings findings;

  /** A key of a map and what it stands for. */
  record Member(String key, Mark mark, Node value) {}

  YamlNodes(String file, Findings findings) {
    this.file = file;
    this.findings = findings;
  }

  /** The document; null where it is empty or not YAML, which is reported. */
  @Nullable Node compose(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Sources.LARGEST);
    options.setNestingDepthLimit(50);
    Yaml yaml = new Yaml(new SafeConstructor(options));
    try {
      int events = 0;
      for (Event event : yaml.parse(new StringReader(text))) {
        if (++events > MOST_EVENTS) {
          findings.error(
              mark(event.getStartMark()),
              "more than " + MOST_EVENTS + " keys and values",
              "split the file by includes");
          return null;
        }
        if (event instanceof AliasEvent alias) {
          findings.error(
              mark(alias.getStartMark()),
              "an alias (*" + alias.getAnchor() + "); Fluent Bit does not take one either",
              "write the value out; a value that begins with * needs quotes");
          return null;
        }
      }
      return yaml.compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      org.yaml.snakeyaml.error.Mark mark = e.getProblemMark();
      findings.error(
          mark == null ? new Mark(file, 1, 1) : mark(mark), "not YAML: " + problem(e), hint(e));
    } catch (ReaderException e) {
      findings.error(
          placeOf(text, e.getPosition()),
          String.format(
              Locale.ROOT, "a character that YAML does not allow, U+%04X", e.getCodePoint()),
          "");
    } catch (YAMLException e) {
      findings.error(new Mark(file, 1, 1), "not YAML: " + e.getMessage(), "");
    }
    return null;
  }

  private static String problem(MarkedYAMLException e) {
    String problem = e.getProblem();
    return (problem == null ? String.valueOf(e.getMessage()) : problem).replaceAll("\\s+", " ");
  }

  private static String hint(MarkedYAMLException e) {
    String problem = problem(e);
    String context = e.getContext();
    if (problem.contains("TAB")) {
      return "indent by blanks";
    }
    if (problem.contains("another document")) {
      return "one document a file; remove the ---";
    }
    if (context != null && context.contains("alias")) {
      return "put a value that begins with * in quotes, such as match: '*'";
    }
    return context == null ? "" : context;
  }

  private Mark placeOf(String text, int position) {
    int line = 1;
    int start = 0;
    int end = text.offsetByCodePoints(0, Math.min(position, text.codePointCount(0, text.length())));
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        start = i + 1;
      }
    }
    return new Mark(file, line, end - start + 1);
  }

  Mark mark(Node node) {
    return mark(node.getStartMark());
  }

  private Mark mark(org.yaml.snakeyaml.error.Mark mark) {
    return new Mark(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** The node as a map; null where it is none, which is reported. */
  @Nullable MappingNode map(Node node, String what) {
    if (node instanceof MappingNode map) {
      return map;
    }
    findings.error(mark(node), what + " is not a map", "lines of key: value");
    return null;
  }

  /** The node as a list; null where it is none, which is reported. */
  @Nullable SequenceNode list(Node node, String what) {
    if (node instanceof SequenceNode list) {
      return list;
    }
    findings.error(mark(node), what + " is not a list", "lines that begin with a dash");
    return null;
  }

  /** The node as text; null where it is none, which is reported. */
  @Nullable String text(Node node, String what) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    findings.error(mark(node), what + " is not a plain value", "one value, in quotes or not");
    return null;
  }

  /**
   * The members of a map, keys in lower snake case; a key that is there already is reported and
   * left out.
   *
   * @param mayRepeat keys that may
   */
  List<Member> members(MappingNode map, Set<String> mayRepeat) {
    return members(map, mayRepeat, YamlNodes::normal);
  }

  /** As {@link #members}, but the keys as they are. */
  List<Member> membersAsWritten(MappingNode map) {
    return members(map, Set.of(), key -> key);
  }

  private List<Member> members(
      MappingNode map, Set<String> mayRepeat, UnaryOperator<String> normal) {
    List<Member> members = new ArrayList<>();
    Map<String, Mark> seen = new HashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        findings.error(mark(tuple.getKeyNode()), "a key that is not text", "key: value");
        continue;
      }
      String key = normal.apply(name.getValue());
      Mark mark = mark(name);
      Mark first = seen.putIfAbsent(key, mark);
      if (first != null && !mayRepeat.contains(key)) {
        findings.error(mark, "key '" + key + "' is there twice", "it stands in " + first + " too");
        continue;
      }
      members.add(new Member(key, mark, tuple.getValueNode()));
    }
    return members;
  }

  /**
   * {@code httpServer} as {@code http_server}; what has an underscore or a capital first, lower.
   */
  static String normal(String key) {
    boolean camel = !key.isEmpty() && Character.isLowerCase(key.charAt(0)) && !key.contains("_");
    return camel ? RecordSpec.snake(key) : key.toLowerCase(Locale.ROOT);
  }

  /** An option's value; null where it is YAML's null, which is reported. */
  @Nullable Entry entry(Member member, ScalarNode scalar) {
    String text = scalar.getValue();
    boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
    if (!quoted && scalar.getTag().equals(Tag.NULL) && !text.isEmpty()) {
      findings.error(
          mark(scalar),
          "option '" + member.key() + "' is " + text + "; Fluent Bit would take this as text",
          "leave the option out, or put the text in quotes");
      return null;
    }
    return new Entry(member.key(), member.mark(), text, text, mark(scalar), quoted);
  }
}
