package io.logboom.core.regex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.text.Regex;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** The direct way must answer as joni does: the same match, and the same groups. */
final class DirectProperties {
  // joni takes what begins with an anchor and .* to match at the start of the text or a line only.
  private static final java.util.regex.Pattern JONI_ERRS =
      java.util.regex.Pattern.compile("(\\$|\\\\[zZbB]).*\\.[*+]");

  @Property(tries = 20_000)
  void answersAsJoniDoes(@ForAll("expressions") String source, @ForAll("texts") String text) {
    Pattern pattern = Pattern.of(source);
    boolean known = ExpressionReader.read(pattern) != null;
    Statistics.label("known").collect(known);
    Assume.that(known && !JONI_ERRS.matcher(source).find());
    assertSame(source, text);
  }

  @Property(tries = 3000)
  void answersAsJoniDoesOnPiecesOfRealExpressions(
      @ForAll("real") String source, @ForAll("lines") String text) {
    assertSame(source, text);
  }

  @Test
  void knowsTheUsualExpressions() {
    for (String source : REAL) {
      assertThat(ExpressionReader.read(Pattern.of(source))).as(source).isNotNull();
    }
  }

  private static void assertSame(String source, String text) {
    byte[] bytes = ("^x" + text + "y$").getBytes(UTF_8);
    int from = 2;
    int to = bytes.length - 2;
    JoniRegex direct = JoniRegex.compile(source);
    Regex joni = JoniRegex.compileWithJoni(source, Pattern.of(source));
    assertThat(direct.direct()).isNotNull();
    assertThat(direct.names()).isEqualTo(joni.names());
    assertThat(direct.groups()).isEqualTo(joni.groups());
    Regex.Matcher ours = direct.matcher();
    Regex.Matcher theirs = joni.matcher();
    boolean found = theirs.search(bytes, from, to);
    Statistics.label("found").collect(found);
    assertThat(ours.search(bytes, from, to)).isEqualTo(found);
    if (found) {
      assertThat(groups(direct, ours)).isEqualTo(groups(joni, theirs));
    }
    boolean starts = theirs.startsWith(bytes, from, to);
    assertThat(ours.startsWith(bytes, from, to)).isEqualTo(starts);
    if (starts) {
      assertThat(groups(direct, ours)).isEqualTo(groups(joni, theirs));
    }
  }

  private static List<Integer> groups(Regex regex, Regex.Matcher matcher) {
    List<Integer> all = new ArrayList<>();
    for (int g = 0; g <= regex.groups(); g++) {
      all.add(matcher.start(g));
      all.add(matcher.end(g));
    }
    return all;
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("aabbAB1 _-.\n\t[]}\u000b").ofMaxLength(14);
  }

  @Provide
  Arbitrary<String> expressions() {
    Arbitrary<String> expression =
        Arbitraries.lazyOf(
            () -> atom(),
            () -> atom(),
            () -> Combinators.combine(expressions(0), expressions(0)).as((a, b) -> a + b),
            () -> Combinators.combine(expressions(0), expressions(0)).as((a, b) -> a + "|" + b));
    return Combinators.combine(expression, expression, Arbitraries.of("", "", "i", "m"))
        .as((a, b, options) -> options.isEmpty() ? a + b : "/" + a + b + "/" + options);
  }

  private Arbitrary<String> expressions(int unused) {
    return Arbitraries.lazyOf(() -> atom(), () -> atom(), () -> sequence());
  }

  private Arbitrary<String> sequence() {
    return Combinators.combine(expressions(0), expressions(0)).as((a, b) -> a + b);
  }

  private Arbitrary<String> atom() {
    Arbitrary<String> simple =
        Arbitraries.of(
            "a",
            "b",
            "A",
            "1",
            " ",
            ".",
            "^",
            "$",
            "\\A",
            "\\z",
            "\\Z",
            "\\b",
            "\\B",
            "\\d",
            "\\w",
            "\\s",
            "\\S",
            "\\W",
            "\\D",
            "\\h",
            "[ab]",
            "[^a]",
            "[^ab\\n]",
            "[a-z]",
            "[^\\s]",
            "[\\w.-]",
            "[[:alpha:]]",
            "[[:space:]]",
            "[A-B1]",
            "\\.",
            "\\-",
            "]",
            "}",
            "\\n",
            "[^\\]]",
            "[-a]",
            "ab",
            "\\<");
    Arbitrary<String> group =
        Combinators.combine(
                Arbitraries.of("(", "(?:", "(?<n>", "(?<m>"),
                Arbitraries.lazyOf(() -> sequence(), () -> alternatives(), () -> simple))
            .as((open, inside) -> open + inside + ")");
    return Combinators.combine(
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, simple), net.jqwik.api.Tuple.of(2, group)),
            Arbitraries.of(
                "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,}", "*+"))
        .as((part, quantifier) -> part + quantifier);
  }

  private Arbitrary<String> alternatives() {
    return Combinators.combine(expressions(0), Arbitraries.of("|", "|a|"), expressions(0))
        .as((a, or, b) -> a + or + b);
  }

  private static final List<String> REAL =
      List.of(
          "^(?<remote>[^ ]*) (?<host>[^ ]*) (?<user>[^ ]*) \\[(?<time>[^\\]]*)\\]"
              + " \"(?<method>\\S+)(?: +(?<path>[^\\\"]*?)(?: +\\S*)?)?\" (?<code>[^ ]*)"
              + " (?<size>[^ ]*)(?: \"(?<referer>[^\\\"]*)\" \"(?<agent>[^\\\"]*)\")",
          "^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<logtag>[^ ]*) (?<message>.*)$",
          "/^\\<(?<pri>[0-9]+)\\>(?<time>[^ ]* {1,2}[^ ]* [^ ]*) (?<host>[^ ]*)"
              + " (?<ident>[a-zA-Z0-9_\\/\\.\\-]*)(?:\\[(?<pid>[0-9]+)\\])?(?:[^\\:]*\\:)?"
              + " *(?<message>.*)$/",
          "^(?<time>[^ ]*)\\s+(?<severity>\\w)\\s+(?<component>[^ ]+)\\s+\\[(?<context>[^\\]]+)]"
              + "\\s+(?<message>.*?) *(?<ms>(\\d+))?(:?ms)?$",
          "(?<tag>[^.]+)?\\.?(?<pod_name>[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
              + "(?:\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)_(?<namespace_name>[^_]+)_"
              + "(?<container_name>.+)-(?<docker_id>[a-z0-9]{4})\\.log$",
          "(.)(?:Exception|Error|Throwable|V8 errors stack trace)(?:[:\\r\\n]|$)",
          "^(?:[^\\s.:]+\\.)*[^\\s.():]+\\(|^created by ",
          "^[\\t ]*... \\d+ (?:more|common frames omitted)");

  @Provide
  Arbitrary<String> real() {
    return Arbitraries.of(REAL);
  }

  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.of(
            "10.0.0.1 - bob ",
            "[10/Oct/2026:13:55:36 +0200] ",
            "\"GET /a b HTTP/1.1\" ",
            "200 23",
            " \"-\" ",
            "\"curl\"",
            "<34>",
            "Oct  1 22:14:15 ",
            "host su[12]: ",
            "2026-01-02 ",
            "stdout F ",
            "stderr P ",
            "I NETWORK [conn1] end",
            " 12ms",
            "\n",
            "ap.web-1_ns_c-abcd",
            ".log",
            "a.BException: x",
            "Error",
            "\tat ",
            "... 2 more",
            "main.main(",
            "created by ")
        .list()
        .ofMaxSize(9)
        .map(l -> String.join("", l));
  }
}
