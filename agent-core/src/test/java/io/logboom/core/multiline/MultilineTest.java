package io.logboom.core.multiline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.text.LineJoiner;
import io.logboom.api.text.Multiline;
import io.logboom.core.config.Binder;
import io.logboom.core.config.MultilineDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class MultilineTest {
  private static final String JAVA_TRACE =
      """
      java.lang.RuntimeException: Error in request
      \tat com.example.Shop.buy(Shop.java:10)
          at com.example.Shop.main(Shop.java:5)
      Caused by: java.io.IOException: disk
      \tat com.example.Disk.read(Disk.java:42)
      \t... 2 more
      \tSuppressed: java.lang.IllegalStateException
      \t\tat com.example.Disk.close(Disk.java:77)""";

  private static final String GO_TRACE =
      """
      panic: my panic

      goroutine 4 [running]:
      panic(0x45cb40, 0x47ad70)
      \t/usr/local/go/src/runtime/panic.go:542 +0x46c fp=0xc42003f7b8 sp=0xc42003f710
      main.main.func1(0xc420024120)
      \tfoo.go:6 +0x39 fp=0xc42003f7d8 sp=0xc42003f7b8
      created by main.main
      \tfoo.go:5 +0x58

      goroutine 1 [chan receive]:
      runtime.gopark(0x4739b8, 0xc420024178, 0x46fcd7, 0xc, 0xc420028e17, 0x3)
      \t/usr/local/go/src/runtime/proc.go:280 +0x12c""";

  private static final String PYTHON_TRACE =
      """
      Traceback (most recent call last):
        File "/base/webapp2.py", line 1535, in __call__
          rv = self.handle_exception(request, response, e)
        File "/base/main.py", line 22, in get
          raise ValueError('x')
      ValueError: x""";

  private static final String RUBY_TRACE =
      """
      /app/config/routes.rb:6:in `/': divided by 0 (ZeroDivisionError)
        from /app/config/routes.rb:6:in `block in <main>'
        from /var/lib/gems/3.0.0/gems/actionpack/mapper.rb:1:in `eval_block'""";

  @Test
  void joinsStackTracesOfAllLanguagesBetweenPlainLines() {
    List<String> records =
        join(
            List.of("java", "go", "python", "ruby"),
            "plain line",
            JAVA_TRACE,
            "another",
            GO_TRACE,
            "plain again",
            PYTHON_TRACE,
            "and again",
            RUBY_TRACE,
            "end");
    assertThat(records)
        .containsExactly(
            "plain line",
            JAVA_TRACE,
            "another",
            GO_TRACE,
            "plain again",
            PYTHON_TRACE,
            "and again",
            RUBY_TRACE,
            "end");
  }

  @Test
  void keepsATraceWholeWhoseExceptionHasNoMessage() {
    String trace = "java.lang.NullPointerException\n\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)";
    assertThat(join(List.of("java"), trace, "next")).containsExactly(trace, "next");
  }

  @Test
  void keepsANestedExceptionInOneRecord() {
    String trace =
        """
        javax.mail.SendFailedException: bad;
          nested exception is:
        java.net.ConnectException: refused
        \tat a.B.c(B.java:1)""";
    assertThat(join(List.of("java"), trace)).containsExactly(trace);
  }

  @Test
  void startsAnotherRecordWithAnotherException() {
    String first = "a.BException: x\n\tat a.B.c(B.java:1)";
    String second = "a.CException: y\n\tat a.C.c(C.java:1)";
    assertThat(join(List.of("java"), first, second)).containsExactly(first, second);
  }

  @Test
  void completesAPythonTraceWithItsLastLine() {
    LineJoiner joiner = joiner(List.of("python"));
    int state = LineJoiner.NOTHING;
    List<Boolean> complete = new ArrayList<>();
    for (String line : PYTHON_TRACE.split("\n")) {
      byte[] bytes = line.getBytes(UTF_8);
      state = joiner.next(state, bytes, 0, bytes.length);
      complete.add(joiner.isComplete());
    }
    assertThat(complete).containsExactly(false, false, false, false, false, true);
    assertThat(state).isEqualTo(LineJoiner.NOTHING);
  }

  @Test
  void runsRulesOfTheConfiguration() {
    MultilineDefinition definition =
        define(
            "name", "dated",
            "type", "regex",
            "flush_timeout", "1000",
            "rule", "\"start_state\" \"/([A-Za-z]+ \\d+ \\d+\\:\\d+\\:\\d+)(.*)/\" \"cont\"",
            "rule", "\"cont\" \"/^\\s+at.*/\" \"cont\"");
    Multiline multiline = find(List.of(definition), "dated");
    assertThat(multiline.flushTimeout()).hasMillis(1000);
    assertThat(multiline.breaksLines()).isTrue();
    List<String> records =
        join(
            List.of(multiline),
            "Dec 14 06:41:08 Exception\n    at Main\n    at Top",
            "Dec 14 06:41:09 next",
            "stray",
            "    at nothing");
    assertThat(records)
        .containsExactly(
            "Dec 14 06:41:08 Exception\n    at Main\n    at Top",
            "Dec 14 06:41:09 next",
            "stray",
            "    at nothing");
  }

  @Test
  void endsARecordWithALineThatEndsWithAText() {
    Multiline multiline =
        find(List.of(define("name", "e", "type", "endswith", "match_string", ";")), "e");
    assertThat(join(List.of(multiline), "select 1", "from x;", ";", "", "a;"))
        .containsExactly("select 1\nfrom x;", ";", "\na;");
  }

  @Test
  void endsARecordWithEachLineThatDoesNotEndWithAText() {
    Multiline multiline =
        find(
            List.of(define("name", "e", "type", "endswith", "match_string", "\\", "negate", "on")),
            "e");
    assertThat(join(List.of(multiline), "a \\", "b \\", "c", "d"))
        .containsExactly("a \\\nb \\\nc", "d");
  }

  @Test
  void endsARecordWithALineThatIsAText() {
    Multiline multiline =
        find(
            List.of(define("name", "e", "type", "eq", "match_string", "---", "key_content", "log")),
            "e");
    assertThat(multiline.breaksLines()).isFalse();
    assertThat(join(List.of(multiline), "a", "-", "---", "b")).containsExactly("a-" + "---", "b");
  }

  @Test
  void forgetsWhatWasSentAwayForAnotherReason() {
    LineJoiner joiner = joiner(List.of("java"));
    byte[] start = "a.BException: x".getBytes(UTF_8);
    byte[] frame = "\tat a.B.c(B.java:1)".getBytes(UTF_8);
    assertThat(joiner.next(LineJoiner.NOTHING, start, 0, start.length)).isNotZero();
    assertThat(joiner.next(LineJoiner.NOTHING, frame, 0, frame.length)).isZero();
    assertThat(joiner.verdict()).isEqualTo(LineJoiner.Verdict.ALONE);
  }

  @Test
  void serves200StreamsInterleavedWithoutMixingThem() {
    LineJoiner joiner = joiner(List.of("java"));
    String[] lines = (JAVA_TRACE + "\nplain").split("\n");
    int[] states = new int[200];
    int[] starts = new int[200];
    int[] alone = new int[200];
    for (int step = 0; step < lines.length * states.length; step++) {
      int stream = step % states.length;
      byte[] line = lines[(step / states.length + stream) % lines.length].getBytes(UTF_8);
      states[stream] = joiner.next(states[stream], line, 0, line.length);
      switch (joiner.verdict()) {
        case START -> starts[stream]++;
        case ALONE -> alone[stream]++;
        case CONTINUE -> {}
      }
    }
    assertThat(starts[0]).isEqualTo(1);
    assertThat(alone[0]).isEqualTo(1);
    assertThat(Arrays.stream(starts).allMatch(n -> n >= 1)).isTrue();
  }

  @Test
  void refusesRulesThatContradictThemselves() {
    assertRefused("start_state", "regex", "rule", "\"cont\" \"/a/\" \"cont\"");
    assertRefused("'gone'", "regex", "rule", "\"start_state\" \"/a/\" \"gone\"");
    assertRefused("start_state", "regex");
    assertRefused("match_string", "endswith");
  }

  private static void assertRefused(String word, String type, String... more) {
    List<String> options = new ArrayList<>(List.of("name", "x", "type", type));
    options.addAll(List.of(more));
    MultilineDefinition definition = define(options.toArray(String[]::new));
    assertThatThrownBy(() -> new ConfiguredMultilines(List.of(definition)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(word);
  }

  private static MultilineDefinition define(String... options) {
    return Binder.bind(MultilineDefinition.class, options);
  }

  private static Multiline find(List<MultilineDefinition> definitions, String name) {
    return Objects.requireNonNull(new ConfiguredMultilines(definitions).find(name));
  }

  private static LineJoiner joiner(List<String> names) {
    return new LineJoiner(names.stream().map(n -> find(List.of(), n)).toList());
  }

  private static List<String> join(List<?> parsers, String... records) {
    List<Multiline> all = new ArrayList<>();
    for (Object parser : parsers) {
      all.add(parser instanceof Multiline m ? m : find(List.of(), parser.toString()));
    }
    LineJoiner joiner = new LineJoiner(all);
    List<String> result = new ArrayList<>();
    String waiting = null;
    int state = LineJoiner.NOTHING;
    for (String line : String.join("\n", records).split("\n", -1)) {
      byte[] bytes = ("<" + line + ">").getBytes(UTF_8);
      state = joiner.next(state, bytes, 1, bytes.length - 1);
      if (joiner.verdict() != LineJoiner.Verdict.CONTINUE) {
        if (waiting != null) {
          result.add(waiting);
        }
        waiting = line;
      } else {
        waiting = waiting + (joiner.parser().breaksLines() ? "\n" : "") + line;
      }
      if (joiner.isComplete()) {
        result.add(waiting);
        waiting = null;
      }
    }
    if (waiting != null) {
      result.add(waiting);
    }
    return result;
  }
}
