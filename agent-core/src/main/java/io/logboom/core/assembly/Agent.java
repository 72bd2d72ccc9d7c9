package io.logboom.core.assembly;

import io.logboom.api.batch.Names;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.Multilines;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Parsers;
import io.logboom.api.plugin.Plugin;
import io.logboom.api.plugin.StartException;
import io.logboom.api.text.Regex;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.FilterStage;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.OutputStage;
import io.logboom.core.config.RetryLimit;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.config.Stage;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.meter.MicrometerMeters;
import io.logboom.core.multiline.ConfiguredMultilines;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.TagMatch;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine with its plugins, made from one configuration: created whole or not at all, started
 * once, stopped once.
 */
public final class Agent {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /**
   * A unit of delivery is sent when its bodies have this many bytes: two full slabs, some 1,500
   * records of 300 bytes.
   */
  private static final long UNIT_BYTES = 2L * SlabPool.USUAL - 64 * 1024;

  private final AgentConfig config;
  private final Pipeline pipeline;

  private Agent(AgentConfig config, Pipeline pipeline) {
    this.config = config;
    this.pipeline = pipeline;
  }

  /**
   * Creates all plugins; no thread runs yet.
   *
   * @param registry where the plugins' meters go
   * @throws StartException where one cannot work as configured; those created before it are closed
   *     again
   */
  public static Agent create(
      AgentConfig config, MakeParsers parsers, MicrometerMeters registry, InstantSource clock)
      throws StartException {
    Deque<AutoCloseable> created = new ArrayDeque<>();
    try {
      return new Agent(config, new Assembly(config, parsers, registry, clock, created).pipeline());
    } catch (StartException | RuntimeException e) {
      while (!created.isEmpty()) {
        closeQuietly(created.pop());
      }
      throw e;
    }
  }

  /** Makes the parsers of a configuration, which register names while they are made. */
  @FunctionalInterface
  public interface MakeParsers {
    Parsers make(Names names) throws StartException;
  }

  public void start() {
    pipeline.start();
  }

  /**
   * Stops within the configured grace.
   *
   * @return whether everything that had been read was delivered
   */
  public boolean stop() {
    return pipeline.stop(config.service().grace().duration());
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  public AgentConfig config() {
    return config;
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.warn("did not close cleanly after a failed start", e);
    }
  }

  /** One making of a pipeline, with what its steps share. */
  private static final class Assembly {
    private final AgentConfig config;
    private final ServiceConfig service;
    private final MicrometerMeters meters;
    private final InstantSource clock;
    private final Deque<AutoCloseable> created;
    private final Names names = new Names();
    private final Parsers parsers;
    private final Multilines multilines;
    private final SlabPool pool;
    private final StateDirectories state;
    private final Map<String, Integer> perType = new HashMap<>();

    Assembly(
        AgentConfig config,
        MakeParsers parsers,
        MicrometerMeters meters,
        InstantSource clock,
        Deque<AutoCloseable> created)
        throws StartException {
      this.config = config;
      this.service = config.service();
      this.meters = meters;
      this.clock = clock;
      this.created = created;
      this.parsers = parsers.make(names);
      this.multilines = new ConfiguredMultilines(config.multilineParsers());
      this.pool = new SlabPool(budget(service));
      this.state = new StateDirectories(service);
    }

    Pipeline pipeline() throws StartException {
      List<Route> routes = new ArrayList<>();
      for (OutputStage stage : config.outputs()) {
        routes.add(route(stage));
      }
      List<FilterStep> filters = new ArrayList<>();
      for (FilterStage stage : config.filters()) {
        Filter filter = create(stage, context(stage, 1));
        filters.add(
            new FilterStep(
                stage.name(),
                stage.plugin().type(),
                filter,
                match(stage.common().match(), stage.common().matchRegex())));
      }
      Pipeline pipeline = new Pipeline(pool, filters, routes);
      for (InputStage stage : config.inputs()) {
        Input input = create(stage, context(stage, 1));
        pipeline.add(stage.name(), stage.plugin().type(), input);
      }
      return pipeline;
    }

    private Route route(OutputStage stage) throws StartException {
      int workers = stage.common().threads();
      Output output = create(stage, context(stage, workers));
      OutputSettings settings =
          new OutputSettings(
              workers,
              Math.max(SlabPool.USUAL, pool.budget() / 2),
              UNIT_BYTES,
              service.flush(),
              retries(stage.common().retryLimit()),
              service.scheduler().base(),
              service.scheduler().cap());
      Delivery delivery = new Delivery(stage.name(), stage.plugin().type(), output, settings);
      return new Route(delivery, match(stage.common().match(), stage.common().matchRegex()));
    }

    private InstanceContext context(Stage<?> stage, int workers) {
      return new InstanceContext(
          stage.name(),
          directory(stage),
          workers,
          pool,
          names,
          parsers,
          multilines,
          meters.named(stage.name()),
          clock,
          service.flush(),
          state);
    }

    /**
     * Where the instance's state is, below the state directory: {@code inputs/tail.0}. Numbered per
     * type, so that an input of another type put before this one does not move its state; an alias
     * is its own name.
     */
    private String directory(Stage<?> stage) {
      Plugin<?, ?> plugin = stage.plugin();
      String type = plugin.type();
      int number = perType.merge(plugin.getClass().getName(), 1, Integer::sum) - 1;
      String kind =
          switch (plugin) {
            case InputPlugin<?> _ -> "inputs";
            case FilterPlugin<?> _ -> "filters";
            case OutputPlugin<?> _ -> "outputs";
          };
      boolean generated = stage.name().matches(Pattern.quote(type) + "\\.\\d+");
      return kind + "/" + (generated ? type + "." + number : stage.name());
    }

    private <T extends AutoCloseable> T create(Stage<T> stage, InstanceContext context)
        throws StartException {
      T made;
      try {
        made = stage.create(context);
      } catch (StartException e) {
        throw new StartException("[" + context.name() + "] " + e.getMessage(), e);
      }
      created.push(made);
      return made;
    }
  }

  private static long budget(ServiceConfig service) {
    long asked = service.buffer().memory().bytes();
    return asked > 0
        ? Math.max(asked, 4L * SlabPool.USUAL)
        : SlabPool.budgetFor(Runtime.getRuntime().maxMemory());
  }

  private static long retries(RetryLimit limit) {
    return limit.retries() == RetryLimit.UNLIMITED ? OutputSettings.UNLIMITED : limit.retries();
  }

  private static TagMatch match(@Nullable String glob, @Nullable Regex regex) {
    if (regex == null) {
      return glob == null ? _ -> false : TagMatch.glob(glob);
    }
    TagMatch byRegex = RegexMatch.of(regex);
    return glob == null ? byRegex : byRegex.or(TagMatch.glob(glob));
  }
}
