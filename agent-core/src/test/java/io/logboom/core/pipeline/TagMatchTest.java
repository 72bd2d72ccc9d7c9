package io.logboom.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagMatchTest {
  @ParameterizedTest
  @CsvSource({
    "*, kube.var.log, true",
    "kube.*, kube.var.log, true",
    "kube.*, kube., true",
    "kube.*, xkube.var, false",
    "*.log, kube.var.log, true",
    "*.log, kube.var.log.gz, false",
    "a*b*c, aXXbYYc, true",
    "a*b*c, aXXcYYb, false",
    "kube, kube, true",
    "Kube, kube, false"
  })
  void matchesTheWholeTagWithStarsForAnyRun(String pattern, String tag, boolean expected) {
    assertThat(TagMatch.glob(pattern).matches(tag)).isEqualTo(expected);
  }

  @Property
  void agreesWithTheSameAsARegularExpression(
      @ForAll @StringLength(max = 8) @CharRange(from = 'a', to = 'b') String letters,
      @ForAll @StringLength(max = 6) @CharRange(from = '*', to = '*') String stars,
      @ForAll @StringLength(max = 10) @CharRange(from = 'a', to = 'b') String tag) {
    String pattern =
        (letters + stars)
            .chars()
            .sorted()
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    String mixed =
        letters.isEmpty() ? pattern : letters.replace("b", stars.isEmpty() ? "b" : "*") + stars;
    String regex =
        mixed
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining());
    assertThat(TagMatch.glob(mixed).matches(tag)).isEqualTo(Pattern.matches(regex, tag));
  }
}
