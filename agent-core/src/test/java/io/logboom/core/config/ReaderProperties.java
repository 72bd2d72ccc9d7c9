package io.logboom.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.core.config.Problem.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever stands in a file, loading ends with a configuration or with problems at places. */
class ReaderProperties {
  private static Path directory;

  @BeforeContainer
  static void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("reader-properties");
  }

  @AfterContainer
  static void removeDirectory() throws IOException {
    for (String name : List.of("a.conf", "a.yaml")) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.delete(directory);
  }

  private static void load(String name, byte[] content) throws IOException {
    Files.write(directory.resolve(name), content);
    LoadResult result =
        new ConfigLoader(TestPlugins.CATALOG, Map.of(), directory).load(Path.of(name));
    boolean refused = !result.problems(Severity.ERROR).isEmpty();
    assertThat(result.config() == null).isEqualTo(refused);
    assertThat(result.problems())
        .allSatisfy(
            p -> {
              assertThat(p.text()).isNotBlank().doesNotContain("\n");
              assertThat(p.mark().line()).isPositive();
              assertThat(p.mark().column()).isPositive();
            });
  }

  @Property(tries = 150)
  void anyBytesAreReadOrRefused(@ForAll byte[] content) throws IOException {
    load("a.conf", content);
    load("a.yaml", content);
  }

  @Property(tries = 250)
  void anyClassicLinesAreReadOrRefused(@ForAll("classic") String content) throws IOException {
    load("a.conf", content.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 250)
  void anyYamlLinesAreReadOrRefused(@ForAll("yaml") String content) throws IOException {
    load("a.yaml", content.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<String> classic() {
    return lines(
        "[INPUT]",
        "[OUTPUT]",
        "[F",
        "[SERVICE]",
        "[PARSER]",
        "[",
        "    Name tail",
        "    Name es",
        "\tName stdout",
        "    Match *",
        "    Path ${X:-/var}",
        "  Path",
        "    Tag a.${HOSTNAME}",
        "@SET X=1",
        "@SET",
        "@INCLUDE a.conf",
        "@INCLUDE b*.conf",
        "# x",
        "    # y",
        "\r",
        " ",
        "    Match_Regex (",
        "    Port 99999999999999999999",
        "    Flush 1ms",
        "${",
        "    ${A} ${",
        "    Retry_Limit \u0000",
        "    multiline.parser ,,",
        "    parsers_file a.conf",
        "key value");
  }

  @Provide
  Arbitrary<String> yaml() {
    return lines(
        "pipeline:",
        "  inputs:",
        "  outputs:",
        "  filters:",
        "    - name: tail",
        "      path: /x",
        "    - name: es",
        "      match: '*'",
        "      match: *",
        "      tag: &a x",
        "service:",
        "  flush: 1",
        "  flush: [1, {a: b}]",
        "env:",
        "  - name: A",
        "  A: b",
        "includes:",
        "  - a.yaml",
        "  - \"*.yaml\"",
        "  - ''",
        "parsers:",
        "  - name: x",
        "    format: json",
        "    rules:",
        "      - state: \"a",
        "---",
        "\t- x",
        "{",
        "? [a, b]",
        ": x",
        "!!binary x",
        "multiline_parsers: [{name: x, type: regex, rules: [{state: start_state, regex: (}]}]",
        "      processors: {}",
        "'",
        "      port: ${X",
        "      host: ~",
        "%YAML 3.0",
        "<<: x");
  }

  private static Arbitrary<String> lines(String... known) {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(20, Arbitraries.of(known)),
            net.jqwik.api.Tuple.of(1, Arbitraries.strings().ofMaxLength(20)))
        .list()
        .ofMaxSize(14)
        .map(l -> String.join("\n", l));
  }
}
