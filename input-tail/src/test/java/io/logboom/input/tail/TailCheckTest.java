package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Problems;
import io.logboom.core.config.Binder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailCheckTest {
  private static List<String> problems(String... options) {
    List<String> all = new ArrayList<>(List.of("path", "/x/*.log"));
    all.addAll(List.of(options));
    List<String> found = new ArrayList<>();
    TailCheck.check(
        Binder.bind(TailConfig.class, all.toArray(String[]::new)),
        new Problems() {
          @Override
          public void error(String option, String rule, String hint) {
            found.add("error " + option + ": " + rule);
          }

          @Override
          public void warning(String option, String rule, String hint) {
            found.add("warning " + option + ": " + rule);
          }
        });
    return found;
  }

  @ParameterizedTest
  @CsvSource({
    "exit_on_eof, on",
    "unicode.encoding, auto",
    "generic.encoding, GBK",
    "multiline, on",
    "parser_firstline, first",
    "docker_mode_parser, first",
  })
  void whatIsNotSupportedIsAnError(String option, String value) {
    assertThat(problems(option, value))
        .singleElement()
        .asString()
        .matches("error " + option + ": this is not supported.*");
  }

  @Test
  void anyMultilineParserMayBeNamed() {
    assertThat(problems("multiline.parser", "docker, java, mine", "exit_on_eof", "off")).isEmpty();
  }

  @Test
  void aTagExpressionMustBeOneAndShouldBeUsed() {
    assertThat(problems("tag_regex", "("))
        .containsExactly(
            "warning tag_regex: no <name> in the tag uses it: it only chooses files",
            "error tag_regex: no regular expression: Unclosed group");
  }

  @Test
  void whatIsNotAppliedIsAWarning() {
    assertThat(problems("parser", "docker", "multiline.parser", "java"))
        .containsExactly("warning parser: it is not applied where multiline.parser is given");
    assertThat(problems("skip_long_lines", "on", "truncate_long_lines", "on")).hasSize(1);
  }
}
