package io.logboom.testkit.loki;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Loki's way to write labels: <code>{app="a", namespace="b"}</code>. */
public final class Labels {
  private static final String SERVICE_NAME = "service_name";
  private static final List<String> SERVICE_LABELS =
      List.of(
          "service",
          "app",
          "application",
          "app_name",
          "name",
          "app_kubernetes_io_name",
          "container",
          "container_name",
          "k8s_container_name",
          "component",
          "workload",
          "job",
          "k8s_job_name");

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

  /** As Go quotes it, as far as control characters go. */
  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      int letter = "\007\b\f\n\r\t\013\\\"".indexOf(c);
      if (letter >= 0) {
        quoted.append('\\').append("abfnrtv\\\"".charAt(letter));
      } else if (c < ' ' || c == 0x7F) {
        quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.toString();
  }

  /** With the {@code service_name} that Loki finds for streams without one. */
  static Map<String, String> withService(Map<String, String> labels) {
    if (labels.containsKey(SERVICE_NAME)) {
      return labels;
    }
    Map<String, String> all = new TreeMap<>(labels);
    String service = SERVICE_LABELS.stream().filter(labels::containsKey).findFirst().orElse("");
    all.put(SERVICE_NAME, service.isEmpty() ? "unknown_service" : labels.get(service));
    return all;
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

  /** A string of Go's. */
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
        case 'a' -> value.append('\007');
        case 'v' -> value.append('\013');
        case 'x' -> {
          value.append((char) Integer.parseInt(text.substring(at, at + 2), 16));
          at += 2;
        }
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
