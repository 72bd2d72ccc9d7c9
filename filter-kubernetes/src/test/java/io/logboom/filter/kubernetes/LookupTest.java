package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import io.logboom.testkit.kubernetes.FakePod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the node's name is not configured, as in most configurations in use. */
class LookupTest {
  private static final String ID = Rig.id('a');
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir Path state;
  private FakeKubernetes api;

  @BeforeEach
  void start() {
    api = FakeKubernetes.started();
    for (int i = 0; i < 20; i++) {
      api.put(pod("p" + i).label("n", "" + i).container("c", "i", "i", ID));
    }
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static FakePod pod(String name) {
    return FakePod.named("shop", name, "uid-" + name).node(Rig.NODE);
  }

  private static Origin local(Rig rig, String name) {
    return rig.origin("shop", name, "uid-" + name, "c", ID);
  }

  @Test
  void learnsTheNodeFromTheFirstPodAndWatchesItFromThenOn() throws Exception {
    try (Rig rig = Rig.anywhere(state, api)) {
      for (int i = 0; i < 20; i++) {
        assertThat(rig.labels(local(rig, "p" + i)).path("n").asText()).isEqualTo("" + i);
      }
      assertThat(api.count("get")).isEqualTo(1);
      assertThat(api.count("list")).isEqualTo(1);
      assertThat(api.quorumReads()).isZero();
      Origin origin = local(rig, "p3");
      await().atMost(SOON).until(() -> api.openWatches() == 1);
      api.label("shop", "p3", "n", "changed");
      await().atMost(SOON).until(() -> rig.labels(origin).path("n").asText().equals("changed"));
    }
  }

  @Test
  void looksUpEachPodOnceWhereListingIsForbidden() throws Exception {
    api.faults().forbid("list").forbid("watch");
    try (Rig rig = Rig.anywhere(state, api)) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 20; i++) {
          assertThat(rig.labels(local(rig, "p" + i)).path("n").asText()).isEqualTo("" + i);
        }
      }
      assertThat(api.count("get")).isEqualTo(20);
    }
  }

  @Test
  void looksUpPodsOfOtherNodesForRecordsThatCameOverTheNetwork() throws Exception {
    api.put(
        FakePod.named("shop", "far", "uid-far")
            .node("node-2")
            .label("where", "far")
            .container("c", "i", "i", ID));
    try (Rig rig = Rig.onNode(state, api)) {
      Origin far = rig.nameless("shop", "far", "c", ID);
      assertThat(rig.labels(far).path("where").asText()).isEqualTo("far");
      assertThat(api.count("get")).isEqualTo(1);
    }
  }

  @Test
  void asksForAPodThatIsNotThereOnlyOnce() throws Exception {
    try (Rig rig = Rig.anywhere(state, api)) {
      Origin origin = local(rig, "absent");
      long begun = System.nanoTime();
      for (int i = 0; i < 1000; i++) {
        Batch batch = rig.apply(origin, "x");
        assertThat(batch.flags(0) & Batch.INCOMPLETE).isNotZero();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
      assertThat(api.count("get")).isEqualTo(1);
      assertThat(rig.one(origin, "x").at("/kubernetes/pod_id").asText()).isEqualTo("uid-absent");
    }
  }

  @Test
  void doesNotTakeAnotherPodOfTheSameNameForTheOneInThePath() throws Exception {
    try (Rig rig = Rig.anywhere(state, api)) {
      Origin old = rig.origin("shop", "p1", "uid-before", "c", Rig.id('0'));
      assertThat(rig.labels(old).isMissingNode()).isTrue();
      assertThat(rig.one(old, "x").at("/kubernetes/pod_id").asText()).isEqualTo("uid-before");
    }
  }

  @Test
  void takesAServerThatTellsNoUidAtItsWord() throws Exception {
    api.put(
        FakePod.named("shop", "plain", "00000000-0000-0000-0000-000000000000")
            .node(Rig.NODE)
            .label("app", "plain"));
    try (Rig rig = Rig.anywhere(state, api)) {
      Origin origin = local(rig, "plain");
      assertThat(rig.labels(origin).path("app").asText()).isEqualTo("plain");
      assertThat(rig.one(origin, "x").at("/kubernetes/pod_id").asText()).isEqualTo("uid-plain");
    }
  }

  @Test
  void looksUpAgainWhatGotOld() throws Exception {
    api.faults().forbid("list").forbid("watch");
    try (Rig rig = Rig.anywhere(state, api, "kube_meta_cache_ttl", "1s")) {
      Origin origin = local(rig, "p1");
      assertThat(rig.labels(origin).path("n").asText()).isEqualTo("1");
      api.label("shop", "p1", "n", "fresh");
      await().atMost(SOON).until(() -> rig.labels(origin).path("n").asText().equals("fresh"));
    }
  }

  @Test
  void findsTheUidThroughTheKubeletsLink() throws Exception {
    Path pods = Files.createDirectories(state.resolve("pods/shop_p1_uid-other/c"));
    Path target = Files.writeString(pods.resolve("0.log"), "");
    Path links = Files.createDirectories(state.resolve("containers"));
    Path link =
        Files.createSymbolicLink(links.resolve("p1_shop_c-" + Rig.id('7') + ".log"), target);
    try (Rig rig = Rig.onNode(state, api)) {
      Origin origin =
          rig.stdout(Rig.tag("shop", "p1", "c", Rig.id('7'))).source(link.toString()).build();
      assertThat(rig.one(origin, "x").at("/kubernetes/pod_id").asText()).isEqualTo("uid-other");
      assertThat(rig.labels(origin).isMissingNode()).isTrue();
      api.put(FakePod.named("shop", "p1", "uid-other").node(Rig.NODE).label("n", "other"));
      await().atMost(SOON).until(() -> rig.labels(origin).path("n").asText().equals("other"));
    }
  }

  @Test
  void believesTheLinkMoreThanTheName() throws Exception {
    api.put(
        FakePod.named("shop", "young", "uid-young")
            .node(Rig.NODE)
            .label("n", "young")
            .pendingContainer("c", "i"));
    Path pods = Files.createDirectories(state.resolve("pods/shop_young_uid-old/c"));
    Path link =
        Files.createSymbolicLink(
            state.resolve("young_shop_c-" + ID + ".log"), pods.resolve("0.log"));
    try (Rig rig = Rig.onNode(state, api)) {
      Origin origin = rig.stdout(Rig.tag("shop", "young", "c", ID)).source(link.toString()).build();
      assertThat(rig.labels(origin).isMissingNode()).isTrue();
      assertThat(rig.one(origin, "x").at("/kubernetes/pod_id").asText()).isEqualTo("uid-old");
    }
  }

  @Test
  void asksTheKubeletWhereThatIsWanted() throws Exception {
    try (KubeletRig kubelet = new KubeletRig(state, api)) {
      assertThat(kubelet.label("p2", "n")).isEqualTo("2");
      api.put(pod("late").label("n", "late"));
      await().atMost(SOON).until(() -> kubelet.label("late", "n").equals("late"));
      assertThat(api.calls()).extracting(FakeKubernetes.Call::path).containsOnly("/pods");
    }
  }
}
