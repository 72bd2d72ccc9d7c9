package io.logboom.core.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.MeterId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class MicrometerMetersTest {
  private enum Ids implements MeterId {
    READ(Kind.COUNTER, "bytes"),
    LINES(Kind.COUNTER, "lines"),
    LAG(Kind.GAUGE, "bytes");

    private final Kind kind;
    private final String unit;

    Ids(Kind kind, String unit) {
      this.kind = kind;
      this.unit = unit;
    }

    @Override
    public String metric() {
      return switch (this) {
        case READ -> "tail_read";
        case LINES -> "tail_read";
        case LAG -> "tail_lag";
      };
    }

    @Override
    public Kind kind() {
      return kind;
    }

    @Override
    public String unit() {
      return unit;
    }

    @Override
    public String text() {
      return "A sentence.";
    }
  }

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MicrometerMeters agent = new MicrometerMeters(registry);

  /** The registry holds what it asks weakly. */
  @Test
  void showsCountsAlsoAfterACollection() {
    Counter counter = agent.named("tail.0").counter(Ids.READ);
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    while (garbage.get() != null) {
      System.gc();
    }
    counter.add(5);

    assertThat(registry.get("logboom_tail_read_bytes").functionCounter().count()).isEqualTo(5);
  }

  @Test
  void goesOnCountingAfterTheHeapWasCleaned() {
    Counter counter = agent.named("tail.0").counter(Ids.READ, "container", "a");
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    await()
        .until(
            () -> {
              System.gc();
              return garbage.get() == null;
            });
    counter.add(3);
    assertThat(registry.get("logboom_tail_read_bytes").functionCounter().count()).isEqualTo(3);
  }

  @Test
  void givesTheSameCounterForTheSameInstanceAndLabels() {
    Counter first = agent.named("tail.0").counter(Ids.READ, "container", "a");
    Counter again = agent.named("tail.0").counter(Ids.READ, "container", "a");
    Counter other = agent.named("tail.1").counter(Ids.READ, "container", "a");

    first.add(3);
    again.add(4);
    other.add(100);

    assertThat(first.count()).isEqualTo(7);
    assertThat(
            registry
                .get("logboom_tail_read_bytes")
                .tag("name", "tail.0")
                .tag("container", "a")
                .functionCounter()
                .count())
        .isEqualTo(7);
  }

  @Test
  void sumsAnIdOverItsLabelsWithinTheInstance() {
    agent.named("tail.0").counter(Ids.READ, "container", "a").add(1);
    agent.named("tail.0").counter(Ids.READ, "container", "b").add(2);
    agent.named("tail.1").counter(Ids.READ, "container", "a").add(4);

    assertThat(agent.named("tail.0").count("tail_read")).isEqualTo(3);
    assertThat(agent.count("tail_read")).isEqualTo(7);
    assertThat(agent.named("tail.2").count("tail_read")).isZero();
  }

  @Test
  void tellsIdsApartThatDifferInTheirUnitOnly() {
    agent.counter(Ids.READ).add(100);
    agent.counter(Ids.LINES).add(1);
    assertThat(registry.get("logboom_tail_read_bytes").functionCounter().count()).isEqualTo(100);
    assertThat(registry.get("logboom_tail_read_lines").functionCounter().count()).isEqualTo(1);
  }

  @Test
  void showsACountThatIsKeptElsewhere() {
    AtomicInteger elsewhere = new AtomicInteger(5);
    agent.named("tail.0").observe(Ids.READ, elsewhere::get);
    elsewhere.set(8);
    assertThat(registry.get("logboom_tail_read_bytes").functionCounter().count()).isEqualTo(8);
    assertThat(agent.named("tail.0").count("tail_read")).isEqualTo(8);
    assertThatThrownBy(() -> agent.named("tail.0").counter(Ids.READ))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void asksAGaugeAtEachScrapeAndReplacesItsSource() {
    AtomicInteger value = new AtomicInteger(1);
    MicrometerMeters meters = agent.named("tail.0");
    meters.gauge(Ids.LAG, value::get);
    assertThat(registry.get("logboom_tail_lag_bytes").gauge().value()).isEqualTo(1);
    value.set(2);
    assertThat(registry.get("logboom_tail_lag_bytes").gauge().value()).isEqualTo(2);

    meters.gauge(Ids.LAG, () -> 9);
    assertThat(registry.get("logboom_tail_lag_bytes").gauge().value()).isEqualTo(9);
  }

  /** A scrape in between would not see it, or see it twice and fail. */
  @Test
  void keepsAMeterInTheRegistryWhileItsSourceIsReplaced() {
    MicrometerMeters meters = agent.named("tail.0");
    meters.gauge(Ids.LAG, () -> 1);
    registry.config().onMeterRemoved(meter -> fail("%s was taken out", meter.getId()));
    meters.gauge(Ids.LAG, () -> 2);
    assertThat(registry.getMeters()).hasSize(1);
  }

  @Test
  void takesTheMetersOfAGoneSourceOut() {
    MicrometerMeters meters = agent.named("tail.0");
    meters.counter(Ids.READ, "container", "gone").add(5);
    meters.counter(Ids.READ, "container", "here").add(6);
    meters.gauge(Ids.LAG, () -> 1, "container", "gone");

    meters.remove(Ids.READ, "container", "gone");
    meters.remove(Ids.LAG, "container", "gone");
    meters.remove(Ids.LAG, "container", "never was");

    assertThat(registry.getMeters()).hasSize(1);
    assertThat(meters.count("tail_read")).isEqualTo(6);
    assertThat(meters.counter(Ids.READ, "container", "gone").count()).isZero();
  }

  @Test
  void refusesAnIdOfTheOtherKindAndALabelWithoutAValue() {
    assertThatThrownBy(() -> agent.counter(Ids.LAG)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> agent.gauge(Ids.READ, () -> 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> agent.counter(Ids.READ, "container"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
