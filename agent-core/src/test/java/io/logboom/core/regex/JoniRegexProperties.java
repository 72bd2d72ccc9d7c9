package io.logboom.core.regex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.text.Regex;
import io.logboom.api.text.RegexSyntaxException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

final class JoniRegexProperties {
  @Property(tries = 2000)
  void randomBytesNeverCrash(
      @ForAll @Size(max = 40) byte[] bytes,
      @ForAll
          @Chars({'a', '.', '*', 'é', '[', ']', '^', '$', '\\', 'w', '+', '(', ')', '|', '?'})
          @StringLength(max = 8)
          String source) {
    Regex regex;
    try {
      regex = JoniRegex.compile(source);
    } catch (RegexSyntaxException e) {
      assertThat(e.getMessage()).contains("at character");
      return;
    }
    Regex.Matcher matcher = regex.matcher();
    int from = bytes.length / 3;
    if (matcher.search(bytes, from, bytes.length)) {
      for (int g = 0; g <= regex.groups(); g++) {
        int start = matcher.start(g);
        assertThat(start == -1 || (start >= from && start <= matcher.end(g))).isTrue();
        assertThat(matcher.end(g)).isLessThanOrEqualTo(bytes.length);
      }
    }
  }

  @Property(tries = 1000)
  void findsTheSameAsJavaWhereTheSyntaxIsTheSame(
      @ForAll @CharRange(from = 'a', to = 'd') @StringLength(max = 20) String text,
      @ForAll @Chars({'a', 'b', 'c', '.'}) @StringLength(min = 1, max = 3) String literal,
      @ForAll boolean plus) {
    String source = "(" + literal + ")" + (plus ? "+" : "*") + "[bd]?";
    java.util.regex.Matcher expected = java.util.regex.Pattern.compile(source).matcher(text);
    byte[] bytes = text.getBytes(UTF_8);
    Regex.Matcher ours = JoniRegex.compile(source).matcher();
    assertThat(ours.search(bytes, 0, bytes.length)).isEqualTo(expected.find());
    expected.reset();
    if (expected.find()) {
      assertThat(ours.start(0)).isEqualTo(expected.start());
      assertThat(ours.end(0)).isEqualTo(expected.end());
      assertThat(ours.start(1)).isEqualTo(expected.start(1));
      assertThat(ours.end(1)).isEqualTo(expected.end(1));
    }
  }
}
