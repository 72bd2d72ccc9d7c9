package io.logboom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.app.cli.RunArguments.Kind;
import io.logboom.app.cli.RunArguments.Mode;
import io.logboom.app.cli.RunArguments.Plugin;
import io.logboom.app.cli.RunArguments.Property;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentReaderTest {
  private static RunArguments read(String... arguments) throws UsageException {
    return ArgumentReader.read(List.of(arguments));
  }

  @Test
  void readsTheConfigurationFileInEverySpelling() throws UsageException {
    assertThat(read("-c", "a.conf").config()).isEqualTo("a.conf");
    assertThat(read("-ca.conf").config()).isEqualTo("a.conf");
    assertThat(read("--config", "a.conf").config()).isEqualTo("a.conf");
    assertThat(read("--config=a.conf").config()).isEqualTo("a.conf");
    assertThat(read("--conf=a.conf").config()).isEqualTo("a.conf");
  }

  @Test
  void buildsThePipelineFromFlagsInTheirOrder() throws UsageException {
    RunArguments arguments =
        read(
            "-i",
            "tail",
            "-p",
            "path=/a=b.log",
            "-t",
            "x.*",
            "-F",
            "grep",
            "-m",
            "*",
            "-p",
            "regex=log ^a",
            "-o",
            "es",
            "-m",
            "x.*",
            "-o",
            "stdout");
    assertThat(arguments.plugins())
        .containsExactly(
            new Plugin(
                Kind.INPUT,
                List.of(
                    new Property("name", "tail"),
                    new Property("path", "/a=b.log"),
                    new Property("tag", "x.*"))),
            new Plugin(
                Kind.FILTER,
                List.of(
                    new Property("name", "grep"),
                    new Property("match", "*"),
                    new Property("regex", "log ^a"))),
            new Plugin(
                Kind.OUTPUT, List.of(new Property("name", "es"), new Property("match", "x.*"))),
            new Plugin(Kind.OUTPUT, List.of(new Property("name", "stdout"))));
    assertThat(arguments.mode()).isEqualTo(Mode.RUN);
  }

  @Test
  void turnsFlagsIntoTheServiceSection() throws UsageException {
    assertThat(
            read(
                    "-f",
                    "0.5",
                    "-l",
                    "/a.log",
                    "-R",
                    "p.conf",
                    "-R",
                    "q.conf",
                    "-H",
                    "-L",
                    "127.0.0.1",
                    "-P",
                    "2021",
                    "-b",
                    "/state",
                    "-vv")
                .service())
        .containsExactly(
            new Property("flush", "0.5"),
            new Property("log_file", "/a.log"),
            new Property("parsers_file", "p.conf"),
            new Property("parsers_file", "q.conf"),
            new Property("http_server", "on"),
            new Property("http_listen", "127.0.0.1"),
            new Property("http_port", "2021"),
            new Property("storage.path", "/state"),
            new Property("log_level", "trace"));
    assertThat(read("-v").service()).containsExactly(new Property("log_level", "debug"));
    assertThat(read("-q", "-v").service()).containsExactly(new Property("log_level", "off"));
  }

  @Test
  void aLongFlagThatBeginsAnotherIsItself() throws UsageException {
    assertThat(read("--http").service()).containsExactly(new Property("http_server", "on"));
  }

  @Test
  void joinsShortFlagsAsGetoptDoes() throws UsageException {
    RunArguments arguments = read("-vHDca.conf", "-w", "/dir");
    assertThat(arguments.mode()).isEqualTo(Mode.DRY_RUN);
    assertThat(arguments.config()).isEqualTo("a.conf");
    assertThat(arguments.workdir()).isEqualTo("/dir");
    assertThat(arguments.service())
        .containsExactly(new Property("http_server", "on"), new Property("log_level", "debug"));
  }

  @Test
  void versionAndHelpEndTheReading() throws UsageException {
    assertThat(read("-V", "--nonsense").mode()).isEqualTo(Mode.VERSION);
    assertThat(read("--help").mode()).isEqualTo(Mode.HELP);
    assertThat(read("-J").mode()).isEqualTo(Mode.SCHEMA);
    RunArguments help = read("-o", "es", "-h");
    assertThat(help.mode()).isEqualTo(Mode.PLUGIN_HELP);
    assertThat(help.plugins().getLast().name()).isEqualTo("es");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-d", "--daemon", "-Z", "-S", "--enable-fips"})
  void refusesWhatItCannotDo(String flag) {
    assertThatThrownBy(() -> read(flag)).isInstanceOf(UsageException.class);
  }

  @Test
  void makesASidecarByFlags() throws UsageException {
    assertThat(read("--sidecar", "--grace", "28").service())
        .containsExactly(new Property("sidecar", "on"), new Property("grace", "28"));
    assertThat(read("--done-file=/logs/done").service())
        .containsExactly(
            new Property("sidecar", "on"), new Property("sidecar.done_file", "/logs/done"));
  }

  @Test
  void turnsHotReloadOn() throws UsageException {
    assertThat(read("-Y").service()).containsExactly(new Property("hot_reload", "on"));
  }

  @Test
  void saysWhichFlagsHaveNoEffect() throws UsageException {
    RunArguments arguments = read("-s", "24576", "--supervisor", "-W");
    assertThat(arguments.notes()).hasSize(3).allMatch(note -> note.contains("has no effect"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -p a=b            | behind -i, -F or -o
          -m x              | behind -i, -F or -o
          -i tail -m x      | an input has no match
          -i tail -p novalue| name=value
          -i tail -p =x     | name=value
          -c                | needs an argument
          --config          | needs an argument
          --quiet=yes       | takes no argument
          -k                | unknown flag -k
          --nothing         | unknown flag --nothing
          --p=1             | may be
          stray             | unexpected argument 'stray'
          -                 | unexpected argument '-'
          -e x.so           | shared libraries
          -T select         | stream processor
          """)
  void saysWhatIsWrong(String line, String message) {
    assertThatThrownBy(() -> read(line.strip().split(" ")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(message);
  }
}
