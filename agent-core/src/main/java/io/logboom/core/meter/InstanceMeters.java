package io.logboom.core.meter;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.MeterId;
import io.logboom.api.meter.Meters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one object of a plugin, which may take the place of another of the same instance.
 * Counters are the instance's and go on. Gauges look into the object: they appear at {@link
 * #begin}, when it has been decided that it works, and go with {@link #end}, but not where the next
 * object's have taken their place. Safe for all threads.
 */
public final class InstanceMeters implements Meters {
  private final MicrometerMeters instance;
  private final Map<MicrometerMeters.Key, MicrometerMeters.Registered> gauges =
      new ConcurrentHashMap<>();
  private @Nullable List<Runnable> waiting = new ArrayList<>();
  private boolean ended;

  /**
   * @param instance all meters, with the instance's label
   */
  public InstanceMeters(MicrometerMeters instance) {
    this.instance = instance;
  }

  /** Shows the gauges; in the place of an earlier object's. */
  public synchronized void begin() {
    List<Runnable> due = waiting;
    waiting = null;
    if (due != null) {
      due.forEach(Runnable::run);
    }
  }

  /** Takes its gauges away; what the object does from here on shows no more. */
  public synchronized void end() {
    ended = true;
    gauges.forEach(instance::remove);
    gauges.clear();
  }

  @Override
  public Counter counter(MeterId id, String... labels) {
    return instance.counter(id, labels);
  }

  @Override
  public synchronized void gauge(MeterId id, DoubleSupplier value, String... labels) {
    if (ended) {
      return;
    }
    if (waiting != null) {
      waiting.add(() -> show(id, value, labels));
    } else {
      show(id, value, labels);
    }
  }

  private void show(MeterId id, DoubleSupplier value, String... labels) {
    gauges.put(instance.key(id, labels), instance.put(id, value, labels));
  }

  @Override
  public synchronized void remove(MeterId id, String... labels) {
    if (ended) {
      return;
    }
    if (waiting != null) {
      waiting.add(() -> take(id, labels));
    } else {
      take(id, labels);
    }
  }

  private void take(MeterId id, String... labels) {
    gauges.remove(instance.key(id, labels));
    instance.remove(id, labels);
  }
}
