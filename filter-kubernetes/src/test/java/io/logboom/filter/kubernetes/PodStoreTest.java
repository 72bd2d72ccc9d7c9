package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PodStoreTest {
  private final AtomicLong nanos = new AtomicLong();
  private final PodStore store = new PodStore(nanos::get, 10, 100_000);

  private static Pod pod(String name, String uid, Container... containers) {
    return new Pod(
        "ns",
        name,
        uid,
        null,
        "node",
        null,
        null,
        null,
        null,
        Map.of(),
        List.of(containers),
        List.of(),
        false);
  }

  private static Container running(String id) {
    return new Container("c", "i", "i", id, null);
  }

  private static LogName log(String name, String uid) {
    return new LogName("ns", name, uid, "c", "", null);
  }

  private static LogName file(String name, String id) {
    return new LogName("ns", name, null, "c", id, null);
  }

  @Test
  void forgetsADeletedPodAfterTenMinutes() {
    Pod gone = pod("a", "u1");
    store.put(gone, true);
    store.delete(gone);
    nanos.addAndGet(PodStore.REMEMBERED_NANOS - 1);
    store.put(pod("b", "u2"), true);
    assertThat(store.find(log("a", "u1"))).isNotNull();
    nanos.addAndGet(2);
    store.put(pod("c", "u3"), true);
    assertThat(store.find(log("a", "u1"))).isNull();
    assertThat(store.size()).isEqualTo(2);
  }

  @Test
  void holdsNoMorePodsThanItMay() {
    for (int i = 0; i < 10; i++) {
      assertThat(store.put(pod("p" + i, "u" + i), true)).isTrue();
    }
    assertThat(store.put(pod("more", "u-more"), true)).isFalse();
    store.delete(pod("p3", "u3"));
    assertThat(store.put(pod("more", "u-more"), true)).isTrue();
    assertThat(store.find(log("p3", "u3"))).isNull();
    assertThat(store.size()).isEqualTo(10);
  }

  @Test
  void holdsNoMoreBytesThanItMay() {
    Pod fat =
        new Pod(
            "ns",
            "fat",
            "uf",
            null,
            null,
            null,
            new byte[98_900],
            null,
            null,
            Map.of(),
            List.of(),
            List.of(),
            false);
    assertThat(store.put(fat, true)).isTrue();
    assertThat(store.put(pod("a", "u1"), true)).isTrue();
    assertThat(store.put(pod("b", "u2"), true)).isFalse();
    store.delete(fat);
    assertThat(store.put(pod("b", "u2"), true)).isTrue();
    assertThat(store.bytes()).isLessThan(2_000);
  }

  @Test
  void keepsTheSamePodWhereNothingThatShowsHasChanged() {
    store.put(pod("a", "u1"), true);
    Pod first = store.find(log("a", "u1"));
    long version = store.version();
    store.put(pod("a", "u1"), true);
    assertThat(store.find(log("a", "u1"))).isSameAs(first);
    assertThat(store.version()).isEqualTo(version);
  }

  @Test
  void marksPodsThatAListDoesNotHaveAsDeleted() {
    store.put(pod("a", "u1", running("1")), true);
    store.put(pod("b", "u2", running("2")), true);
    store.put(pod("far", "u3", running("3")), false);
    store.keepWatched(Set.of("u2"));
    nanos.addAndGet(PodStore.REMEMBERED_NANOS + 1);
    store.put(pod("x", "u4"), true);
    assertThat(store.find(log("a", "u1"))).isNull();
    assertThat(store.find(log("b", "u2"))).isNotNull();
    assertThat(store.find(log("far", "u3"))).isNotNull();
  }

  @Test
  void findsByNameOnlyWhereTheContainerProvesIt() {
    store.put(pod("a", "u1", running("one")), true);
    assertThat(store.find(file("a", "one"))).isNotNull();
    assertThat(store.find(file("a", "two"))).isNull();
    store.put(pod("a", "u1", new Container("c", "i", "i", "two", "one")), true);
    assertThat(store.find(file("a", "one"))).isNotNull();
    assertThat(store.find(file("a", "two"))).isNotNull();
  }

  @Test
  void findsANewPodBeforeItReportsContainersUnlessAnotherHadItsName() {
    Container pending = new Container("c", "i", null, null, null);
    store.put(pod("a", "u1", pending), true);
    assertThat(store.find(file("a", "x"))).isNotNull();
    store.put(pod("a", "u2", pending), true);
    assertThat(store.find(file("a", "x"))).isNull();
  }

  @Test
  void wakesWhoWaits() throws Exception {
    long seen = store.version();
    Thread waker = Thread.ofVirtual().start(() -> store.put(pod("a", "u1"), true));
    store.await(seen, Long.MAX_VALUE);
    waker.join();
    assertThat(store.version()).isNotEqualTo(seen);
  }
}
