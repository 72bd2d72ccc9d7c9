package io.logboom.api.meter;

/**
 * A meter's identity: each module has one enum of these, and no meter name stands anywhere else.
 *
 * <p>The exported Prometheus name is {@code logboom_} + {@link #metric} + {@code _} + {@link #unit}
 * (where there is one) + {@code _total} (for counters).
 */
public interface MeterId {
  /** What is measured, in snake case, without unit and suffix: {@code tail_read}. */
  String metric();

  /** Counts up, or goes up and down, or counts durations. */
  Kind kind();

  /** {@code bytes}, {@code seconds}, {@code records} ...; empty where the metric names it. */
  String unit();

  /** One sentence for {@code HELP} and the reference documentation. */
  String text();

  /** The kinds of meter. */
  enum Kind {
    COUNTER,
    GAUGE,
    /** Durations by fixed bounds; the engine's own, plugins have none. */
    HISTOGRAM
  }
}
