package io.logboom.output.stdout;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/** {@code name: stdout}. */
public final class StdoutPlugin implements OutputPlugin<StdoutConfig> {
  @Override
  public String type() {
    return "stdout";
  }

  @Override
  public String text() {
    return "Prints records to the standard output.";
  }

  @Override
  public Class<StdoutConfig> config() {
    return StdoutConfig.class;
  }

  @Override
  public Output create(StdoutConfig config, Context context) {
    // Not closed: the process's standard output is not this output's own. A channel, since it
    // says how much of a write went out, and lets an interrupt end a write that hangs.
    @SuppressWarnings("resource")
    FileOutputStream standard = new FileOutputStream(FileDescriptor.out);
    return new Stdout(standard.getChannel(), new StdoutEncoder(config, context.names()));
  }
}
