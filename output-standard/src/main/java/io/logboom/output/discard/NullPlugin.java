package io.logboom.output.discard;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;

/** {@code name: null}. */
public final class NullPlugin implements OutputPlugin<NullConfig> {
  @Override
  public String type() {
    return "null";
  }

  @Override
  public String text() {
    return "Throws records away and counts them as delivered.";
  }

  @Override
  public Class<NullConfig> config() {
    return NullConfig.class;
  }

  @Override
  public Output create(NullConfig config, Context context) {
    return new Null();
  }
}
