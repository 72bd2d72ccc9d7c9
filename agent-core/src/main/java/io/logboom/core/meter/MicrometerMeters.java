package io.logboom.core.meter;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.MeterId;
import io.logboom.api.meter.Meters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Meters in a Micrometer registry. Counting touches a striped adder only; the registry reads it
 * when it is scraped. Safe for all threads.
 *
 * <p>One object stands for the agent as a whole; {@link #named} gives the same meters with an
 * instance's label. A meter id is used in one of the two ways, since all meters of one name have
 * the same label names.
 */
public final class MicrometerMeters implements Meters {
  private static final String PREFIX = "logboom_";

  private final MeterRegistry registry;
  private final Map<Key, Registered> known;
  private final @Nullable String instance;

  record Key(MeterId id, @Nullable String instance, List<String> labels) {}

  /**
   * @param gauge what the meter shows, for a gauge
   */
  record Registered(
      Meter meter,
      @Nullable LongSupplier count,
      @Nullable Counter counter,
      @Nullable AtomicReference<DoubleSupplier> gauge) {}

  /** The agent's own meters, without a label for an instance. */
  public MicrometerMeters(MeterRegistry registry) {
    this(registry, new ConcurrentHashMap<>(), null);
  }

  private MicrometerMeters(
      MeterRegistry registry, Map<Key, Registered> known, @Nullable String instance) {
    this.registry = registry;
    this.known = known;
    this.instance = instance;
  }

  /** The meters of one plugin instance: each carries {@code name="<instance>"}. */
  public MicrometerMeters named(String instanceName) {
    return new MicrometerMeters(registry, known, instanceName);
  }

  @Override
  public Counter counter(MeterId id, String... labels) {
    require(id, MeterId.Kind.COUNTER);
    Registered found = known.computeIfAbsent(key(id, labels), this::registerCounter);
    if (found.counter == null) {
      throw new IllegalStateException(id.metric() + " is counted elsewhere");
    }
    return found.counter;
  }

  @Override
  public void gauge(MeterId id, DoubleSupplier value, String... labels) {
    put(id, value, labels);
  }

  /**
   * As {@link #gauge}; tells what stands there now. A meter that is there stays and shows the new
   * value: were it taken out and another one put in, a scrape between the two would miss it, and
   * one that saw both would fail as a whole.
   */
  Registered put(MeterId id, DoubleSupplier value, String... labels) {
    require(id, MeterId.Kind.GAUGE);
    Registered now =
        known.compute(
            key(id, labels),
            (key, before) -> {
              if (before == null || before.gauge == null) {
                return registerGauge(key, value);
              }
              before.gauge.set(value);
              return new Registered(before.meter, null, null, before.gauge);
            });
    return Objects.requireNonNull(now);
  }

  @Override
  public void remove(MeterId id, String... labels) {
    known.computeIfPresent(
        key(id, labels),
        (_, registered) -> {
          registry.remove(registered.meter);
          return null;
        });
  }

  /** Takes the meter out where it is still this one. */
  @SuppressWarnings("ReferenceEquality") // which registration it is, not what is in it
  void remove(Key key, Registered registered) {
    known.computeIfPresent(
        key,
        (_, now) -> {
          if (now != registered) {
            return now;
          }
          registry.remove(now.meter);
          return null;
        });
  }

  /** Takes those of this instance's meters out that the test says. */
  public void forget(Predicate<MeterId> which) {
    for (Key key : known.keySet()) {
      if (Objects.equals(key.instance, instance) && which.test(key.id)) {
        remove(key.id, key.labels.toArray(String[]::new));
      }
    }
  }

  /** A counter whose count is kept elsewhere; it only grows. */
  public void observe(MeterId id, LongSupplier count, String... labels) {
    require(id, MeterId.Kind.COUNTER);
    known.compute(
        key(id, labels),
        (key, before) -> {
          if (before != null) {
            registry.remove(before.meter);
          }
          return new Registered(register(key, count), count, null, null);
        });
  }

  /**
   * The count so far of the counters whose id has this {@link MeterId#metric}, summed over their
   * label values; 0 where there is none.
   */
  public long count(String metric) {
    long sum = 0;
    for (Map.Entry<Key, Registered> each : known.entrySet()) {
      Key key = each.getKey();
      LongSupplier count = each.getValue().count;
      if (count != null
          && key.id.metric().equals(metric)
          && (instance == null || instance.equals(key.instance))) {
        sum += count.getAsLong();
      }
    }
    return sum;
  }

  private Registered registerCounter(Key key) {
    AdderCounter counter = new AdderCounter();
    // One object in both places: the registry holds it weakly, and shows the last value for ever
    // where it is collected.
    LongSupplier count = counter::count;
    return new Registered(register(key, count), count, counter, null);
  }

  /** The registry does not keep what it reads from alive: {@link Registered} has to. */
  private Meter register(Key key, LongSupplier count) {
    return FunctionCounter.builder(name(key.id), count, LongSupplier::getAsLong)
        .tags(tags(key))
        .description(key.id.text())
        .baseUnit(unit(key.id))
        .register(registry);
  }

  private Registered registerGauge(Key key, DoubleSupplier value) {
    MeterId id = key.id;
    AtomicReference<DoubleSupplier> shown = new AtomicReference<>(value);
    Meter meter =
        Gauge.builder(name(id), shown, now -> now.get().getAsDouble())
            .strongReference(true)
            .tags(tags(key))
            .description(id.text())
            .baseUnit(unit(id))
            .register(registry);
    return new Registered(meter, null, null, shown);
  }

  Key key(MeterId id, String... labels) {
    if (labels.length % 2 != 0) {
      throw new IllegalArgumentException(
          "labels are names and values in turn, found " + labels.length);
    }
    return new Key(id, instance, List.of(labels));
  }

  private static List<Tag> tags(Key key) {
    List<Tag> tags = new ArrayList<>();
    if (key.instance != null) {
      tags.add(Tag.of("name", key.instance));
    }
    for (int i = 0; i < key.labels.size(); i += 2) {
      tags.add(Tag.of(key.labels.get(i), key.labels.get(i + 1)));
    }
    return tags;
  }

  /** With the unit, since ids may differ in nothing else. */
  private static String name(MeterId id) {
    return id.unit().isEmpty() ? PREFIX + id.metric() : PREFIX + id.metric() + '_' + id.unit();
  }

  private static @Nullable String unit(MeterId id) {
    return id.unit().isEmpty() ? null : id.unit();
  }

  private static void require(MeterId id, MeterId.Kind kind) {
    if (id.kind() != kind) {
      throw new IllegalArgumentException(id.metric() + " is a " + id.kind() + ", not a " + kind);
    }
  }

  private static final class AdderCounter implements Counter {
    private final LongAdder adder = new LongAdder();

    @Override
    public void add(long n) {
      adder.add(n);
    }

    @Override
    public long count() {
      return adder.sum();
    }
  }
}
