package io.logboom.core.assembly;

import io.logboom.api.text.Regex;
import io.logboom.core.pipeline.TagMatch;
import java.nio.charset.StandardCharsets;

/**
 * {@code match_regex}: anchored at the start of the tag and not at its end, and the match must not
 * be empty, as Fluent Bit has it.
 */
final class RegexMatch {
  private RegexMatch() {}

  static TagMatch of(Regex regex) {
    return tag -> {
      byte[] utf8 = tag.getBytes(StandardCharsets.UTF_8);
      Regex.Matcher matcher = regex.matcher();
      return matcher.startsWith(utf8, 0, utf8.length) && matcher.end(0) > matcher.start(0);
    };
  }
}
