package io.logboom.core.assembly;

import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.Binder;
import io.logboom.core.config.FilterCommon;
import io.logboom.core.config.FilterStage;
import io.logboom.core.config.InputCommon;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.Mark;
import io.logboom.core.config.OutputCommon;
import io.logboom.core.config.OutputStage;
import io.logboom.core.config.ParserDefinition;
import io.logboom.core.config.ServiceConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A configuration in the making. Names are given as the loader gives them, or are aliases. */
final class Wanted {
  private static final Mark HERE = Mark.of("test");

  private final List<String> service = new ArrayList<>();
  private final List<InputStage> inputs = new ArrayList<>();
  private final List<FilterStage> filters = new ArrayList<>();
  private final List<OutputStage> outputs = new ArrayList<>();
  private final List<ParserDefinition> parsers = new ArrayList<>();

  Wanted(Path state) {
    service("state_dir", state.toString());
    service("flush", "0.02");
    service("buffer.memory", "8M");
    service("scheduler.base", "0.01");
    service("scheduler.cap", "0.05");
    service("hot_reload.timeout", "1");
    service("grace", "2");
  }

  Wanted service(String option, String value) {
    service.add(option);
    service.add(value);
    return this;
  }

  Wanted input(String name, InputPlugin<?> plugin, String... options) {
    Record config = Binder.bind(plugin.config(), options);
    inputs.add(
        new InputStage(name, plugin, config, Binder.bind(InputCommon.class, "tag", name), HERE));
    return this;
  }

  Wanted filter(String name, FilterPlugin<?> plugin, String match, String... options) {
    Record config = Binder.bind(plugin.config(), options);
    FilterCommon common = Binder.bind(FilterCommon.class, "match", match);
    filters.add(new FilterStage(name, plugin, config, common, HERE));
    return this;
  }

  Wanted output(String name, OutputPlugin<?> plugin, String match, String... options) {
    Record config = Binder.bind(plugin.config(), options);
    OutputCommon common = Binder.bind(OutputCommon.class, "match", match);
    outputs.add(new OutputStage(name, plugin, config, common, HERE));
    return this;
  }

  Wanted parser(String name, String format) {
    parsers.add(Binder.bind(ParserDefinition.class, "name", name, "format", format));
    return this;
  }

  AgentConfig config() {
    List<String> last = new ArrayList<>();
    for (int i = 0; i < service.size(); i += 2) {
      int again = last.indexOf(service.get(i));
      if (again >= 0) {
        last.set(again + 1, service.get(i + 1));
      } else {
        last.addAll(service.subList(i, i + 2));
      }
    }
    return new AgentConfig(
        Binder.bind(ServiceConfig.class, last.toArray(String[]::new)),
        inputs,
        filters,
        outputs,
        parsers,
        List.of());
  }
}
