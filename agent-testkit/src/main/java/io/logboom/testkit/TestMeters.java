package io.logboom.testkit;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.MeterId;
import io.logboom.api.meter.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** Meters that a test reads by id and labels. */
public final class TestMeters implements Meters {
  private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
  private final Map<String, DoubleSupplier> gauges = new ConcurrentHashMap<>();

  @Override
  public Counter counter(MeterId id, String... labels) {
    LongAdder adder = counters.computeIfAbsent(key(id, labels), _ -> new LongAdder());
    return new Counter() {
      @Override
      public void add(long n) {
        adder.add(n);
      }

      @Override
      public long count() {
        return adder.sum();
      }
    };
  }

  @Override
  public void gauge(MeterId id, DoubleSupplier value, String... labels) {
    gauges.put(key(id, labels), value);
  }

  @Override
  public void remove(MeterId id, String... labels) {
    counters.remove(key(id, labels));
    gauges.remove(key(id, labels));
  }

  /** The counter's value; 0 where it was never touched. */
  public long count(MeterId id, String... labels) {
    LongAdder adder = counters.get(key(id, labels));
    return adder == null ? 0 : adder.sum();
  }

  /** The gauge's value now; NaN where there is none. */
  public double value(MeterId id, String... labels) {
    DoubleSupplier gauge = gauges.get(key(id, labels));
    return gauge == null ? Double.NaN : gauge.getAsDouble();
  }

  private static String key(MeterId id, String... labels) {
    return id.metric() + "|" + id.unit() + "|" + String.join("|", labels);
  }
}
