package io.logboom.input.tail;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import java.util.regex.PatternSyntaxException;

/** The input {@code tail}. */
public final class TailPlugin implements InputPlugin<TailConfig> {
  @Override
  public String type() {
    return "tail";
  }

  @Override
  public String text() {
    return "Follows files: containers' logs on a node, or any other.";
  }

  @Override
  public Class<TailConfig> config() {
    return TailConfig.class;
  }

  @Override
  public void check(TailConfig config, Problems problems) {
    TailCheck.check(config, problems);
  }

  @Override
  public Input create(TailConfig config, Context context) throws StartException {
    try {
      return new Tail(config, context, System::nanoTime, System.getenv());
    } catch (PatternSyntaxException e) {
      throw new StartException("tag_regex is no regular expression: " + e.getDescription(), e);
    }
  }
}
