package io.logboom.core.config;

import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.core.config.Sources.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads a configuration: reads its files, replaces variables, binds every section, and checks what
 * lies between sections. Looks at files of configuration only; opens no network and starts nothing.
 */
public final class ConfigLoader {
  private final Catalog catalog;
  private final Map<String, String> environment;
  private final Path workingDirectory;

  /**
   * @param environment the variables of the process
   * @param workingDirectory what relative paths are relative to
   */
  public ConfigLoader(Catalog catalog, Map<String, String> environment, Path workingDirectory) {
    this.catalog = catalog;
    this.environment = Map.copyOf(environment);
    this.workingDirectory = workingDirectory;
  }

  /** Loads a file. */
  public LoadResult load(Path file) {
    return load(file, new CommandLine());
  }

  /**
   * Loads a file and what the command line says.
   *
   * @param file null where the command line says all
   */
  public LoadResult load(@Nullable Path file, CommandLine commandLine) {
    return new Load(file, commandLine).run();
  }

  /** The state of one load. */
  private final class Load {
    private final @Nullable Path file;
    private final CommandLine commandLine;
    private final Mark main;
    private final Findings findings = new Findings();
    private final Set<Path> lookedAt = new LinkedHashSet<>();
    private final Tree tree = new Tree(new Variables(environment, findings, lookedAt));
    private final Sources sources;
    private final UpstreamFiles upstreams;
    private final List<EffectiveSection> effective = new ArrayList<>();

    Load(@Nullable Path file, CommandLine commandLine) {
      this.file = file;
      this.commandLine = commandLine;
      this.main = file == null ? Mark.of("command line") : new Mark(file.toString(), 1, 1);
      Path parent = file == null ? null : file.getParent();
      this.sources =
          new Sources(workingDirectory, parent == null ? Path.of("") : parent, findings, lookedAt);
      this.upstreams = new UpstreamFiles(sources, tree.variables(), findings);
    }

    LoadResult run() {
      if (file != null) {
        read(file, Mark.of(file.toString()), false);
      }
      boolean whole = findings.errors() == 0;
      commandLine.addTo(tree);
      unsupported();
      ServiceConfig service = service();
      Definitions definitions = new Definitions(findings);
      definitions.bind(tree);
      List<BoundStage> stages = new StageBinder(catalog, findings, upstreams).bind(tree);
      check(definitions, stages, whole);
      for (BoundStage stage : stages) {
        String title = Catalog.name(stage.kind()) + " " + stage.name();
        effective.add(new EffectiveSection(title, stage.binder().effective()));
      }
      AgentConfig config =
          service == null || findings.errors() > 0 ? null : config(service, definitions, stages);
      return new LoadResult(config, findings.sorted(), effective, lookedAt);
    }

    private void read(Path path, Mark from, boolean parsersFile) {
      Source source = sources.open(path, from);
      if (source == null) {
        return;
      }
      String name = path.toString().toLowerCase(Locale.ROOT);
      if (name.endsWith(".yaml") || name.endsWith(".yml")) {
        new YamlReader(sources, tree, findings, parsersFile).read(source);
      } else {
        FileKind kind = parsersFile ? FileKind.PARSERS : FileKind.MAIN;
        new ClassicReader(sources, tree, findings, kind).read(source);
      }
    }

    private @Nullable ServiceConfig service() {
      List<Entry> entries = new ArrayList<>();
      List<Section> written = tree.of(SectionKind.SERVICE);
      for (Section section : written) {
        entries.addAll(tree.variables().expand(section).entries());
      }
      Mark mark = written.isEmpty() ? main : written.getFirst().mark();
      Section section = commandLine.over(new Section(mark, entries));
      String level = environment.get("FLB_LOG_LEVEL");
      if (level != null && !level.isEmpty()) {
        Mark from = Mark.of("environment variable FLB_LOG_LEVEL");
        section = CommandLine.over(section, Map.of("log_level", level), from);
      }
      Binder binder = new Binder("the service", section, findings, upstreams);
      ServiceConfig service = binder.take(RecordSpec.of(ServiceConfig.class));
      binder.inert(InertOption.SERVICE);
      binder.ignore("streams_file");
      binder.finish();
      streams(section.first("streams_file"));
      if (service != null) {
        beside(service, section);
      }
      effective.add(new EffectiveSection("service", binder.effective()));
      for (Entry entry : section.entries()) {
        if (entry.key().equals("parsers_file") && !entry.text().isEmpty()) {
          parsers(entry.text(), entry.valueMark());
        }
      }
      for (String path : commandLine.parsersFiles()) {
        parsers(path, Mark.of("command line"));
      }
      return service;
    }

