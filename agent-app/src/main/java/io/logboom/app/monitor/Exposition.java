package io.logboom.app.monitor;

import io.logboom.api.meter.MeterId;
import io.logboom.core.meter.Histogram;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Shows at each scrape what there is then. Nothing is registered, so that what comes and goes
 * (sources, and instances at a reload) leaves nothing behind.
 */
final class Exposition implements MultiCollector {
  private final Consumer<Scrape> all;

  /**
   * @param all shows everything to the scrape that it is given
   */
  Exposition(Consumer<Scrape> all) {
    this.all = all;
  }

  @Override
  public MetricSnapshots collect() {
    Collected collected = new Collected();
    all.accept(collected);
    return collected.snapshots();
  }

  /** One scrape; the values of one id stand together, whatever the order in which they come. */
  private static final class Collected implements Scrape {
    private final Map<MeterId, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
    private final Map<MeterId, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    private final Map<MeterId, HistogramSnapshot.Builder> histograms = new LinkedHashMap<>();

    @Override
    public void value(MeterId id, double value, String... labels) {
      Labels of = Labels.of(labels);
      switch (id.kind()) {
        case COUNTER ->
            counters
                .computeIfAbsent(id, each -> named(CounterSnapshot.builder(), each))
                .dataPoint(
                    CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(Math.max(0, value))
                        .labels(of)
                        .build());
        case GAUGE ->
            gauges
                .computeIfAbsent(id, each -> named(GaugeSnapshot.builder(), each))
                .dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).labels(of).build());
        case HISTOGRAM -> throw new IllegalArgumentException(id.metric() + " is a histogram");
      }
    }

    @Override
    public void histogram(MeterId id, Histogram histogram, String... labels) {
      histograms
          .computeIfAbsent(id, each -> named(HistogramSnapshot.builder(), each))
          .dataPoint(
              HistogramSnapshot.HistogramDataPointSnapshot.builder()
                  .classicHistogramBuckets(
                      ClassicHistogramBuckets.of(histogram.bounds(), histogram.counts()))
                  .sum(histogram.seconds())
                  .labels(Labels.of(labels))
                  .build());
    }

    private static <B extends MetricSnapshot.Builder<B>> B named(B builder, MeterId id) {
      String unit = id.unit().isEmpty() ? "" : '_' + id.unit();
      return builder.name("logboom_" + id.metric() + unit).help(id.text());
    }

    MetricSnapshots snapshots() {
      MetricSnapshots.Builder out = MetricSnapshots.builder();
      counters.values().forEach(each -> out.metricSnapshot(each.build()));
      gauges.values().forEach(each -> out.metricSnapshot(each.build()));
      histograms.values().forEach(each -> out.metricSnapshot(each.build()));
      return out.build();
    }
  }
}
