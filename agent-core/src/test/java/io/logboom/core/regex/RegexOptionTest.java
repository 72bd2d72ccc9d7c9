package io.logboom.core.regex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.config.Option;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.Template;
import io.logboom.api.text.Regex;
import io.logboom.core.config.Binder;
import io.logboom.core.config.ConfigException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Regular expressions, templates and accessors as options. */
final class RegexOptionTest {
  /** Options of these types. */
  record Options(
      @Option(text = "An expression.") @Nullable Regex regex,
      @Option(text = "A template.", preset = "logs-$TAG") Template index,
      @Option(text = "Accessors.", repeatable = true) List<Accessor> key) {}

  @Test
  void bindsThem() {
    Options options =
        Binder.bind(Options.class, "regex", "/^A(?<n>.)/i", "key", "$a['b']", "key", "c");
    assertThat(options.regex()).isNotNull();
    byte[] text = "ab".getBytes(UTF_8);
    assertThat(options.regex().matcher().search(text, 0, text.length)).isTrue();
    assertThat(options.index()).isEqualTo(Template.parse("logs-$TAG"));
    assertThat(options.key()).extracting(Accessor::key).containsExactly("a", "c");
  }

  @Test
  void refusesWithAPlace() {
    assertThatThrownBy(() -> Binder.bind(Options.class, "regex", "a(b", "index", "x-$"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("unmatched parenthesis at character 2")
        .hasMessageContaining("'$' without a name at character 3");
  }
}
