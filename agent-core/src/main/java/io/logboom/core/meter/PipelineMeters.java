package io.logboom.core.meter;

import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.FilterStats;
import io.logboom.core.pipeline.InputStats;
import io.logboom.core.pipeline.Pipeline;
import java.util.concurrent.TimeUnit;

/**
 * Shows the pipeline's own counts as meters. They are read at a scrape; the data path knows nothing
 * of it.
 */
public final class PipelineMeters {
  private PipelineMeters() {}

  /** Registers the meters of the pipeline and of each of its instances. */
  public static void bind(MicrometerMeters agent, Pipeline pipeline) {
    SlabPool pool = pipeline.pool();
    agent.gauge(EngineMeter.MEMORY_USED, pool::used);
    agent.gauge(EngineMeter.MEMORY_PEAK, pool::peak);
    agent.gauge(EngineMeter.MEMORY_BUDGET, pool::budget);
    agent.gauge(EngineMeter.MEMORY_WAITING, pool::waiting);
    agent.gauge(EngineMeter.FILTER_QUEUE_BATCHES, () -> pipeline.inbound().size());
    agent.observe(EngineMeter.UNROUTED, pipeline::unroutedRecords);
    for (InputStats input : pipeline.inputStats()) {
      input(agent.named(input.name()), input);
    }
    for (FilterStats filter : pipeline.filterStats()) {
      filter(agent.named(filter.name()), filter);
    }
    for (Delivery delivery : pipeline.deliveries()) {
      output(agent.named(delivery.stats().name()), delivery);
    }
  }

  private static void input(MicrometerMeters meters, InputStats stats) {
    meters.observe(EngineMeter.INPUT_RECORDS, stats::records);
    meters.observe(EngineMeter.INPUT_BYTES, stats::bytes);
    meters.observe(EngineMeter.INPUT_AGAIN, stats::againBatches);
    meters.gauge(EngineMeter.INPUT_UNSETTLED, () -> stats.batches() - stats.settledBatches());
    meters.gauge(EngineMeter.INPUT_WAITING, () -> stats.waiting() ? 1 : 0);
  }

  private static void filter(MicrometerMeters meters, FilterStats stats) {
    meters.observe(EngineMeter.FILTER_RECORDS, stats::records);
    meters.observe(EngineMeter.FILTER_BYTES, stats::bytes);
    meters.observe(EngineMeter.FILTER_DROPPED, stats::dropRecords);
    meters.observe(EngineMeter.FILTER_FAILURES, stats::failures);
  }

  private static void output(MicrometerMeters meters, Delivery delivery) {
    OutputStats stats = delivery.stats();
    meters.observe(EngineMeter.OUTPUT_RECORDS, stats::procRecords);
    meters.observe(EngineMeter.OUTPUT_BYTES, stats::procBytes);
    meters.observe(EngineMeter.OUTPUT_REQUESTS, stats::requests);
    meters.observe(EngineMeter.OUTPUT_ERRORS, stats::errors);
    meters.observe(EngineMeter.OUTPUT_RETRIES, stats::retries);
    meters.observe(EngineMeter.OUTPUT_RETRIED, stats::retriedRecords);
    meters.observe(EngineMeter.OUTPUT_RETRIES_FAILED, stats::retriesFailed);
    meters.observe(EngineMeter.OUTPUT_DROPPED, stats::droppedRecords);
    meters.observe(EngineMeter.OUTPUT_REJECTED, stats::rejectedRecords);
    meters.observe(EngineMeter.OUTPUT_DISCARDED, stats::discardedRecords);
    meters.gauge(EngineMeter.OUTPUT_IN_FLIGHT, stats::inFlight);
    meters.gauge(EngineMeter.OUTPUT_QUEUE_BATCHES, () -> delivery.waitingBatches());
    meters.gauge(EngineMeter.OUTPUT_QUEUE_BYTES, () -> delivery.waitingBytes());
    meters.gauge(
        EngineMeter.OUTPUT_LAST_ARRIVAL,
        () ->
            (System.nanoTime() - stats.lastProgressNanos()) / (double) TimeUnit.SECONDS.toNanos(1));
  }
}
