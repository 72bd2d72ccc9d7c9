package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import io.logboom.testkit.kubernetes.FakePod;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users were promised of the watch: issues of other agents, each turned into a test. */
class NodeWatchTest {
  private static final String ID = Rig.id('a');
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path state;
  private FakeKubernetes api;
  private Rig rig;

  @BeforeEach
  void start() throws Exception {
    api = FakeKubernetes.started();
    api.put(pod("web-0", "uid-web").label("app", "web").container("c", "i:1", "i@1", ID));
    rig = Rig.onNode(state, api);
  }

  @AfterEach
  void stop() {
    rig.close();
    api.close();
  }

  private static FakePod pod(String name, String uid) {
    return FakePod.named("shop", name, uid).node(Rig.NODE);
  }

  private Origin web() {
    return rig.origin("shop", "web-0", "uid-web", "c", ID);
  }

  private void awaitWatch() {
    await().atMost(SOON).until(() -> api.openWatches() == 1);
  }

  private String label(Origin origin, String key) {
    JsonNode labels = rig.labels(origin);
    return labels.path(key).asText();
  }

  @Test
  void asksOnceFromTheCacheAndThenWatches() {
    for (int i = 0; i < 110; i++) {
      api.put(pod("p" + i, "uid-p" + i).label("n", "" + i));
    }
    awaitWatch();
    for (int i = 0; i < 110; i++) {
      Origin origin = rig.origin("shop", "p" + i, "uid-p" + i, "c", Rig.id('b'));
      String expected = "" + i;
      // A pod that was put after the list was answered comes with the watch.
      await().atMost(SOON).until(() -> label(origin, "n").equals(expected));
    }
    assertThat(api.count("list")).isEqualTo(1);
    assertThat(api.count("watch")).isEqualTo(1);
    assertThat(api.count("get")).isZero();
    assertThat(api.quorumReads()).isZero();
    assertThat(api.calls().getFirst().query())
        .contains("fieldSelector=spec.nodeName%3Dnode-1", "resourceVersion=0");
    assertThat(api.calls().get(1).query()).contains("allowWatchBookmarks=true", "timeoutSeconds=");
  }

  @Test
  void showsAChangedLabelWithinFiveSeconds() {
    assertThat(label(web(), "app")).isEqualTo("web");
    awaitWatch();
    Origin origin = web();
    api.label("shop", "web-0", "app", "shop");
    await().atMost(SOON).until(() -> label(origin, "app").equals("shop"));
  }

  @Test
  void neverMixesAPodWithARecreatedOneOfTheSameName() {
    api.put(pod("db-0", "uid-old").ip("10.0.0.9").label("v", "old").container("c", "i", "i", ID));
    Origin old = rig.origin("shop", "db-0", "uid-old", "c", ID);
    await().atMost(SOON).until(() -> label(old, "v").equals("old"));
    api.delete("shop", "db-0");
    Origin young = rig.origin("shop", "db-0", "uid-new", "c", Rig.id('b'));
    assertThat(rig.labels(young).isMissingNode()).isTrue();
    api.put(pod("db-0", "uid-new").ip("10.0.0.9").label("v", "new"));
    await().atMost(SOON).until(() -> label(young, "v").equals("new"));
    assertThat(label(old, "v")).isEqualTo("old");
    assertThat(label(rig.origin("shop", "db-0", "uid-old", "c", ID), "v")).isEqualTo("old");
  }

  @Test
  void tellsRecreatedPodsApartByContainerIdWhereThePathHasNoUid() {
    api.put(pod("db-0", "uid-old").label("v", "old").container("c", "i", "i", Rig.id('1')));
    Origin old = rig.nameless("shop", "db-0", "c", Rig.id('1'));
    await().atMost(SOON).until(() -> label(old, "v").equals("old"));
    api.delete("shop", "db-0");
    Origin young = rig.nameless("shop", "db-0", "c", Rig.id('2'));
    assertThat(rig.labels(young).isMissingNode()).isTrue();
    api.put(pod("db-0", "uid-new").label("v", "new").pendingContainer("c", "i"));
    assertThat(rig.labels(young).path("v").asText()).isNotEqualTo("old");
    api.put(pod("db-0", "uid-new").label("v", "new").container("c", "i", "i", Rig.id('2')));
    await().atMost(SOON).until(() -> label(young, "v").equals("new"));
    assertThat(label(rig.nameless("shop", "db-0", "c", Rig.id('1')), "v")).isEqualTo("old");
  }

