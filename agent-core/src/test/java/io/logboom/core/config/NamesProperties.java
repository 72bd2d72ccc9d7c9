package io.logboom.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.core.pipeline.TagMatch;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NamesProperties {
  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.strings().withChars("ab*.").ofMaxLength(6);
  }

  @Provide
  Arbitrary<String> tags() {
    return Arbitraries.strings().withChars("ab.").ofMaxLength(6);
  }

  @Property
  void aPatternOverlapsATagWhenItMatchesIt(
      @ForAll("patterns") String pattern, @ForAll("tags") String tag) {
    boolean matches = TagMatch.glob(pattern).matches(tag);
    assertThat(Globs.overlap(pattern, tag)).isEqualTo(matches);
    assertThat(Globs.overlap(tag, pattern)).isEqualTo(matches);
  }

  @Property
  void patternsThatShareATagOverlap(
      @ForAll("patterns") String a, @ForAll("patterns") String b, @ForAll("tags") String tag) {
    if (TagMatch.glob(a).matches(tag) && TagMatch.glob(b).matches(tag)) {
      assertThat(Globs.overlap(a, b)).isTrue();
    }
    assertThat(Globs.overlap(a, b)).isEqualTo(Globs.overlap(b, a));
  }

  @Example
  void patternsWithoutACommonTagDoNotOverlap() {
    assertThat(Globs.overlap("kube.*", "host.*")).isFalse();
    assertThat(Globs.overlap("*.log", "*.txt")).isFalse();
    assertThat(Globs.overlap("a*b", "a*c*")).isTrue();
    assertThat(Globs.overlap("a*b", "c*b")).isFalse();
  }

  @Property
  void wordsInQuotesAreReadBack(@ForAll("words") List<String> words) {
    String text = String.join(" ", words.stream().map(Words::quote).toList());
    assertThat(Words.quoted(text)).isEqualTo(words);
  }

  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.strings().withChars("ab \"/\t").ofMaxLength(8).list().ofMaxSize(4);
  }

  @Property
  void distanceIsZeroForEqualNamesOnlyAndTheSameBothWays(
      @ForAll("tags") String a, @ForAll("tags") String b) {
    assertThat(Nearest.distance(a, b) == 0).isEqualTo(a.equals(b));
    assertThat(Nearest.distance(a, b)).isEqualTo(Nearest.distance(b, a));
    assertThat(Nearest.distance(a, b)).isLessThanOrEqualTo(Math.max(a.length(), b.length()));
  }

  @Example
  void countsASwapOfNeighboursAsOneSlip() {
    assertThat(Nearest.distance("tial", "tail")).isEqualTo(1);
    assertThat(Nearest.of("mem_buff_limit", List.of("tag", "mem_buf_limit")))
        .isEqualTo("mem_buf_limit");
    assertThat(Nearest.of("zzz", List.of("tag", "path"))).isNull();
  }
}
