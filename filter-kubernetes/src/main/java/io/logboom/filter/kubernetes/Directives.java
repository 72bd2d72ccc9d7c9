package io.logboom.filter.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pod asks for by annotation, for one of its containers: {@code
 * fluentbit.io/parser[_stdout|_stderr][-CONTAINER]: NAME} and {@code
 * fluentbit.io/exclude[_stdout|_stderr][-CONTAINER]: "true"}. A container's own setting wins over
 * the pod's, and a stream's over one for both.
 *
 * @param unknown annotations that mean nothing
 */
record Directives(
    @Nullable String stdoutParser,
    @Nullable String stderrParser,
    boolean stdoutExcluded,
    boolean stderrExcluded,
    List<String> unknown) {
  static final Directives NONE = new Directives(null, null, false, false, List.of());

  static Directives of(Map<String, String> annotations, String container) {
    if (annotations.isEmpty()) {
      return NONE;
    }
    List<String> unknown = new ArrayList<>();
    for (String key : annotations.keySet()) {
      String rest = key.substring(PodReader.DIRECTIVES.length());
      int dash = rest.indexOf('-');
      String what = dash < 0 ? rest : rest.substring(0, dash);
      switch (what) {
        case "parser",
            "parser_stdout",
            "parser_stderr",
            "exclude",
            "exclude_stdout",
            "exclude_stderr" -> {}
        default -> unknown.add(key);
      }
    }
    return new Directives(
        value(annotations, "parser", "_stdout", container),
        value(annotations, "parser", "_stderr", container),
        isTrue(value(annotations, "exclude", "_stdout", container)),
        isTrue(value(annotations, "exclude", "_stderr", container)),
        List.copyOf(unknown));
  }

  private static @Nullable String value(
      Map<String, String> annotations, String what, String stream, String container) {
    String name = PodReader.DIRECTIVES + what;
    for (String key :
        List.of(name + stream + "-" + container, name + "-" + container, name + stream, name)) {
      String value = annotations.get(key);
      if (value != null) {
        return value.isBlank() ? null : value.trim();
      }
    }
    return null;
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null
        && switch (value.toLowerCase(Locale.ROOT)) {
          case "true", "on", "yes" -> true;
          default -> false;
        };
  }

  boolean parses() {
    return stdoutParser != null || stderrParser != null;
  }

  boolean excludes() {
    return stdoutExcluded || stderrExcluded;
  }
}
