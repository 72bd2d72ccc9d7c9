package io.logboom.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The configurations that stand in pages about plugins. An input or an output is added where there
 * is none.
 */
final class PageExamplesTest {
  private static final Path DOCS =
      Path.of(System.getProperty("logboom.root", "..")).resolve("docs");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(pipeline:.*?)```");
  private static final Map<String, String> VARIABLES =
      Map.of(
          "FORWARD_KEY",
          "key",
          "FLUENT_BIT_DAEMON_HOST",
          "10.0.0.1",
          "HTTP_PASSWORD",
          "word",
          "OAUTH2_CLIENT_SECRET",
          "secret");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws.md",
        "cloudwatch.md",
        "file.md",
        "forward.md",
        "http.md",
        "loki.md",
        "network.md",
        "s3.md"
      })
  void areRight(String page) throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(DOCS.resolve(page)));
    int count = 0;
    while (example.find()) {
      String text = example.group(1);
      String output =
          text.contains("outputs:") ? "" : "  outputs:\n    - name: stdout\n      match: '*'\n";
      String input =
          text.contains("inputs:") ? "" : "  inputs:\n    - name: tail\n      path: /x\n";
      Files.writeString(directory.resolve("logboom.yaml"), text + input + output);
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      PrintStream out = new PrintStream(printed, true, UTF_8);
      int code =
          new Program(new Console(out, out), Environment.in(directory, VARIABLES))
              .run(List.of("check", "logboom.yaml"));
      assertThat(code).as(printed.toString(UTF_8)).isZero();
      assertThat(printed.toString(UTF_8)).isEqualTo("configuration test is successful\n");
      count++;
    }
    assertThat(count).isPositive();
  }
}
