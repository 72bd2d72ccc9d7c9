package io.logboom.app.cli;

import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Plugin;
import io.logboom.app.monitor.Watched;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** The plugins in the program. */
record Installed(
    List<InputPlugin<?>> inputs, List<FilterPlugin<?>> filters, List<OutputPlugin<?>> outputs) {

  @SuppressWarnings("rawtypes") // ServiceLoader knows classes only
  static Installed find() {
    List<InputPlugin<?>> inputs = new ArrayList<>();
    for (InputPlugin each : ServiceLoader.load(InputPlugin.class)) {
      inputs.add(each);
    }
    List<FilterPlugin<?>> filters = new ArrayList<>();
    for (FilterPlugin each : ServiceLoader.load(FilterPlugin.class)) {
      filters.add(each);
    }
    List<OutputPlugin<?>> outputs = new ArrayList<>();
    for (OutputPlugin each : ServiceLoader.load(OutputPlugin.class)) {
      outputs.add(each);
    }
    return new Installed(byType(inputs), byType(filters), byType(outputs));
  }

  /** In an order that the class path does not decide: generated documents list them. */
  private static <P extends Plugin<?, ?>> List<P> byType(List<P> plugins) {
    return plugins.stream().sorted(Comparator.comparing(Plugin::type)).toList();
  }

  List<Plugin<?, ?>> all() {
    List<Plugin<?, ?>> all = new ArrayList<>(inputs);
    all.addAll(filters);
    all.addAll(outputs);
    return all;
  }

  /** All words that name a plugin, for {@code /api/v1/plugins}. */
  Watched.Plugins words() {
    return new Watched.Plugins(words(inputs), words(filters), words(outputs));
  }

  private static List<String> words(List<? extends Plugin<?, ?>> plugins) {
    TreeSet<String> words = new TreeSet<>();
    for (Plugin<?, ?> plugin : plugins) {
      words.add(plugin.type());
      words.addAll(plugin.aliases());
    }
    return List.copyOf(words);
  }
}
