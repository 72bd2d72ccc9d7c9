package io.logboom.input.tail;

import io.logboom.api.plugin.Problems;
import java.util.regex.PatternSyntaxException;

/** Rules that no option alone can state. */
final class TailCheck {
  private static final String ENGINE = "use multiline.parser with a multiline parser";

  private TailCheck() {}

  static void check(TailConfig config, Problems problems) {
    TailConfig.Making making = config.making();
    TailConfig.Legacy legacy = config.legacy();
    if (config.tagRegex() != null) {
      if (config.tag() == null || config.tag().indexOf('<') < 0) {
        problems.warning(
            "tag_regex", "no <name> in the tag uses it: it only chooses files", "tag: <name>.*");
      }
      try {
        TagRule.of("", config.tagRegex());
      } catch (PatternSyntaxException e) {
        problems.error("tag_regex", "no regular expression: " + e.getDescription(), "");
      }
    }
    if (making.skipLongLines() && making.truncateLongLines()) {
      problems.warning(
          "skip_long_lines", "truncate_long_lines is on as well and counts", "choose one");
    }
    if (making.parser() != null && !making.multilineParser().isEmpty()) {
      problems.warning("parser", "it is not applied where multiline.parser is given", "");
    }
    if (config.finding().exitOnEof()) {
      problems.error("exit_on_eof", "this is not supported yet", "leave it out");
    }
    unsupported(problems, making.unicodeEncoding() != null, "unicode.encoding", "");
    unsupported(problems, making.genericEncoding() != null, "generic.encoding", "");
    unsupported(problems, legacy.multiline(), "multiline", ENGINE);
    unsupported(problems, legacy.parserFirstline() != null, "parser_firstline", ENGINE);
    unsupported(problems, legacy.dockerModeParser() != null, "docker_mode_parser", ENGINE);
  }

  private static void unsupported(Problems problems, boolean given, String option, String hint) {
    if (given) {
      problems.error(option, "this is not supported", hint);
    }
  }
}
