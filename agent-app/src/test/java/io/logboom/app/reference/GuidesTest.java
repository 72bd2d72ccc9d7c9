package io.logboom.app.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.app.cli.ProgramCatalog;
import io.logboom.core.config.ConfigLoader;
import io.logboom.core.config.LoadResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations in the guides are right. */
class GuidesTest {
  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = "loki")
  void itsExamplesAreTakenWithoutAProblem(String guide) throws Exception {
    String text = Files.readString(CommittedFile.path("docs/" + guide + ".md"));
    Path file = directory.resolve("example.yaml");
    var examples = YAML.matcher(text).results().map(MatchResult::group).toList();
    assertThat(examples).isNotEmpty();
    for (String example : examples) {
      Files.writeString(file, example.replaceAll("(?m)^```.*$", ""));
      LoadResult loaded = new ConfigLoader(ProgramCatalog.get(), Map.of(), directory).load(file);
      assertThat(loaded.problems()).as(example).isEmpty();
    }
  }
}
