package io.logboom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Plugin;
import io.logboom.core.config.Binder;
import io.logboom.core.config.ReferenceDocs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The options of every plugin of the program, found by their annotations alone, so that none can be
 * left out: each has its entry in the reference, a default that is what it says, and a component
 * that a user's value reaches.
 */
final class PluginOptionsTest {
  static List<Named<Plugin<?, ?>>> plugins() {
    return Installed.find().all().stream()
        .map(each -> Named.<Plugin<?, ?>>of(page(each), each))
        .toList();
  }

  private static String page(Plugin<?, ?> plugin) {
    return switch (plugin) {
          case InputPlugin<?> _ -> "input-";
          case FilterPlugin<?> _ -> "filter-";
          case OutputPlugin<?> _ -> "output-";
        }
        + plugin.type();
  }

  /** What is bound where these options are given beside those that are required. */
  private static Map<String, List<Object>> bound(Plugin<?, ?> plugin, String... namesAndValues) {
    List<String> given = new ArrayList<>(List.of(namesAndValues));
    List<DeclaredOption> options = DeclaredOption.of(plugin);
    for (DeclaredOption each : options) {
      if (each.option().required() && !given.contains(each.name())) {
        given.addAll(List.of(each.name(), "/required"));
      }
    }
    Record config = Binder.bind(plugin.config(), given.toArray(String[]::new));
    return options.stream()
        .collect(Collectors.toMap(DeclaredOption::name, each -> each.in(config)));
  }

  @ParameterizedTest
  @MethodSource("plugins")
  void hasACompleteEntryForEachOptionInTheReference(Plugin<?, ?> plugin) {
    String page =
        Objects.requireNonNull(
                ReferenceDocs.pages(ProgramCatalog.get()).get(page(plugin) + ".md"), "a page")
            // Options of a file that an option names have tables of their own.
            .replaceFirst("(?s)\n## Nodes in the file of .*", "");
    assertThat(page).contains(plugin.text());
    List<String> rows = page.lines().filter(line -> line.startsWith("| `")).toList();
    List<DeclaredOption> options = DeclaredOption.of(plugin);
    assertThat(rows).hasSameSizeAs(options);
    for (DeclaredOption each : options) {
      List<String[]> entries =
          rows.stream()
              .filter(row -> row.startsWith("| `" + each.name() + "` |"))
              .map(row -> row.split("(?<!\\\\)\\|"))
              .toList();
      assertThat(entries).as("entries of %s", each.name()).hasSize(1);
      String[] cells = entries.getFirst();
      assertThat(cells).as("cells of %s", each.name()).hasSize(5);
      assertThat(cells[2]).as("value of %s", each.name()).isNotBlank();
      assertThat(cells[3].replace("\\", ""))
          .as("default of %s", each.name())
          .isEqualTo(byDefault(each));
      assertThat(each.option().text()).as("meaning of %s", each.name()).matches("\\S.*\\.");
      assertThat(cells[4].replace("\\", "").replace("&lt;", "<"))
          .startsWith(" " + each.option().text())
          .satisfies(cell -> assertThat(each.words()).allMatch((cell + cells[1])::contains));
    }
  }

  private static String byDefault(DeclaredOption declared) {
    String preset = declared.preset();
    return declared.option().required()
        ? " required "
        : preset.isEmpty() ? "  " : " `" + preset + "` ";
  }

  @ParameterizedTest
  @MethodSource("plugins")
  void aDefaultIsWhatItWouldBeIfItWereWritten(Plugin<?, ?> plugin) {
    Map<String, List<Object>> untouched = bound(plugin);
    for (DeclaredOption each : DeclaredOption.of(plugin)) {
      String preset = each.preset();
      if (!preset.isEmpty()) {
        assertThat(bound(plugin, each.name(), preset)).as(each.name()).isEqualTo(untouched);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("plugins")
  void anOptionChangesItsOwnComponentAndNoOther(Plugin<?, ?> plugin) {
    Map<String, List<Object>> untouched = bound(plugin);
    for (DeclaredOption each : DeclaredOption.of(plugin)) {
      for (String name : each.words()) {
        Map<String, List<Object>> touched = bound(plugin, name, each.other());
        assertThat(
                untouched.keySet().stream()
                    .filter(key -> !untouched.get(key).equals(touched.get(key))))
            .as("what %s changes", name)
            .containsExactly(each.name());
      }
    }
  }
}
