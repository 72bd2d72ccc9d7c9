package io.logboom.core.assembly;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.StartException;

/** Plugins that cannot start. */
final class Faulty {
  private Faulty() {}

  record None() {}

  record In() implements InputPlugin<None> {
    @Override
    public String type() {
      return "faulty";
    }

    @Override
    public String text() {
      return "Cannot start.";
    }

    @Override
    public Class<None> config() {
      return None.class;
    }

    @Override
    public Input create(None config, Context context) throws StartException {
      throw new StartException("port 1 is in use");
    }
  }

  record Between() implements FilterPlugin<None> {
    @Override
    public String type() {
      return "faulty";
    }

    @Override
    public String text() {
      return "Cannot start.";
    }

    @Override
    public Class<None> config() {
      return None.class;
    }

    @Override
    public Filter create(None config, Context context) throws StartException {
      throw new StartException("no such file");
    }
  }

  record Out() implements OutputPlugin<None> {
    @Override
    public String type() {
      return "faulty";
    }

    @Override
    public String text() {
      return "Cannot start.";
    }

    @Override
    public Class<None> config() {
      return None.class;
    }

    @Override
    public Output create(None config, Context context) throws StartException {
      throw new StartException("not a certificate");
    }
  }
}
