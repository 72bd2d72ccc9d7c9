package io.logboom.output.file;

import io.logboom.api.batch.Names;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.record.Template;

/** {@code name: file}. */
public final class FilePlugin implements OutputPlugin<FileConfig> {
  @Override
  public String type() {
    return "file";
  }

  @Override
  public String text() {
    return "Appends records to files, and rotates them.";
  }

  @Override
  public Class<FileConfig> config() {
    return FileConfig.class;
  }

  @Override
  public void check(FileConfig config, Problems problems) {
    Template file = config.target().file();
    if (file != null && (file.toString().isBlank() || leadsUp(file.toString()))) {
      problems.error("file", "is no name of a file below path", "app.log");
    }
    try {
      LineEncoder.parts(config.lines().template(), new Names());
    } catch (IllegalArgumentException e) {
      problems.error(
          "template", String.valueOf(e.getMessage()), "{time} {$kubernetes['pod_name']} {log}");
    }
  }

  private static boolean leadsUp(String file) {
    for (String part : file.split("/", -1)) {
      if (part.equals("..")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Output create(FileConfig config, Context context) {
    return new FileOutput(config, context);
  }
}
