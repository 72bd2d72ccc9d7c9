package io.logboom.app.monitor;

import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.delivery.SpoolView;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.meter.EngineMeter;
import io.logboom.core.pipeline.FilterStats;
import io.logboom.core.pipeline.InputStats;
import io.logboom.core.pipeline.Pipeline;
import java.util.concurrent.TimeUnit;

/**
 * Shows the pipeline's own counts. They are read at a scrape, of the instances that there are then;
 * the data path knows nothing of it.
 */
final class PipelineMetrics {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private PipelineMetrics() {}

  static void scrape(Pipeline pipeline, Scrape to) {
    SlabPool pool = pipeline.pool();
    to.value(EngineMeter.MEMORY_USED, pool.used());
    to.value(EngineMeter.MEMORY_REQUESTS, pool.charged());
    to.value(EngineMeter.MEMORY_PEAK, pool.peak());
    to.value(EngineMeter.MEMORY_BUDGET, pool.budget());
    to.value(EngineMeter.MEMORY_WAITING, pool.waiting());
    to.value(EngineMeter.FILTER_QUEUE_BATCHES, pipeline.inbound().size());
    to.value(EngineMeter.UNROUTED, pipeline.unroutedRecords());
    pipeline.inputStats().forEach(input -> input(input, to));
    pipeline.filterStats().forEach(filter -> filter(filter, to));
    pipeline.deliveries().forEach(delivery -> output(delivery, to));
  }

  private static void input(InputStats stats, Scrape to) {
    String name = stats.name();
    to.value(EngineMeter.INPUT_RECORDS, stats.records(), "name", name);
    to.value(EngineMeter.INPUT_BYTES, stats.bytes(), "name", name);
    to.value(EngineMeter.INPUT_AGAIN, stats.againBatches(), "name", name);
    to.value(
        EngineMeter.INPUT_UNSETTLED,
        Math.max(0, stats.batches() - stats.settledBatches()),
        "name",
        name);
    to.value(EngineMeter.INPUT_WAITING, stats.waiting() ? 1 : 0, "name", name);
  }

  private static void filter(FilterStats stats, Scrape to) {
    String name = stats.name();
    to.value(EngineMeter.FILTER_RECORDS, stats.records(), "name", name);
    to.value(EngineMeter.FILTER_BYTES, stats.bytes(), "name", name);
    to.value(EngineMeter.FILTER_DROPPED, stats.dropRecords(), "name", name);
    to.value(EngineMeter.FILTER_FAILURES, stats.failures(), "name", name);
  }

  private static void output(Delivery delivery, Scrape to) {
    OutputStats stats = delivery.stats();
    String name = stats.name();
    to.value(EngineMeter.OUTPUT_RECORDS, stats.procRecords(), "name", name);
    to.value(EngineMeter.OUTPUT_BYTES, stats.procBytes(), "name", name);
    to.value(EngineMeter.OUTPUT_REQUESTS, stats.requests(), "name", name);
    to.value(EngineMeter.OUTPUT_ERRORS, stats.errors(), "name", name);
    to.value(EngineMeter.OUTPUT_RETRIES, stats.retries(), "name", name);
    to.value(EngineMeter.OUTPUT_RETRIED, stats.retriedRecords(), "name", name);
    to.value(EngineMeter.OUTPUT_RETRIES_FAILED, stats.retriesFailed(), "name", name);
    to.value(EngineMeter.OUTPUT_DROPPED, stats.droppedRecords(), "name", name);
    to.value(EngineMeter.OUTPUT_REJECTED, stats.rejectedRecords(), "name", name);
    to.value(EngineMeter.OUTPUT_DISCARDED, stats.discardedRecords(), "name", name);
    to.value(EngineMeter.OUTPUT_IN_FLIGHT, stats.inFlight(), "name", name);
    to.value(EngineMeter.OUTPUT_QUEUE_BATCHES, delivery.waitingBatches(), "name", name);
    to.value(EngineMeter.OUTPUT_QUEUE_BYTES, delivery.waitingBytes(), "name", name);
    to.value(EngineMeter.OUTPUT_CIRCUIT_OPEN, delivery.isCircuitOpen() ? 1 : 0, "name", name);
    to.value(EngineMeter.OUTPUT_DEFECTS, stats.defects(), "name", name);
    to.histogram(EngineMeter.OUTPUT_LATENCY, stats.latency(), "name", name);
    to.value(EngineMeter.OUTPUT_BACKPRESSURE, stats.waits().seconds(), "name", name);
    to.value(
        EngineMeter.OUTPUT_LAST_ARRIVAL,
        (System.nanoTime() - stats.lastProgressNanos()) / SECOND,
        "name",
        name);
    SpoolView spool = delivery.spool();
    if (spool != null) {
      spool(spool, name, to);
    }
  }

  private static void spool(SpoolView spool, String name, Scrape to) {
    to.value(EngineMeter.OUTPUT_SPOOL_BYTES, spool.bytes(), "name", name);
    to.value(EngineMeter.OUTPUT_SPOOL_LIMIT, spool.limitBytes(), "name", name);
    to.value(EngineMeter.OUTPUT_SPOOL_RECORDS, spool.records(), "name", name);
    to.value(EngineMeter.OUTPUT_SPOOL_OLDEST, spool.oldestAgeMillis() / 1000.0, "name", name);
    to.value(EngineMeter.OUTPUT_SPOOL_WRITTEN, spool.writtenBytes(), "name", name);
    to.value(EngineMeter.OUTPUT_SPOOL_DAMAGED, spool.damagedRecords(), "name", name);
    to.value(EngineMeter.OUTPUT_SPOOL_STUCK, spool.problem() == null ? 0 : 1, "name", name);
  }
}