  @Test
  void knowsAStaticPodByTheHashInItsPath() {
    api.put(
        FakePod.named("kube-system", "etcd-node-1", "uid-mirror")
            .node(Rig.NODE)
            .label("component", "etcd")
            .annotation("kubernetes.io/config.hash", "0123456789abcdef0123456789abcdef"));
    Origin origin =
        rig.origin("kube-system", "etcd-node-1", "0123456789abcdef0123456789abcdef", "etcd", ID);
    await().atMost(SOON).until(() -> label(origin, "component").equals("etcd"));
    assertThat(rig.one(origin, "x").at("/kubernetes/pod_id").asText()).isEqualTo("uid-mirror");
  }

  @Test
  void remembersADeletedPodForItsLastLines() {
    assertThat(label(web(), "app")).isEqualTo("web");
    awaitWatch();
    api.delete("shop", "web-0");
    api.put(pod("other", "uid-other").label("app", "other"));
    await()
        .atMost(SOON)
        .until(
            () -> label(rig.origin("shop", "other", "uid-other", "c", ID), "app").equals("other"));
    assertThat(label(web(), "app")).isEqualTo("web");
  }

  @Test
  void knowsTwoHundredPodsThatLiveForAMoment() {
    awaitWatch();
    for (int i = 0; i < 200; i++) {
      api.put(pod("job-" + i, "uid-job-" + i).label("job", "" + i));
      api.delete("shop", "job-" + i);
    }
    for (int i = 0; i < 200; i++) {
      Origin origin = rig.origin("shop", "job-" + i, "uid-job-" + i, "c", ID);
      assertThat(label(origin, "job")).isEqualTo("" + i);
    }
    assertThat(rig.context.meters().count(KubernetesMeter.INCOMPLETE)).isZero();
  }

  @Test
  void waitsAMomentForAPodWhoseLogIsFasterThanItsMetadata() throws Exception {
    awaitWatch();
    Origin origin = rig.origin("shop", "early", "uid-early", "c", ID);
    Thread late =
        Thread.ofVirtual().start(() -> api.put(pod("early", "uid-early").label("app", "early")));
    assertThat(label(origin, "app")).isEqualTo("early");
    late.join();
  }

