package io.logboom.core.pipeline;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Filter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One filter of the chain: which origins it takes, and what happens when it fails. */
public final class FilterStep {
  private static final Logger LOG = LoggerFactory.getLogger(FilterStep.class);

  private final Filter filter;
  private final TagMatch match;
  private final FilterStats stats;

  public FilterStep(String name, String type, Filter filter, TagMatch match) {
    this(filter, match, new FilterStats(name, type));
  }

  private FilterStep(Filter filter, TagMatch match, FilterStats stats) {
    this.filter = filter;
    this.match = match;
    this.stats = stats;
  }

  /** Another filter in the place of this one, whose counts go on. */
  public FilterStep with(Filter next, TagMatch nextMatch) {
    return new FilterStep(next, nextMatch, stats);
  }

  public FilterStats stats() {
    return stats;
  }

  public Filter filter() {
    return filter;
  }

  void apply(Batch batch) {
    long origins = 0;
    for (int i = 0; i < batch.origins(); i++) {
      boolean matches = batch.origin(i).memo(this, origin -> match.matches(origin.tag()));
      if (matches) {
        origins |= 1L << i;
      }
    }
    if (origins == 0) {
      return;
    }
    int before = batch.liveRecords();
    try {
      filter.apply(batch, origins);
    } catch (RuntimeException e) {
      stats.failures.increment();
      LOG.warn("[{}] failed on a batch; its records go on as they are", stats.name(), e);
    }
    stats.records.add(before);
    stats.bytes.add(batch.liveBytes());
    stats.dropRecords.add(before - batch.liveRecords());
  }
}
