package io.logboom.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.core.config.Problem.Severity;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each {@code bad-*.conf} and {@code bad-*.yaml} is refused with exactly what the file {@code .txt}
 * beside it says. After a change of the wording, {@code -Dgolden.write=DIRECTORY} writes the new
 * answers there, to be read before they are taken over.
 */
class RefusalTest {
  private static final String SECRET = "hunter2";

  static Path directory() throws URISyntaxException {
    return Path.of(Objects.requireNonNull(RefusalTest.class.getResource("/config/bad")).toURI());
  }

  static List<String> broken() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(directory())) {
      return files
          .map(p -> p.getFileName().toString())
          .filter(n -> n.startsWith("bad-") && !n.endsWith(".txt"))
          .sorted()
          .toList();
    }
  }

  static String answer(String name) throws URISyntaxException {
    Map<String, String> environment = Map.of("ES_PASSWORD", SECRET, "ES_PORT", "92oo");
    LoadResult result =
        new ConfigLoader(TestPlugins.CATALOG, environment, directory()).load(Path.of(name));
    assertThat(result.config()).as("configuration of " + name).isNull();
    assertThat(result.problems(Severity.ERROR))
        .isNotEmpty()
        .allSatisfy(p -> assertThat(p.mark().line()).as(p.toString()).isPositive());
    return result.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"))
        + "\n";
  }

  @ParameterizedTest
  @MethodSource("broken")
  void refusesWithPlaceRuleAndHint(String name) throws Exception {
    String answer = answer(name);
    String golden = name.substring(0, name.lastIndexOf('.')) + ".txt";
    String write = System.getProperty("golden.write");
    if (write != null) {
      Files.writeString(Path.of(write, golden), answer);
    }
    assertThat(answer).isEqualTo(Files.readString(directory().resolve(golden)));
    assertThat(answer).doesNotContain(SECRET).contains("error: ").contains("hint: ");
  }

  @Test
  void hasAtLeastFortyBrokenConfigurations() throws Exception {
    assertThat(broken()).hasSizeGreaterThanOrEqualTo(40);
  }
}
