package io.logboom.core.assembly;

import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.StartException;
import io.logboom.core.assembly.Difference.Added;
import io.logboom.core.assembly.Difference.Changed;
import io.logboom.core.assembly.Difference.Kept;
import io.logboom.core.assembly.Difference.Step;
import io.logboom.core.config.InputStage;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How inputs change while the pipeline goes on. Those that end take in nothing new, what they have
 * given away is settled, they save their positions; only then may others read the same or listen on
 * the same port.
 */
final class InputMove {
  private static final Logger LOG = LoggerFactory.getLogger(InputMove.class);

  private final Pipeline pipeline;
  private final Patience patience;
  private final Assembly assembly;
  private final Assembly asBefore;
  private final Difference<InputStage, Source> inputs;
  private List<Made<InputStage, Source>> made = List.of();
  private boolean stopped;

  /**
   * @param asBefore makes the inputs again that there were
   */
  InputMove(
      Pipeline pipeline,
      Patience patience,
      Assembly assembly,
      Assembly asBefore,
      Difference<InputStage, Source> inputs) {
    this.pipeline = pipeline;
    this.patience = patience;
    this.assembly = assembly;
    this.asBefore = asBefore;
    this.inputs = inputs;
  }

  /** Ends those that go or change. */
  void stopOld() {
    List<Source> sources = inputs.old().stream().map(Made::work).toList();
    if (sources.isEmpty()) {
      return;
    }
    stopped = true;
    quiesce(sources);
    settle(sources);
    for (Source source : sources) {
      long unsettled = source.unsettledBatches();
      if (unsettled > 0) {
        LOG.warn(
            "[{}] ends with {} batch(es) under way; what is not settled is read again",
            source.stats().name(),
            unsettled);
      }
      close(source);
    }
    pipeline.replace(sources, List.of());
  }

  private void quiesce(List<Source> sources) {
    List<Thread> threads = new ArrayList<>();
    for (Source source : sources) {
      threads.add(Thread.ofVirtual().name("quiesce").start(() -> quiesce(source.input())));
    }
    if (!patience.await(() -> threads.stream().noneMatch(Thread::isAlive))) {
      threads.forEach(Thread::interrupt);
    }
  }

  /** An output that does not answer, or not in time, has the disk settle what it was given. */
  private void settle(List<Source> sources) {
    BooleanSupplier settled =
        () -> sources.stream().allMatch(source -> source.unsettledBatches() == 0);
    for (Delivery delivery : pipeline.deliveries()) {
      if (delivery.stats().problem() != null) {
        delivery.spill();
      }
    }
    if (!patience.awaitHalf(settled)) {
      pipeline.deliveries().forEach(Delivery::spill);
      patience.await(settled);
    }
  }

  private static void quiesce(Input input) {
    try {
      input.quiesce();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Source source) {
    try {
      source.input().close();
    } catch (RuntimeException e) {
      LOG.warn("[{}] did not close cleanly", source.stats().name(), e);
    }
  }

  /** All inputs of the new configuration. */
  List<Made<InputStage, Source>> makeNew() throws StartException {
    if (stopped && patience.isStopping()) {
      throw new StartException("the agent is stopping");
    }
    List<Made<InputStage, Source>> all = new ArrayList<>();
    for (Step<InputStage, Source> step : inputs.steps()) {
      all.add(
          switch (step) {
            case Kept<InputStage, Source> kept -> kept.made();
            case Added<InputStage, Source> added -> assembly.input(added.placed());
            case Changed<InputStage, Source> changed ->
                assembly.input(changed.placed(), changed.before().work());
          });
    }
    made = inputs.newOf(all);
    return all;
  }

  /** Starts those that are new. */
  void begin() {
    made.forEach(this::begin);
    inputs.old().forEach(old -> old.meters().end());
  }

  private void begin(Made<InputStage, Source> input) {
    input.meters().begin();
    pipeline.replace(List.of(), List.of(input.work()));
    pipeline.begin(input.work());
  }

  /**
   * Has those read again that were ended.
   *
   * @param before all that there were
   * @return all that there are
   */
  List<Made<InputStage, Source>> restore(List<Made<InputStage, Source>> before) {
    if (!stopped) {
      return before;
    }
    List<Made<InputStage, Source>> all = new ArrayList<>(before);
    for (Made<InputStage, Source> old : inputs.old()) {
      all.remove(old);
      if (!patience.isStopping()) {
        restore(old, all);
      }
      old.meters().end();
    }
    return all;
  }

  private void restore(Made<InputStage, Source> old, List<Made<InputStage, Source>> into) {
    try {
      Made<InputStage, Source> again = asBefore.input(old.placed(), old.work());
      asBefore.keep();
      begin(again);
      into.add(again);
    } catch (StartException | RuntimeException e) {
      LOG.error(
          "{} has been stopped for a reload and cannot be started again as it was: {}; nothing"
              + " reads there until a reload that works, or a restart",
          old.placed().name(),
          e.getMessage());
    }
  }
}