  @Test
  void doesNotHoldUpRecordsForPodsThatDoNotExist() {
    assertThat(label(web(), "app")).isEqualTo("web");
    awaitWatch();
    long begun = System.nanoTime();
    for (int i = 0; i < 500; i++) {
      Batch batch = rig.apply(rig.origin("shop", "gone-" + i, "uid-gone-" + i, "c", ID), "x");
      assertThat(batch.flags(0) & Batch.INCOMPLETE).isNotZero();
      assertThat(rig.json(batch, 0).at("/kubernetes/pod_name").asText()).isEqualTo("gone-" + i);
      assertThat(rig.json(batch, 0).at("/kubernetes/pod_id").asText()).isEqualTo("uid-gone-" + i);
      assertThat(rig.json(batch, 0).at("/kubernetes/host").asText()).isEqualTo(Rig.NODE);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
    assertThat(api.calls()).hasSize(2);
    assertThat(rig.context.meters().count(KubernetesMeter.INCOMPLETE)).isEqualTo(500);
  }

  @Test
  void listsAgainWhereTheServerSaysGoneInTheStream() {
    gone(false);
  }

  @Test
  void listsAgainWhereTheServerSaysGoneAsStatus() {
    gone(true);
  }

  private void gone(boolean asStatus) {
    api.goneAsStatus(asStatus);
    awaitWatch();
    Origin origin = web();
    assertThat(label(origin, "app")).isEqualTo("web");
    api.endWatches();
    api.label("shop", "web-0", "app", "changed");
    api.put(pod("gone", "uid-gone"));
    api.compact();
    api.dropWatches();
    await().atMost(SOON).until(() -> label(origin, "app").equals("changed"));
    await().atMost(SOON).until(() -> api.openWatches() == 1);
    assertThat(api.count("list")).isBetween(1L, 3L);
  }

  @Test
  void goesOnFromABookmarkAfterHistoryWasCompacted() {
    awaitWatch();
    api.compact();
    api.bookmark();
    await()
        .atMost(SOON)
        .until(
            () -> {
              // The next watch starts from the bookmark, so that no list is needed.
              api.endWatches();
              return api.calls().stream()
                  .anyMatch(c -> c.verb().equals("watch") && !c.query().equals(watchQuery()));
            });
    awaitWatch();
    assertThat(api.count("list")).isEqualTo(1);
  }

  private String watchQuery() {
    return api.calls().stream()
        .filter(c -> c.verb().equals("watch"))
        .findFirst()
        .orElseThrow()
        .query();
  }

  @Test
  void goesOnWhereADroppedWatchStopped() {
    awaitWatch();
    Origin origin = web();
    assertThat(label(origin, "app")).isEqualTo("web");
    for (int i = 0; i < 3; i++) {
      String value = "v" + i;
      long before = rig.context.meters().count(KubernetesMeter.WATCH_RESTARTS);
      awaitWatch();
      api.dropWatches();
      api.label("shop", "web-0", "app", value);
      await()
          .atMost(SOON)
          .until(() -> rig.context.meters().count(KubernetesMeter.WATCH_RESTARTS) > before);
      await().atMost(SOON).until(() -> label(origin, "app").equals(value));
    }
    assertThat(api.count("list")).isEqualTo(1);
  }

  @Test
  void beginsTheNextWatchWhenOneEndsInTime() {
    awaitWatch();
    api.endWatches();
    await().atMost(SOON).until(() -> api.count("watch") >= 2 && api.openWatches() == 1);
    api.label("shop", "web-0", "app", "later");
    Origin origin = web();
    await().atMost(SOON).until(() -> label(origin, "app").equals("later"));
    assertThat(api.count("list")).isEqualTo(1);
  }

  @Test
  void learnsWhatWasDeletedWhileItCouldNotWatch() {
    awaitWatch();
    api.put(pod("db-0", "uid-old").label("v", "old"));
    Origin old = rig.origin("shop", "db-0", "uid-old", "c", ID);
    await().atMost(SOON).until(() -> label(old, "v").equals("old"));
    api.stop();
    api.delete("shop", "db-0");
    api.put(pod("db-0", "uid-new").label("v", "new").container("c", "i", "i", Rig.id('9')));
    api.compact();
    api.start();
    Origin young = rig.nameless("shop", "db-0", "c", Rig.id('9'));
    await().atMost(Duration.ofSeconds(10)).until(() -> label(young, "v").equals("new"));
    assertThat(label(old, "v")).isEqualTo("old");
  }

  @Test
  void readsPodsOfOneMegabyte() {
    awaitWatch();
    api.put(pod("fat", "uid-fat").padded(1 << 20).label("size", "xl"));
    Origin origin = rig.origin("shop", "fat", "uid-fat", "c", ID);
    await().atMost(SOON).until(() -> label(origin, "size").equals("xl"));
    assertThat(rig.context.meters().value(KubernetesMeter.PODS_BYTES)).isLessThan(10_000);
  }

  @Test
  void doesNotEncodeAgainForChangesThatDoNotShow() {
    awaitWatch();
    Origin origin = web();
    Batch before = rig.apply(origin, "x");
    api.edit("shop", "web-0", p -> p.withObjectProperty("status").put("phase", "Failed"));
    api.put(pod("seen", "uid-seen").label("app", "seen"));
    await()
        .atMost(SOON)
        .until(() -> label(rig.origin("shop", "seen", "uid-seen", "c", ID), "app").equals("seen"));
    assertThat(rig.apply(origin, "x").enrichment(0)).isSameAs(before.enrichment(0));
  }
}
