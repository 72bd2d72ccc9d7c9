package io.logboom.testkit.loki;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Loki's way to write labels: <code>{app="a", namespace="b"}</code>. */
public final class Labels {
  private final String text;
  private int at;

  private Labels(String text) {
    this.text = text;
  }

  /** Labels in the order of their names. */
  public static String write(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(l -> l.getKey() + "=\"" + quoted(l.getValue()) + '"')
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String quoted(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\t", "\\t")
        .replace("\r", "\\r");
  }

  /**
   * Reads labels.
   *
   * @throws IllegalArgumentException where they are none; the message is what follows {@code with
   *     error:} in Loki's
   */
  public static Map<String, String> read(String text) {
    Labels in = new Labels(text);
    Map<String, String> labels = new TreeMap<>();
    in.take('{');
    while (in.peek() != '}') {
      String name = in.name();
      in.take('=');
      if (labels.put(name, in.value()) != null) {
        throw new IllegalArgumentException("duplicate label name: " + name);
      }
      in.blanks();
      if (in.peek() == ',') {
        in.at++;
        in.blanks();
      } else if (in.peek() != '}') {
        throw in.unexpected();
      }
    }
    in.take('}');
    if (in.at != text.length()) {
      throw in.unexpected();
    }
    return labels;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void blanks() {
    while (peek() == ' ') {
      at++;
    }
  }

  private void take(char c) {
    if (peek() != c) {
      throw unexpected();
    }
    at++;
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException(
        "1:" + (at + 1) + ": parse error: unexpected '" + peek() + "'");
  }

  private String name() {
    int from = at;
    while (Character.toString(peek()).matches("[A-Za-z0-9_]")) {
      at++;
    }
    if (from == at || Character.isDigit(text.charAt(from))) {
      throw unexpected();
    }
    return text.substring(from, at);
  }

  /** A string of Go's, as far as its escapes are JSON's too. */
  private String value() {
    take('"');
    StringBuilder value = new StringBuilder();
    while (peek() != '"') {
      char c = peek();
      if (at >= text.length() || c == '\n') {
        throw unexpected();
      }
      at++;
      if (c != '\\') {
        value.append(c);
        continue;
      }
      char escape = peek();
      at++;
      switch (escape) {
        case 'n' -> value.append('\n');
        case 't' -> value.append('\t');
        case 'r' -> value.append('\r');
        case 'b' -> value.append('\b');
        case 'f' -> value.append('\f');
        case '"', '\\' -> value.append(escape);
        case 'u' -> {
          value.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
          at += 4;
        }
        default -> throw unexpected();
      }
    }
    at++;
    return value.toString();
  }
}
