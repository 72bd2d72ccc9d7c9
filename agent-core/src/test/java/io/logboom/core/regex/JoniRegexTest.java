package io.logboom.core.regex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.text.Regex;
import io.logboom.api.text.RegexSyntaxException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JoniRegexTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "error|an error here|true",
        "^error|an error here|false",
        "/ERROR/i|an error here|true",
        "/a.b/m|a\\nb|true",
        "/a.b/|a\\nb|false",
        "/a b # comment/x|ab|true",
        "^second$|first\\nsecond\\nthird|true",
        "\\Asecond|first\\nsecond|false",
        "\\h{4}|cafe|true",
        "^\\h+$|xyz|false",
        "[[:upper:]][[:digit:]]+|A17|true",
        "end\\z|the end|true",
        "end\\Z|the end\\n|true",
        "/var/log/.*\\.log|/var/log/pods/x.log|true",
        "^gr(?:ae?)+y$|gray|true",
        "(?<a>x)\\k<a>|xx|true",
        "^.$|é|true",
        "\\p{Greek}|λ|true",
        "é+|ééé|true",
        "a{2,3}+b|aaab|true",
        "(?<!no )luck|no luck|false",
        "(?i)FATAL|fatal|true",
      })
  void readsRubySyntax(String source, String text, boolean matches) {
    assertThat(search(source, text.replace("\\n", "\n"))).isEqualTo(matches);
  }

  @Test
  void tellsWhereNamedGroupsAre() {
    Regex regex = JoniRegex.compile("^(?<pod_name>[^_]+)_(?<ns>[^_]+)(?:_(?<rest>.*))?$");
    assertThat(regex.names()).containsExactly("pod_name", "ns", "rest");
    byte[] text = "xxweb-0_shopyy".getBytes(UTF_8);
    Regex.Matcher matcher = regex.matcher();
    assertThat(matcher.search(text, 2, text.length - 2)).isTrue();
    int pod = regex.groupsNamed("pod_name")[0];
    assertThat(matcher.start(pod)).isEqualTo(2);
    assertThat(matcher.end(pod)).isEqualTo(7);
    int rest = regex.groupsNamed("rest")[0];
    assertThat(matcher.start(rest)).isEqualTo(-1);
    assertThat(matcher.end(rest)).isEqualTo(-1);
    assertThat(regex.groupsNamed("nothing")).isEmpty();
  }

  @Test
  void letsANameStandTwice() {
    Regex regex = JoniRegex.compile("(?<v>\\d+)s|(?<v>\\w+)m");
    assertThat(regex.names()).containsExactly("v");
    assertThat(regex.groupsNamed("v")).containsExactly(1, 2);
  }

  @Test
  void numbersPlainGroupsBesideNamedOnes() {
    Regex regex = JoniRegex.compile("(\\w)(?<n>\\d)");
    byte[] text = "a1".getBytes(UTF_8);
    Regex.Matcher matcher = regex.matcher();
    assertThat(matcher.search(text, 0, 2)).isTrue();
    assertThat(matcher.start(1)).isZero();
    assertThat(matcher.start(2)).isEqualTo(1);
  }

  @Test
  void startsWithLooksAtTheStartOnly() {
    Regex.Matcher matcher = JoniRegex.compile("b+").matcher();
    assertThat(matcher.startsWith("bba".getBytes(UTF_8), 0, 3)).isTrue();
    assertThat(matcher.end(0)).isEqualTo(2);
    assertThat(matcher.startsWith("abb".getBytes(UTF_8), 0, 3)).isFalse();
    assertThat(matcher.startsWith(new byte[0], 0, 0)).isFalse();
    assertThat(JoniRegex.compile("^$").matcher().search(new byte[0], 0, 0)).isTrue();
  }

  @Test
  void givesUpCatastrophicBacktrackingAndGoesOn() {
    Regex.Matcher matcher = JoniRegex.compile("^(a|a)*(b|b)*$").matcher();
    byte[] evil = "a".repeat(60).concat("c").getBytes(UTF_8);
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      assertThat(matcher.search(evil, 0, evil.length)).isFalse();
      assertThat(matcher.gaveUp()).isTrue();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(matcher.search("aab".getBytes(UTF_8), 0, 3)).isTrue();
    assertThat(matcher.gaveUp()).isFalse();
  }

  @Test
  void givesUpTextBeyondItsBound() {
    Regex.Matcher matcher = JoniRegex.compile(".*").matcher();
    assertThat(matcher.search(new byte[JoniMatcher.MAX_TEXT + 1], 0, JoniMatcher.MAX_TEXT + 1))
        .isFalse();
    assertThat(matcher.gaveUp()).isTrue();
    byte[] longest = "a".repeat(JoniMatcher.MAX_TEXT).getBytes(UTF_8);
    assertThat(matcher.search(longest, 0, longest.length)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "abc(def|3|parenthes",
        "abc)def|3|parenthes",
        "ab[cd|2|char-class",
        "/ab[cd/i|3|char-class",
        "*a|0|repeat operator",
        "(?<9a>x)|4|group name",
        "a\\p{Nope}b|8|property",
      })
  void saysWhatIsWrongAndWhere(String source, int position, String word) {
    assertThatThrownBy(() -> JoniRegex.compile(source))
        .isInstanceOf(RegexSyntaxException.class)
        .hasMessageContaining(word)
        .hasMessageEndingWith("at character " + (position + 1))
        .extracting(e -> ((RegexSyntaxException) e).position())
        .isEqualTo(position);
  }

  private static boolean search(String source, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return JoniRegex.compile(source).matcher().search(bytes, 0, bytes.length);
  }
}