    private void beside(ServiceConfig service, Section section) {
      for (Entry entry : section.entries()) {
        if (entry.key().startsWith("sidecar.") && !service.sidecar().sidecar()) {
          findings.warning(
              entry.keyMark(),
              "'" + entry.key() + "' has no effect without sidecar",
              "sidecar: on");
        }
      }
      if (service.sidecar().doneFile() != null && service.sidecar().process() != null) {
        findings.error(
            section.mark(),
            "sidecar.done_file and sidecar.process both tell the application's end",
            "use one of them");
      }
    }

    private void parsers(String text, Mark from) {
      Path path = sources.locate(text, from);
      if (path != null) {
        read(path, from, true);
      }
    }

    private void streams(@Nullable Entry entry) {
      if (entry != null) {
        findings.error(entry.keyMark(), "stream processors are not supported", "remove it");
      }
    }

    private void unsupported() {
      refuse(SectionKind.CUSTOM, "custom plugins are not supported");
      refuse(SectionKind.STREAM_PROCESSOR, "stream processors are not supported");
      refuse(SectionKind.PLUGINS, "plugins cannot be loaded: all that there are are built in");
      for (Section section : tree.of(SectionKind.UPSTREAM_SERVERS)) {
        findings.warning(
            section.mark(), "upstream servers in this file: no output looks for them here", "");
      }
    }

    private void refuse(SectionKind kind, String rule) {
      for (Section section : tree.of(kind)) {
        findings.error(section.mark(), rule, "remove the section");
      }
    }

    private void check(Definitions definitions, List<BoundStage> stages, boolean whole) {
      Set<String> parsers = new HashSet<>(catalog.parsers());
      parsers.addAll(definitions.parserNames());
      Set<String> multilineParsers = new HashSet<>(catalog.multilineParsers());
      multilineParsers.addAll(definitions.multilineNames());
      CrossChecks checks = new CrossChecks(findings, parsers, multilineParsers);
      checks.references(definitions.references());
      for (BoundStage stage : stages) {
        checks.references(stage.binder().references());
      }
      checks.routes(tree, stages, whole, main);
    }

    private static AgentConfig config(
        ServiceConfig service, Definitions definitions, List<BoundStage> stages) {
      List<InputStage> inputs = new ArrayList<>();
      List<FilterStage> filters = new ArrayList<>();
      List<OutputStage> outputs = new ArrayList<>();
      for (BoundStage stage : stages) {
        Record config = Objects.requireNonNull(stage.config());
        Mark mark = stage.section().mark();
        switch (stage.plugin()) {
          case InputPlugin<?> plugin ->
              inputs.add(
                  new InputStage(
                      stage.name(), plugin, config, common(stage, InputCommon.class), mark));
          case FilterPlugin<?> plugin ->
              filters.add(
                  new FilterStage(
                      stage.name(), plugin, config, common(stage, FilterCommon.class), mark));
          case OutputPlugin<?> plugin ->
              outputs.add(
                  new OutputStage(
                      stage.name(), plugin, config, common(stage, OutputCommon.class), mark));
        }
      }
      return new AgentConfig(
          service, inputs, filters, outputs, definitions.parsers(), definitions.multilineParsers());
    }

    private static <C extends Record> C common(BoundStage stage, Class<C> type) {
      return type.cast(Objects.requireNonNull(stage.common()));
    }
  }
}
