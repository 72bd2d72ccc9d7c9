package io.logboom.api.meter;

import java.util.function.DoubleSupplier;

/** Where a plugin gets its meters. Each carries the instance's name as the label {@code name}. */
public interface Meters {
  /** Meters that nobody sees: for a connection an hour, which is no output's traffic. */
  Meters NONE =
      new Meters() {
        @Override
        public Counter counter(MeterId id, String... labels) {
          return new Counter() {
            @Override
            public void add(long n) {}

            @Override
            public long count() {
              return 0;
            }
          };
        }

        @Override
        public void gauge(MeterId id, DoubleSupplier value, String... labels) {}

        @Override
        public void remove(MeterId id, String... labels) {}
      };

  /**
   * The counter with these labels, the same one at each call.
   *
   * @param labels names and values in turn
   */
  Counter counter(MeterId id, String... labels);

  /**
   * A gauge that asks {@code value} at each scrape, until {@link #remove}d.
   *
   * @param labels names and values in turn
   */
  void gauge(MeterId id, DoubleSupplier value, String... labels);

  /** Takes the meter with these labels out of the exposition, for a source that is gone. */
  void remove(MeterId id, String... labels);
}
