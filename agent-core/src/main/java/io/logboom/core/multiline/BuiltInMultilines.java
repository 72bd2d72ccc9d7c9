package io.logboom.core.multiline;

import io.logboom.api.text.Multiline;
import io.logboom.core.multiline.RuleTable.Rule;
import io.logboom.core.regex.JoniRegex;
import java.util.List;
import java.util.Set;

/**
 * Stack traces of Java (and C# and JavaScript), Go, Python and Ruby, with the states and
 * expressions of Fluent Bit's parsers of these names.
 *
 * <p>In {@code java} an exception's name may also end the line: Fluent Bit asks for a colon or a
 * line break behind it, and so takes the trace of an exception without a message apart.
 */
final class BuiltInMultilines {
  private BuiltInMultilines() {}

  static List<Multiline> all() {
    return List.of(java(), go(), python(), ruby());
  }

  private static Multiline java() {
    String inTrace = "java_after_exception, java";
    return DefinedMultiline.of(
        "java",
        List.of(
            rule(
                "start_state, java_start_exception",
                Words.of("Exception", "Error", "Throwable", "V8 errors stack trace"),
                "(.)(?:Exception|Error|Throwable|V8 errors stack trace)(?:[:\\r\\n]|$)",
                "java_after_exception"),
            rule(
                "java_after_exception",
                "^[\\t ]*nested exception is:[\\t ]*",
                "java_start_exception"),
            rule("java_after_exception", "^[\\r\\n]*$", "java_after_exception"),
            rule(inTrace, "^[\\t ]+(?:eval )?at ", "java"),
            rule(inTrace, "^[\\t ]+--- End of inner exception stack trace ---$", "java"),
            rule(
                inTrace,
                "^--- End of stack trace from previous location where exception was thrown"
                    + " ---$",
                "java"),
            rule(inTrace, "^[\\t ]*(?:Caused by|Suppressed):", "java_after_exception"),
            rule(inTrace, "^[\\t ]*... \\d+ (?:more|common frames omitted)", "java")));
  }

  private static Multiline go() {
    return DefinedMultiline.of(
        "go",
        List.of(
            rule("start_state", Words.of("panic: "), "\\bpanic: ", "go_after_panic"),
            rule(
                "start_state",
                Words.of("http: panic serving"),
                "http: panic serving",
                "go_goroutine"),
            rule("go_after_panic, go_after_signal, go_frame_1", "^$", "go_goroutine"),
            rule("go_after_panic", "^\\[signal ", "go_after_signal"),
            rule("go_goroutine", "^goroutine \\d+ \\[[^\\]]+\\]:$", "go_frame_1"),
            rule("go_frame_1", "^(?:[^\\s.:]+\\.)*[^\\s.():]+\\(|^created by ", "go_frame_2"),
            rule("go_frame_2", "^\\s", "go_frame_1")));
  }

  private static Multiline python() {
    return DefinedMultiline.of(
        "python",
        List.of(
            rule(
                "start_state",
                Words.of("Traceback (most recent call last):"),
                "^Traceback \\(most recent call last\\):$",
                "python"),
            rule("python", "^[\\t ]+File ", "python_code"),
            rule("python_code", "[^\\t ]", "python"),
            rule("python", "^(?:[^\\s.():]+\\.)*[^\\s.():]+:", "start_state")));
  }

  private static Multiline ruby() {
    return DefinedMultiline.of(
        "ruby",
        List.of(
            rule(
                "start_state, ruby_start_exception",
                Words.of(":in"),
                "^.+:\\d+:in\\s+.*",
                "ruby_after_exception"),
            rule("ruby_after_exception, ruby", "^\\s+from\\s+.*:\\d+:in\\s+.*", "ruby")));
  }

  private static Rule rule(String from, String regex, String to) {
    return rule(from, Words.NONE, regex, to);
  }

  private static Rule rule(String from, Words words, String regex, String to) {
    return new Rule(Set.of(from.split(", ")), JoniRegex.compile(regex), words, to);
  }
}
