package io.logboom.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramTest {
  private static final String GOOD =
      """
      pipeline:
        inputs:
          - name: tail
            path: /var/log/x/*.log
            tag: x
        outputs:
          - name: stdout
            match: '*'
      """;

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    out.reset();
    err.reset();
    Console console =
        new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return new Program(console, Environment.standard()).run(List.of(arguments));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private String out() {
    return out.toString(UTF_8);
  }

  private String err() {
    return err.toString(UTF_8);
  }

  @Test
  void checkPassesAGoodConfiguration() throws IOException {
    String file = file("good.yaml", GOOD);
    assertThat(run("check", file)).as(this::err).isZero();
    assertThat(out()).isEqualTo("configuration test is successful\n");
    assertThat(run("check", "-c", file)).isZero();
    assertThat(run("-c", file, "--dry-run")).isZero();
    assertThat(run("run", "-D", "-c", file)).isZero();
    assertThat(out()).isEqualTo("configuration test is successful\n");
  }

  @Test
  void checkPassesAMatchForTagsThatSendersGive() throws IOException {
    String forward = "[INPUT]\n    Name forward\n";
    String output = "[OUTPUT]\n    Name null\n    Match app.*\n";
    assertThat(run("check", file("open.conf", forward + output))).as(this::err).isZero();
    String fixed = forward + "    Tag fixed\n" + output;
    assertThat(run("check", file("fixed.conf", fixed))).isEqualTo(2);
    assertThat(err()).contains("matches no input's tag");
    String prefix = forward + "    Tag_Prefix side.\n" + output;
    assertThat(run("check", file("prefix.conf", prefix))).as(this::err).isZero();
  }

  @Test
  void checkNamesEveryProblemWithItsPlace() throws IOException {
    String file = file("bad.yaml", GOOD.replace("path:", "pth:").replace("stdout", "stdot"));
    assertThat(run("check", file)).isEqualTo(2);
    assertThat(out()).isEmpty();
    assertThat(err())
        .contains(file + ":4:7: error: ")
        .contains("'pth'")
        .contains(file + ":7:13: error: ")
        .contains("did you mean 'stdout'?")
        .contains(" errors\n");
    assertThat(run("-c", file, "-D")).isEqualTo(2);
  }

  @Test
  void aWrongConfigurationIsNotStarted() throws IOException {
    assertThat(run("-c", file("bad.conf", "[INPUT]\n    Name tail\n"))).isEqualTo(2);
    assertThat(err()).contains("nothing was started");
    assertThat(run("-c", directory.resolve("none.conf").toString())).isEqualTo(2);
    assertThat(err()).contains("there is no such file");
  }

  @Test
  void theCommandLineAloneCanBeAConfiguration() {
    assertThat(run("-i", "tail", "-p", "path=/x/*.log", "-o", "stdout", "-m", "*", "-D"))
        .as(this::err)
        .isZero();
    assertThat(run("-i", "tail", "-p", "pth=/x", "-o", "stdout", "-m", "*", "-D")).isEqualTo(2);
    assertThat(err()).contains("command line: error: ");
  }

  @Test
  void explainShowsWhatIsInEffectAndWhereItComesFrom() throws IOException {
    String file = file("good.yaml", GOOD);
    assertThat(run("explain", file)).as(this::err).isZero();
    assertThat(out())
        .contains("input tail.0\n")
        .containsPattern("path +/var/log/x/\\*\\.log +\\(" + file.replace(".", "\\.") + ":4:13\\)")
        .containsPattern("grace +auto.*\\(default\\)");
  }

  @Test
  void explainDescribesAPluginAnOptionAndTheService() {
    assertThat(run("explain", "tail")).isZero();
    assertThat(out()).contains("exclude_path").contains("match");
    assertThat(run("explain", "json_date_key")).isZero();
    assertThat(out()).contains("json_date_key");
    assertThat(run("explain", "service")).isZero();
    assertThat(out()).contains("http_port");
    assertThat(run("-o", "stdout", "-h")).isZero();
    assertThat(out()).contains("json_date_format");
    assertThat(run("-o", "nosuch", "-h")).isEqualTo(2);
  }

  @Test
  void schemaIsJson() {
    assertThat(run("schema")).isZero();
    String schema = out();
    assertThat(schema).startsWith("{").contains("\"$schema\"");
    assertThat(run("-J")).isZero();
    assertThat(out()).isEqualTo(schema);
  }

  @Test
  void tellsItsVersionAndItsHelp() {
    for (String[] words : new String[][] {{"version"}, {"--version"}, {"-V"}, {"run", "-V"}}) {
      assertThat(run(words)).isZero();
      assertThat(out()).startsWith("Logboom v").contains("Fluent Bit 5.1");
    }
    assertThat(run("--help")).isZero();
    assertThat(out()).contains("--config=FILE").contains("logboom check FILE");
    assertThat(run("help")).isZero();
    assertThat(out()).contains("explain");
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(run("chek", "x")).isEqualTo(2);
    assertThat(err()).contains("chek");
    assertThat(run("--nonsense")).isEqualTo(2);
    assertThat(err()).contains("unknown flag --nonsense");
    assertThat(run("check")).isEqualTo(2);
    assertThat(run("-w", "/elsewhere", "-i", "tail")).isEqualTo(2);
    assertThat(err()).contains("started by its script");
  }
}
