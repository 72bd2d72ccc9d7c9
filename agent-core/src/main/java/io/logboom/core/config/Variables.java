package io.logboom.core.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${NAME}} and {@code ${NAME:-word}} in values. A name is looked up among what
 * {@code @SET} and {@code env} define, then in the environment, where empty is as unset. A variable
 * whose value is {@code file://PATH} stands for that file's content without one line break at its
 * end.
 */
final class Variables {
  private static final String FILE = "file://";
  private static final int LARGEST_FILE = 1 << 20;

  private final Map<String, String> environment;
  private final Findings findings;
  private final Set<Path> lookedAt;
  private final Map<String, String> defined = new HashMap<>();

  /**
   * @param lookedAt takes each file whose content a variable stands for
   */
  Variables(Map<String, String> environment, Findings findings, Set<Path> lookedAt) {
    this.environment = Map.copyOf(environment);
    this.findings = findings;
    this.lookedAt = lookedAt;
  }

  void define(String name, String value) {
    defined.put(name, value);
  }

  Section expand(Section section) {
    List<Entry> entries = section.entries().stream().map(this::expand).toList();
    return new Section(section.mark(), entries);
  }

  private Entry expand(Entry entry) {
    String written = entry.written();
    if (!written.contains("${")) {
      return entry;
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (true) {
      int from = written.indexOf("${", at);
      int to = from < 0 ? -1 : written.indexOf('}', from);
      if (to < 0) {
        out.append(written, at, written.length());
        break;
      }
      out.append(written, at, from);
      out.append(value(written.substring(from + 2, to), entry));
      at = to + 1;
    }
    return new Entry(
        entry.key(),
        entry.keyMark(),
        out.toString().strip(),
        written,
        entry.valueMark(),
        entry.quoted());
  }

  private String value(String inside, Entry entry) {
    int split = inside.indexOf(":-");
    String name = split < 0 ? inside : inside.substring(0, split);
    String value = find(name);
    if (value == null) {
      if (split >= 0) {
        return inside.substring(split + 2);
      }
      String known = Nearest.of(name, defined.keySet());
      findings.warning(
          entry.valueMark(),
          "variable '" + name + "' is not set and counts as empty",
          known != null
              ? "did you mean '" + known + "'?"
              : "set it, or give a default: ${" + name + ":-default}");
      return "";
    }
    return value.startsWith(FILE) ? content(name, value.substring(FILE.length()), entry) : value;
  }

  private @Nullable String find(String name) {
    String value = defined.get(name);
    if (value == null || value.isEmpty()) {
      value = environment.get(name);
    }
    if (value != null && !value.isEmpty()) {
      return value;
    }
    return name.equals("HOSTNAME") ? hostName() : null;
  }

  private String content(String name, String path, Entry entry) {
    String what = "variable '" + name + "' names the file " + path;
    try {
      return content(Path.of(path), what, entry);
    } catch (InvalidPathException e) {
      findings.error(entry.valueMark(), what + ", which cannot be read: " + Sources.reason(e), "");
      return "";
    }
  }

  private String content(Path file, String what, Entry entry) {
    lookedAt.add(file);
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        findings.error(entry.valueMark(), what + ", which is larger than 1 MiB", "");
        return "";
      }
      String text = Sources.decode(bytes);
      if (text.endsWith("\n") || text.endsWith("\r")) {
        text = text.substring(0, text.length() - 1);
      }
      if (text.isEmpty()) {
        findings.error(entry.valueMark(), what + ", which is empty", "");
      }
      return text;
    } catch (CharacterCodingException e) {
      findings.error(entry.valueMark(), what + ", which is not UTF-8", "");
    } catch (IOException e) {
      findings.error(entry.valueMark(), what + ", which cannot be read: " + Sources.reason(e), "");
    }
    return "";
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
