package io.logboom.api.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OriginTest {
  private final Names names = new Names();

  @Test
  void needsATagOnly() {
    Origin origin = Origin.builder(names, "kube.x").build();

    assertThat(origin.tag()).isEqualTo("kube.x");
    assertThat(origin.text().name()).isEqualTo("log");
    assertThat(origin.stamp()).isNull();
    assertThat(origin.offset()).isNull();
    assertThat(origin.base().isEmpty()).isTrue();
    assertThat(origin.source()).isEmpty();
  }

  @Test
  void encodesItsKeysOnce() {
    Origin.Key key = Origin.Key.of(names, "a \"key\"");

    assertThat(new String(key.json(), 0, key.length(), UTF_8)).isEqualTo("\"a \\\"key\\\"\":");
    assertThat(key.names()).isEqualTo(names.of("a \"key\""));
  }

  @Test
  void keepsWhatEachOwnerDerivedFromIt() {
    Origin origin = Origin.builder(names, "t").source("/x.log").sourceId("id").build();
    AtomicInteger made = new AtomicInteger();
    Object one = new Object();
    Object other = new Object();

    String first = origin.memo(one, o -> o.tag() + made.incrementAndGet());
    String again = origin.memo(one, o -> o.tag() + made.incrementAndGet());
    String second = origin.memo(other, o -> o.tag() + made.incrementAndGet());

    assertThat(first).isEqualTo("t1").isSameAs(again);
    assertThat(second).isEqualTo("t2");
    assertThat(origin).hasToString("t (/x.log)");
  }

  @Test
  @Timeout(30)
  void forgetsWhatAnOwnerDerivedOnceTheOwnerIsGone() {
    Origin origin = Origin.builder(names, "t").build();
    WeakReference<Object> derived = rememberFor(new Object(), origin);
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (derived.get() != null && System.nanoTime() < deadline) {
      System.gc();
      rememberFor(new Object(), origin);
    }
    assertThat(derived.get()).isNull();
  }

  private static WeakReference<Object> rememberFor(Object owner, Origin origin) {
    return new WeakReference<>(origin.memo(owner, _ -> new Object()));
  }
}
