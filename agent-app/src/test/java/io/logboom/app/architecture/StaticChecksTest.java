package io.logboom.app.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class StaticChecksTest {
  private static final Path ROOT = Path.of(System.getProperty("logboom.root", ".."));

  private static List<String> groups(String file, String expression) throws IOException {
    return Pattern.compile(expression)
        .matcher(Files.readString(ROOT.resolve(file)))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void eachCheckThatIsOffHasItsReasonInTheRecordOfTheDecision() throws IOException {
    List<String> off = groups("pom.xml", "-Xep:(\\w+):OFF");
    assertThat(off).isNotEmpty().doesNotHaveDuplicates();
    assertThat(groups("docs/adr/0007-static-checks.md", "(?m)^\\| `(\\w+)` \\| \\S.*\\|$"))
        .containsExactlyInAnyOrderElementsOf(off);
  }
}
