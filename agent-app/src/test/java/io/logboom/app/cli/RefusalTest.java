package io.logboom.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Plugin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code check} says with the plugins of the program. The broken configurations are those of
 * the engine's own tests, and those below {@code check} here, which break rules of the real
 * plugins. The expected answer stands in the file {@code .txt} of the same name here, or else in
 * the engine's, where plugins make no difference. After a change of the wording, {@code
 * -Dgolden.write=DIRECTORY} writes what differs there, to be read before it is taken over.
 */
final class RefusalTest {
  private static final String SECRET = "hunter2";
  private static final Map<String, String> VARIABLES =
      Map.of(
          "ES_PASSWORD",
          SECRET,
          "ES_PORT",
          "92oo",
          "KUBE_TOKEN_URL",
          "ftp://logs:" + SECRET + "@kubernetes");
  private static final String FROM_SOMEWHERE = "[INPUT]\n    name tail\n    path /x\n";
  private static final String TO_NOWHERE = "[OUTPUT]\n    name null\n    match *\n";
  private static final Path ROOT = Path.of(System.getProperty("logboom.root", ".."));
  private static final Path HERE = ROOT.resolve("agent-app/src/test/resources/check");
  private static final Path ENGINE = ROOT.resolve("agent-core/src/test/resources/config");

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  static List<String> brokenByPlugins() throws IOException {
    return broken(HERE);
  }

  /** All but the one that breaks a rule which only the plugin in the engine's tests has. */
  static List<String> brokenByTheEngine() throws IOException {
    return broken(ENGINE.resolve("bad")).stream()
        .filter(name -> !name.equals("bad-between-options.conf"))
        .toList();
  }

  private static List<String> broken(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(p -> p.getFileName().toString())
          .filter(n -> n.startsWith("bad-") && !n.endsWith(".txt"))
          .sorted()
          .toList();
    }
  }

  private int check(Path directory, String name) {
    return check(directory, name, VARIABLES);
  }

  private int check(Path directory, String name, Map<String, String> variables) {
    out.reset();
    err.reset();
    Console console =
        new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return new Program(console, Environment.in(directory, variables)).run(List.of("check", name));
  }

  private void refuses(Path directory, String name) throws Exception {
    assertThat(check(directory, name)).isEqualTo(ExitCode.REFUSED);
    String answer = err.toString(UTF_8);
    String golden = name.substring(0, name.lastIndexOf('.')) + ".txt";
    Path own = HERE.resolve(golden);
    Path expected = Files.exists(own) ? own : ENGINE.resolve("bad").resolve(golden);
    String before = Files.exists(expected) ? Files.readString(expected) : "";
    int lastLine = answer.lastIndexOf('\n', answer.length() - 2) + 1;
    String problems = answer.substring(0, lastLine);
    String write = System.getProperty("golden.write");
    if (write != null && !problems.equals(before)) {
      Files.writeString(Path.of(write, golden), problems);
    }
    long errors = problems.lines().filter(line -> line.contains(": error: ")).count();
    assertThat(problems).isEqualTo(before).doesNotContain(SECRET);
    assertThat(answer.substring(lastLine))
        .isEqualTo(errors == 1 ? "1 error\n" : errors + " errors\n");
    assertThat(out.toString(UTF_8)).isEmpty();
    eachErrorHasAPlaceAndAHint(problems.lines().toList());
  }

  private static void eachErrorHasAPlaceAndAHint(List<String> lines) {
    assertThat(lines).anyMatch(line -> line.contains(": error: "));
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(": error: ")) {
        assertThat(lines.get(i)).matches("[\\w/.-]+:[1-9]\\d*:[1-9]\\d*: error: .+");
        assertThat(lines.subList(i + 1, lines.size())).as(lines.get(i)).isNotEmpty();
        assertThat(lines.get(i + 1)).as(lines.get(i)).matches(" {4}hint: .+");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("brokenByPlugins")
  void refusesWhatBreaksARuleOfAPlugin(String name) throws Exception {
    refuses(HERE, name);
  }

  @ParameterizedTest
  @MethodSource("brokenByTheEngine")
  void refusesWhatBreaksARuleOfTheEngine(String name) throws Exception {
    refuses(ENGINE.resolve("bad"), name);
  }

  @Test
  void printsNoSecretWhicheverOptionItGotInto() throws Exception {
    Map<String, String> secrets =
        Map.of("A_TOKEN", SECRET, "B_TOKEN", SECRET + " /:%Q$[", "C_TOKEN", "," + SECRET + ",x:y");
    for (Plugin<?, ?> plugin : Installed.find().all()) {
      for (DeclaredOption option : DeclaredOption.of(plugin)) {
        for (String variable : secrets.keySet()) {
          String text = withOption(plugin, option, "${" + variable + "}");
          Files.writeString(directory.resolve("secret.conf"), text);
          check(directory, "secret.conf", secrets);
          assertThat(out.toString(UTF_8) + err).as(text).doesNotContain(SECRET);
        }
      }
    }
  }

  private static String withOption(Plugin<?, ?> plugin, DeclaredOption option, String value) {
    String given = "    " + option.name() + " " + value + "\n";
    return switch (plugin) {
      case InputPlugin<?> input -> {
        boolean takesPath =
            DeclaredOption.of(plugin).stream().anyMatch(each -> each.name().equals("path"));
        String path = option.name().equals("path") || !takesPath ? "" : "    path /x\n";
        yield "[INPUT]\n    name " + input.type() + "\n" + path + given + TO_NOWHERE;
      }
      case FilterPlugin<?> filter ->
          FROM_SOMEWHERE
              + "[FILTER]\n    match *\n    name "
              + filter.type()
              + "\n"
              + given
              + TO_NOWHERE;
      case OutputPlugin<?> output ->
          FROM_SOMEWHERE + "[OUTPUT]\n    match *\n    name " + output.type() + "\n" + given;
    };
  }

  @Test
  void hasAtLeastFortyConfigurationsForThePlugins() throws Exception {
    assertThat(brokenByPlugins()).hasSizeGreaterThanOrEqualTo(40);
  }

  @Test
  void passesTheConfigurationThatMustWorkUnchanged() {
    assertThat(check(ENGINE.resolve("good"), "example-2.conf")).as(err.toString(UTF_8)).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("configuration test is successful\n");
    assertThat(err.toString(UTF_8)).isEmpty();
  }
}
