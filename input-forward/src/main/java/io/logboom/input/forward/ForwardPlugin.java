package io.logboom.input.forward;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;

/** The input {@code forward}. */
public final class ForwardPlugin implements InputPlugin<ForwardConfig> {
  @Override
  public String type() {
    return "forward";
  }

  @Override
  public String text() {
    return "Takes records over the Forward protocol: from Fluent Bit, Fluentd, Docker and loggers.";
  }

  @Override
  public Class<ForwardConfig> config() {
    return ForwardConfig.class;
  }

  @Override
  public void check(ForwardConfig config, Problems problems) {
    ForwardCheck.check(config, problems);
  }

  @Override
  public boolean setsTags(ForwardConfig config) {
    return config.tag() == null || config.tagPrefix() != null;
  }

  @Override
  public boolean hasDefaultTag() {
    return false;
  }

  @Override
  public Input create(ForwardConfig config, Context context) throws StartException {
    return new Forward(config, context, System::nanoTime);
  }
}
