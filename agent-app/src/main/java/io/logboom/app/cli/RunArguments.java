package io.logboom.app.cli;

import io.logboom.core.config.CommandLine;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Fluent Bit's command line, read.
 *
 * @param config the file given with {@code -c}; null for none
 * @param workdir the directory given with {@code -w}; null for none
 * @param service what flags say about the {@code service} section, in their order
 * @param plugins what {@code -i}, {@code -F} and {@code -o} began, in their order
 * @param notes flags that are accepted and mean nothing here, each with the reason
 */
record RunArguments(
    Mode mode,
    @Nullable String config,
    @Nullable String workdir,
    List<Property> service,
    List<Plugin> plugins,
    List<String> notes) {
  /** What was asked for. */
  enum Mode {
    RUN,
    /** Read the configuration, say whether it is right. */
    DRY_RUN,
    VERSION,
    HELP,
    /** The options of the last of {@link #plugins}. */
    PLUGIN_HELP,
    /** The JSON Schema of the configuration. */
    SCHEMA
  }

  /** An option and its value. */
  record Property(String key, String value) {}

  /** A plugin's section; its first property is its name. */
  record Plugin(Kind kind, List<Property> properties) {
    Plugin {
      properties = List.copyOf(properties);
    }

    String name() {
      return properties.getFirst().value();
    }
  }

  /** Which list of the pipeline a plugin is in. */
  enum Kind {
    INPUT,
    FILTER,
    OUTPUT;

    /** {@code input}, {@code filter}, {@code output}. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  RunArguments {
    service = List.copyOf(service);
    plugins = List.copyOf(plugins);
    notes = List.copyOf(notes);
  }

  /** As the configuration takes it. */
  CommandLine toCommandLine() {
    CommandLine line = new CommandLine();
    for (Property property : service) {
      if (property.key().equals("parsers_file")) {
        line.parsersFile(property.value());
      } else {
        line.service(property.key(), property.value());
      }
    }
    for (Plugin plugin : plugins) {
      switch (plugin.kind()) {
        case INPUT -> line.input(plugin.name());
        case FILTER -> line.filter(plugin.name());
        case OUTPUT -> line.output(plugin.name());
      }
      for (Property property : plugin.properties().subList(1, plugin.properties().size())) {
        line.property(property.key(), property.value());
      }
    }
    return line;
  }
}
