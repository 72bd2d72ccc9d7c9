package io.logboom.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Option.Unit;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import io.logboom.api.text.Regex;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinderTest {
  enum Colour {
    RED,
    DARK_BLUE
  }

  record Even(int value) {
    static Even parse(String text) {
      int value = Integer.parseInt(text);
      if (value % 2 != 0) {
        throw new IllegalArgumentException("not even");
      }
      return new Even(value);
    }
  }

  record Tls(
      @Option(text = "Encrypt.", preset = "off") boolean tls,
      @Option(text = "Verify.", name = "tls.verify", preset = "on") boolean verify) {}

  record Net(@Option(text = "How long to wait.", preset = "10s") Duration connectTimeout) {}

  record Everything(
      @Option(text = "Where.", required = true, aliases = "file") String path,
      @Option(text = "Port.", preset = "9200", min = "1", max = "65535") int port,
      @Option(text = "Long.", preset = "5") long count,
      @Option(text = "Ratio.", preset = "0.5") double ratio,
      @Option(text = "Size.", preset = "32k", max = "1M") ByteSize bufferSize,
      @Option(text = "Binary.", preset = "2M", unit = Unit.BINARY) ByteSize binarySize,
      @Option(text = "Milliseconds.", preset = "4000", unit = Unit.MILLISECONDS)
          Duration flushTimeout,
      @Option(text = "Colour.", preset = "red") Colour colour,
      @Option(text = "Password.") @Nullable Secret password,
      @Option(text = "Directory.") @Nullable Path directory,
      @Options(text = "More") More more) {}

  record More(
      @Option(text = "Hosts.", preset = "a, b") List<String> hosts,
      @Option(text = "Rules.", repeatable = true) List<String> rule,
      @Option(text = "Even.") @Nullable Even even,
      @Option(text = "Waits.", refers = Option.Refers.PARSER, repeatable = true)
          List<String> parser,
      @Options(text = "TLS") Tls tls,
      @Options(text = "Network", prefix = "net.") Net net) {}

  private static Everything bind(String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "path";
    all[1] = "/x";
    System.arraycopy(more, 0, all, 2, more.length);
    return Binder.bind(Everything.class, all);
  }

  @Test
  void fillsInPresetsReadByTheSameConverters() {
    Everything e = bind();
    assertThat(e.path()).isEqualTo("/x");
    assertThat(e.port()).isEqualTo(9200);
    assertThat(e.bufferSize()).isEqualTo(new ByteSize(32_000));
    assertThat(e.binarySize()).isEqualTo(new ByteSize(2 << 20));
    assertThat(e.flushTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(e.colour()).isEqualTo(Colour.RED);
    assertThat(e.password()).isNull();
    assertThat(e.more().hosts()).containsExactly("a", "b");
    assertThat(e.more().rule()).isEmpty();
    assertThat(e.more().tls()).isEqualTo(new Tls(false, true));
    assertThat(e.more().net().connectTimeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void bindsEveryTypeFromText() {
    Everything e =
        bind(
            "PORT", "1",
            "count", "-7",
            "ratio", "1.25e1",
            "buffer_size", "1.5k",
            "binary_size", "1k",
            "flush_timeout", "500",
            "colour", "Dark_Blue",
            "password", "hunter2",
            "directory", "/var/lib",
            "hosts", "x ,y,",
            "rule", "one, two",
            "rule", "three",
            "even", "4",
            "parser", "docker, cri",
            "parser", "java",
            "tls", "On",
            "tls.verify", "no",
            "net.connect_timeout", "1m");
    assertThat(e.port()).isEqualTo(1);
    assertThat(e.count()).isEqualTo(-7);
    assertThat(e.ratio()).isEqualTo(12.5);
    assertThat(e.bufferSize().bytes()).isEqualTo(1500);
    assertThat(e.binarySize().bytes()).isEqualTo(1024);
    assertThat(e.flushTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(e.colour()).isEqualTo(Colour.DARK_BLUE);
    assertThat(e.password()).isEqualTo(new Secret("hunter2"));
    assertThat(e.directory()).isEqualTo(Path.of("/var/lib"));
    assertThat(e.more().hosts()).containsExactly("x", "y");
    assertThat(e.more().rule()).containsExactly("one, two", "three");
    assertThat(e.more().even()).isEqualTo(new Even(4));
    assertThat(e.more().parser()).containsExactly("docker", "cri", "java");
    assertThat(e.more().tls()).isEqualTo(new Tls(true, false));
    assertThat(e.more().net().connectTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(e.toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "port | 92oo | not a whole number | digits only",
        "port | 0 | less than 1 | -",
        "port | 65536 | greater than 65535 | -",
        "port | 99999999999 | out of range | -",
        "ratio | 1,5 | not a number | -",
        "buffer_size | 5 MB | a blank between the number and its unit | 5MB",
        "buffer_size | 10 | - | -",
        "buffer_size | 1KiB | - | -",
        "buffer_size | 10X | unknown unit 'X' of a size | KiB",
        "buffer_size | 10B | unknown unit 'B' of a size | 10",
        "buffer_size | 2M | greater than 1M | -",
        "buffer_size | -1 | a size is not negative | -",
        "buffer_size | unlimited | not a size | -",
        "buffer_size | false | - | -",
        "flush_timeout | 5s | Fluent Bit would read this as 5 milliseconds | 5000",
        "flush_timeout | 5ms | - | -",
        "net.connect_timeout | 500ms | Fluent Bit would read this as 500 seconds | 0.5s",
        "net.connect_timeout | 0.5 | - | -",
        "net.connect_timeout | 2d | - | -",
        "net.connect_timeout | 1.5h | a fraction of h | 5400s",
        "net.connect_timeout | 5min | unknown unit 'min' of a duration | 5m",
        "net.connect_timeout | 3 s | a blank between the number and its unit | 3s",
        "net.connect_timeout | -1 | a duration is not negative | -",
        "net.connect_timeout | 99999999d | longer than 100 years | -",
        "net.connect_timeout | soon | not a duration | 30s",
        "colour | darkblue | not a value of this option | did you mean 'dark_blue'?",
        "tls | 1 | not a boolean | hint: on",
        "tls | 0 | not a boolean | hint: off",
        "tls | ture | not a boolean | did you mean 'true'?",
        "even | 3 | not even | -",
        "hots | x | unknown option 'hots' of everything | did you mean 'hosts'?",
        "tls.verfy | x | unknown option 'tls.verfy' of everything | did you mean 'tls.verify'?",
        "zzz | x | unknown option 'zzz' of everything | known are path, port",
      })
  void refusesWhatFluentBitWouldMisread(
      String option, String value, @Nullable String rule, @Nullable String hint) {
    if (rule == null) {
      assertThat(bind(option, value)).isNotNull();
      return;
    }
    assertThatThrownBy(() -> bind(option, value))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(rule)
        .hasMessageContaining(hint == null ? "" : hint)
        .hasMessageStartingWith("options:2:1: error: ");
  }

  @Test
  void reportsAllProblemsAtOnce() {
    assertThatThrownBy(() -> Binder.bind(Everything.class, "port", "x", "tls", "1", "pahts", "y"))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(Problem::text)
                    .containsExactly(
                        "option 'path' of everything is missing",
                        "option 'port' of everything = \"x\": not a whole number",
                        "option 'tls' of everything = \"1\": not a boolean; Fluent Bit would not"
                            + " take it as one",
                        "unknown option 'pahts' of everything"));
  }

  @Test
  void takesAnAliasForTheOptionAndRefusesBoth() {
    assertThat(Binder.bind(Everything.class, "file", "/y").path()).isEqualTo("/y");
    assertThatThrownBy(() -> bind("file", "/y"))
        .hasMessageContaining("option 'file' of everything is given again")
        .hasMessageContaining("options:1:1");
  }

  @Test
  void refusesARegularExpressionThatIsNestedTooDeep() {
    record Matching(@Option(text = "x") @Nullable Regex regex) {}
    String deep = "(".repeat(200_000) + ")".repeat(200_000);
    assertThatThrownBy(() -> Binder.bind(Matching.class, "regex", deep))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nested too deep")
        .hasMessageMatching("(?s).{1,400}");
  }

  record Deep(@Option(text = "x", preset = "1") int depth) {}

  record Group(
      @Option(name = "g.on", text = "x", preset = "off") boolean on,
      @Options(text = "Deep", prefix = "g.") Deep deep) {}

  @Test
  void letsARecordPutOtherDefaultsOnAGroup() {
    record Outer(
        @Options(
                text = "Group",
                presets = {"g.on=yes", "g.depth=7"})
            Group group) {}
    assertThat(Binder.bind(Outer.class).group()).isEqualTo(new Group(true, new Deep(7)));
    assertThat(Binder.bind(Outer.class, "g.on", "off", "g.depth", "2").group())
        .isEqualTo(new Group(false, new Deep(2)));
    record Wrong(@Options(text = "Group", presets = "on=yes") Group group) {}
    assertThatThrownBy(() -> Binder.bind(Wrong.class))
        .hasMessageContaining("a preset for 'on', which is not in it");
  }

  @Test
  void refusesARecordThatDeclaresNoDefault() {
    record Bad(@Option(text = "x") int number) {}
    assertThatThrownBy(() -> Binder.bind(Bad.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("neither @Nullable, required, nor has a preset");
  }
}
