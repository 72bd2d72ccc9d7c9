package io.logboom.core.config;

import io.logboom.core.config.Sources.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the classic syntax: {@code [SECTION]} in the first column, below it keys and values, each
 * line indented as the first one of the file. A line:
 *
 * <pre>
 *     Key  value up to the end of the line
 * </pre>
 *
 * The first blank ends the key. {@code #} comments out a line, never the rest of one.
 */
final class ClassicReader {
  private final Sources sources;
  private final Tree tree;
  private final Findings findings;
  private final FileKind fileKind;

  /**
   * @param fileKind whose sections are read, and no others
   */
  ClassicReader(Sources sources, Tree tree, Findings findings, FileKind fileKind) {
    this.sources = sources;
    this.tree = tree;
    this.findings = findings;
    this.fileKind = fileKind;
  }

  void read(Source source) {
    new FileReader(source).read();
  }

  /** The state of reading one file. */
  private final class FileReader {
    private final Source source;
    private int line;
    private @Nullable String indent;
    private int indentLine;
    private boolean open;
    private @Nullable SectionKind kind;
    private Mark start;
    private int number;
    private List<Entry> entries = new ArrayList<>();

    FileReader(Source source) {
      this.source = source;
      this.start = new Mark(source.name(), 1, 1);
    }

    void read() {
      int from = 0;
      String text = source.text();
      while (from < text.length()) {
        int to = text.indexOf('\n', from);
        int end = to < 0 ? text.length() : to;
        line++;
        line(text.substring(from, end > from && text.charAt(end - 1) == '\r' ? end - 1 : end));
        from = end + 1;
      }
      closeSection();
    }

    private void line(String text) {
      if (text.isBlank() || text.charAt(0) == '#') {
        return;
      }
      switch (text.charAt(0)) {
        case '[' -> section(text);
        case '@' -> command(text);
        case ' ', '\t' -> indented(text);
        default -> {
          findings.error(
              at(1),
              "a key that is not indented",
              indent == null ? "indent it by 4 blanks" : "indent it as line " + indentLine);
          entry(text, 0);
        }
      }
    }

    private Mark at(int column) {
      return new Mark(source.name(), line, column);
    }

    private void section(String text) {
      closeSection();
      open = true;
      kind = null;
      start = at(1);
      int close = text.indexOf(']');
      if (close < 0) {
        findings.error(at(1), "a section's name without its closing bracket", text.strip() + "]");
        return;
      }
      String name = text.substring(1, close);
      kind = SectionKind.byPrefix(name, fileKind);
      if (kind == null) {
        List<String> known = SectionKind.known(fileKind).stream().map(Enum::name).toList();
        findings.error(
            at(2),
            "unknown section [" + name + "]; Fluent Bit would leave it out without a word",
            Nearest.hint(name.strip(), known, "known are " + String.join(", ", known)));
      } else if (kind.file() != fileKind) {
        findings.error(
            at(2),
            "section [" + kind + "] in " + fileKind,
            fileKind == FileKind.PARSERS
                ? "a parsers file has PARSER and MULTILINE_PARSER"
                : "put it into a file of its own and name that with parsers_file in [SERVICE]");
        kind = null;
      } else {
        number = tree.open(kind, start);
      }
    }

    private void closeSection() {
      if (kind != null) {
        tree.complete(kind, number, new Section(start, entries));
      }
      entries = new ArrayList<>();
    }

    private void indented(String text) {
      int i = 0;
      while (text.charAt(i) == ' ' || text.charAt(i) == '\t') {
        i++;
      }
      if (text.charAt(i) == '#') {
        return;
      }
      checkIndent(text.substring(0, i));
      entry(text, i);
    }

    private void checkIndent(String found) {
      String wanted = indent;
      if (wanted == null) {
        indent = found;
        indentLine = line;
      } else if (!found.equals(wanted) && !found.equals(wanted + wanted)) {
        boolean mixed = !found.startsWith(wanted) && !wanted.startsWith(found);
        String rule =
            mixed
                ? "tabs and blanks are mixed in the indentation"
                : found.length() < wanted.length()
                    ? "too little indentation"
                    : "too much indentation";
        findings.error(
            at(found.length() + 1), rule, "indent it as line " + indentLine + ": " + named(wanted));
      }
    }

    private static String named(String blanks) {
      long tabs = blanks.chars().filter(c -> c == '\t').count();
      return tabs == 0
          ? blanks.length() + " blanks"
          : tabs == blanks.length() ? tabs + " tabs" : "the same tabs and blanks";
    }

    private void entry(String text, int from) {
      if (!open) {
        findings.error(at(from + 1), "a key outside of any section", "begin with [INPUT] or such");
        return;
      }
      String trimmed = text.stripTrailing();
      int space = trimmed.indexOf(' ', from);
      int tab = trimmed.indexOf('\t', from);
      if (tab >= 0 && (space < 0 || tab < space)) {
        findings.error(
            at(tab + 1), "a tab after the key", "separate the key and its value by a blank");
        space = tab;
      }
      int keyEnd = space < 0 ? trimmed.length() : space;
      int valueFrom = keyEnd;
      while (valueFrom < trimmed.length()
          && (trimmed.charAt(valueFrom) == ' ' || trimmed.charAt(valueFrom) == '\t')) {
        valueFrom++;
      }
      String key = trimmed.substring(from, keyEnd).toLowerCase(Locale.ROOT);
      String value = trimmed.substring(valueFrom);
      entries.add(new Entry(key, at(from + 1), value, value, at(valueFrom + 1), false));
    }

    private void command(String text) {
      String trimmed = text.stripTrailing();
      int space = trimmed.indexOf(' ');
      String word = (space < 0 ? trimmed : trimmed.substring(0, space)).toUpperCase(Locale.ROOT);
      String rest = space < 0 ? "" : trimmed.substring(space).strip();
      Mark mark = at(space < 0 ? 1 : trimmed.indexOf(rest, space) + 1);
      switch (word) {
        case "@INCLUDE" -> include(rest, mark);
        case "@SET" -> set(rest, mark);
        default ->
            findings.error(
                at(1),
                "unknown command " + Entry.quote(word),
                Nearest.hint(word, List.of("@INCLUDE", "@SET"), "known are @INCLUDE and @SET"));
      }
    }

    private void set(String text, Mark mark) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        findings.error(mark, "@SET without a name and a value", "@SET NAME=value");
        return;
      }
      tree.variables()
          .define(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
    }

    private void include(String text, Mark mark) {
      if (text.isEmpty()) {
        findings.error(mark, "@INCLUDE without a file", "@INCLUDE inputs.conf");
        return;
      }
      if (!sources.enter(mark)) {
        return;
      }
      for (Path path : included(text, mark)) {
        Source next = sources.open(path, mark);
        if (next != null) {
          read(next);
        }
      }
      sources.leave();
    }

    private List<Path> included(String text, Mark mark) {
      if (text.contains("*")) {
        List<Path> files = sources.glob(text, sources.mainDirectory(), mark);
        if (files.isEmpty()) {
          findings.error(
              mark, "no file fits " + Entry.quote(text), "a pattern starts where the main file is");
        }
        return files;
      }
      Path path = sources.locate(text, mark);
      return path == null ? List.of() : List.of(path);
    }

    private void read(Source next) {
      ClassicReader.this.read(next);
    }
  }
}
