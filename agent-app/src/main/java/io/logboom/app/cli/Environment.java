package io.logboom.app.cli;

import io.logboom.core.config.Catalog;
import io.logboom.core.config.ConfigLoader;
import io.logboom.core.config.Explain;
import io.logboom.core.config.JsonSchema;
import io.logboom.core.multiline.ConfiguredMultilines;
import io.logboom.core.parser.ConfiguredParsers;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a command stands on: the plugins of the program, and the process around it. */
final class Environment {
  private final Supplier<Installed> find;
  private @Nullable Installed installed;
  private @Nullable Catalog catalog;
  private final Map<String, String> variables;
  private final Path directory;
  private final String program;
  private final String workdir;

  private Environment(
      Supplier<Installed> find,
      Map<String, String> variables,
      Path directory,
      String program,
      String workdir) {
    this.find = find;
    this.variables = variables;
    this.directory = directory;
    this.program = program;
    this.workdir = workdir;
  }

  /** The process's own. The script that starts the program tells its name and {@code -w}. */
  static Environment standard() {
    return in(Path.of(""), System.getenv());
  }

  /** Another directory, which relative paths start at, and other variables. */
  static Environment in(Path directory, Map<String, String> variables) {
    return new Environment(
        Installed::find,
        variables,
        directory,
        System.getProperty("logboom.program", "logboom"),
        System.getProperty("logboom.workdir", ""));
  }

  /** Found when first asked for: telling the version needs no plugin. */
  Installed installed() {
    Installed known = installed;
    if (known == null) {
      known = find.get();
      installed = known;
    }
    return known;
  }

  /** What a configuration can name. */
  Catalog catalog() {
    Catalog known = catalog;
    if (known == null) {
      known =
          new Catalog(
              installed().all(), ConfiguredParsers.builtIn(), ConfiguredMultilines.builtIn());
      catalog = known;
    }
    return known;
  }

  ConfigLoader loader() {
    return new ConfigLoader(catalog(), variables, directory);
  }

  /** The name that the program was called by: {@code logboom} or {@code fluent-bit}. */
  String program() {
    return program;
  }

  /** The argument of {@code -w} that has been honoured; empty for none. */
  String workdir() {
    return workdir;
  }

  /** The JSON Schema of YAML configurations. */
  String schema() {
    return JsonSchema.of(catalog());
  }

  /** The options of the plugin that answers to the word; null where none does. */
  @Nullable String help(RunArguments.Kind kind, String word) {
    return Explain.plugin(catalog(), kind.word(), word);
  }

  /**
   * The options of all plugins that answer to the word, or of the service section, or the options
   * of that name wherever there are any; null where nothing has the word.
   */
  @Nullable String help(String word) {
    if (word.equalsIgnoreCase("service")) {
      return Explain.service();
    }
    StringBuilder all = new StringBuilder();
    for (RunArguments.Kind kind : RunArguments.Kind.values()) {
      String one = help(kind, word);
      if (one != null) {
        all.append(one);
      }
    }
    return all.isEmpty() ? Explain.option(catalog(), word) : all.toString();
  }
}
