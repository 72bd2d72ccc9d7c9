package io.logboom.app.monitor;

import io.logboom.api.meter.MeterId;
import io.logboom.core.meter.Histogram;

/** Takes in what is to be shown once: values that are kept elsewhere and come and go. */
interface Scrape {
  /**
   * One value of a counter or gauge.
   *
   * @param labels names and values in turn; each value of an id has the same names
   */
  void value(MeterId id, double value, String... labels);

  /** One value of what is counted in whole numbers; past 2^53 the last digits go. */
  default void value(MeterId id, long value, String... labels) {
    value(id, (double) value, labels);
  }

  /** One histogram. */
  void histogram(MeterId id, Histogram histogram, String... labels);
}
