package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import io.logboom.testkit.kubernetes.FakePod;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that were sent by a pod: by its sidecar. */
class SenderTest {
  private static final String WEB = "0a1b2c3d-1234-5678-9abc-def012345678";
  private static final String API = "1a1b2c3d-1234-5678-9abc-def012345678";
  private static final String ID = Rig.id('a');
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir Path state;
  private FakeKubernetes api;

  @BeforeEach
  void start() {
    api = FakeKubernetes.started();
    api.put(
        pod("web", WEB)
            .ips("10.1.0.1", "fd00::1:1")
            .label("app", "web")
            .container("app", "web:1", "sha256:w", ID)
            .container("log-sidecar", "logboom:1", "sha256:l", Rig.id('b')));
    api.put(pod("api", API).ip("10.1.0.2").label("app", "api").container("c", "i", "i", ID));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static FakePod pod(String name, String uid) {
    return FakePod.named("shop", name, uid).node(Rig.NODE);
  }

  private static Origin sent(Rig rig, String tag, String address) {
    return Origin.builder(rig.context.names(), tag)
        .source(address)
        .sender(InetAddress.ofLiteral(address))
        .build();
  }

  private static JsonNode metadata(Rig rig, Origin origin) {
    return rig.one(origin, "x").path("kubernetes");
  }

  private static String claim(String pod, String uid) {
    return "kube.sidecar.shop_" + pod + "_" + uid + ".app.var.log.app.log";
  }

  private static long refused(Rig rig) {
    return rig.context.meters().count(KubernetesMeter.CLAIMS_REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.0.1", "fd00::1:1", "fd00:0:0:0:0:0:1:1"})
  void aSenderIsKnownByItsAddressAlone(String address) throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      JsonNode found = metadata(rig, sent(rig, "kube.sidecar.tail.0", address));
      assertThat(found.toString())
          .isEqualTo(
              "{\"pod_name\":\"web\",\"namespace_name\":\"shop\",\"pod_id\":\""
                  + WEB
                  + "\",\"labels\":{\"app\":\"web\"},\"host\":\""
                  + Rig.NODE
                  + "\",\"pod_ip\":\"10.1.0.1\"}");
      assertThat(rig.isComplete(sent(rig, "kube.sidecar.tail.0", address))).isTrue();
    }
  }

  @Test
  void aClaimThatTheAddressProvesTellsTheContainer() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      JsonNode found = metadata(rig, sent(rig, claim("web", WEB), "10.1.0.1"));
      assertThat(found.path("pod_name").asText()).isEqualTo("web");
      assertThat(found.path("container_name").asText()).isEqualTo("app");
      assertThat(found.path("docker_id").asText()).isEqualTo(ID);
      assertThat(found.path("container_image").asText()).isEqualTo("web:1");
      assertThat(found.path("container_hash").asText()).isEqualTo("sha256:w");
      assertThat(refused(rig)).isZero();
    }
  }

  @Test
  void aContainerThatThePodDoesNotHaveIsNoContainer() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      String tag = claim("web", WEB).replace(".app.var", ".var");
      JsonNode found = metadata(rig, sent(rig, tag, "10.1.0.1"));
      assertThat(found.path("pod_name").asText()).isEqualTo("web");
      assertThat(found.has("container_name")).isFalse();
    }
  }

  @Test
  void whoSaysThatItIsAnotherPodIsWhatItsAddressSays() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      Origin liar = sent(rig, claim("api", API), "10.1.0.1");
      for (int i = 0; i < 3; i++) {
        JsonNode found = metadata(rig, liar);
        assertThat(found.path("pod_name").asText()).isEqualTo("web");
        assertThat(found.has("container_name")).isFalse();
      }
      Origin log = sent(rig, Rig.tag("shop", "api", "c", ID), "10.1.0.1");
      assertThat(metadata(rig, log).path("pod_name").asText()).isEqualTo("web");
      assertThat(refused(rig)).as("once per origin").isEqualTo(2);
    }
  }

  @Test
  void aRelayIsBelievedWhereThatIsWanted() throws Exception {
    try (Rig rig = Rig.onNode(state, api, "sender_identity", "tag")) {
      Origin relayed = sent(rig, Rig.tag("shop", "api", "c", ID), "10.1.0.1");
      assertThat(metadata(rig, relayed).path("pod_name").asText()).isEqualTo("api");
      Origin own = sent(rig, "relay.own", "10.1.0.1");
      assertThat(metadata(rig, own).path("pod_name").asText()).isEqualTo("web");
      assertThat(refused(rig)).isZero();
    }
  }

  @Test
  void aClaimOfAnAddressThatIsNoPodsIsBelievedUnlessOnlyAddressesCount() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      JsonNode found = metadata(rig, sent(rig, claim("web", WEB), "192.168.0.1"));
      assertThat(found.path("pod_name").asText()).isEqualTo("web");
      assertThat(found.path("container_name").asText()).isEqualTo("app");
    }
    try (Rig rig = Rig.onNode(state, api, "sender_identity", "address")) {
      assertThat(rig.one(sent(rig, claim("web", WEB), "192.168.0.1"), "x").has("kubernetes"))
          .isFalse();
      assertThat(metadata(rig, sent(rig, claim("web", WEB), "10.1.0.1")).path("pod_name").asText())
          .isEqualTo("web");
      assertThat(rig.context.meters().count(KubernetesMeter.UNNAMED)).isEqualTo(1);
    }
  }

  @Test
  void anAddressOfTheNodeIsNoPods() throws Exception {
    api.put(pod("proxy", "u-proxy").ip("192.168.0.1").hostNetwork());
    try (Rig rig = Rig.onNode(state, api)) {
      assertThat(rig.one(sent(rig, "kube.x", "192.168.0.1"), "x").has("kubernetes")).isFalse();
    }
  }

  @Test
  void anAddressPassesFromAPodThatHasEndedToTheNext() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      Origin first = sent(rig, "kube.x", "10.1.0.1");
      assertThat(metadata(rig, first).path("pod_name").asText()).isEqualTo("web");
      api.put(pod("web", WEB).ip("10.1.0.1").phase("Succeeded").label("app", "ended"));
      await()
          .atMost(SOON)
          .until(() -> !rig.one(sent(rig, "kube.x", "10.1.0.1"), "x").has("kubernetes"));
      assertThat(metadata(rig, first).path("pod_name").asText())
          .as("its last records are its own")
          .isEqualTo("web");
      api.put(pod("next", "u-next").ip("10.1.0.1"));
      await()
          .atMost(SOON)
          .until(
              () ->
                  metadata(rig, sent(rig, "kube.x", "10.1.0.1"))
                      .path("pod_name")
                      .asText()
                      .equals("next"));
    }
  }

  @Test
  void aPodThatSendsBeforeItsAddressIsKnownIsWaitedFor() throws Exception {
    api.put(pod("young", "u-young").phase("Pending"));
    try (Rig rig = Rig.onNode(state, api)) {
      assertThat(metadata(rig, sent(rig, "kube.x", "10.1.0.1")).path("pod_name").asText())
          .isEqualTo("web");
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
          .execute(() -> api.put(pod("young", "u-young").ip("10.1.0.9").phase("Running")));
      assertThat(metadata(rig, sent(rig, "kube.x", "10.1.0.9")).path("pod_name").asText())
          .isEqualTo("young");
      assertThat(rig.context.meters().count(KubernetesMeter.WAITED)).isPositive();
    }
  }

  @Test
  void strangersAreNotWaitedFor() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      metadata(rig, sent(rig, "kube.x", "10.1.0.1"));
      long begun = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        Batch batch = rig.apply(sent(rig, "kube.x", "192.168.7." + i), "x");
        assertThat(batch.flags(0) & Batch.INCOMPLETE).isZero();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
      assertThat(api.count("get")).isZero();
    }
  }

  @Test
  void theNodeIsLearntFromTheAgentsOwnPod() throws Exception {
    api.put(FakePod.named("logging", "logboom-x", "u-own").node(Rig.NODE));
    try (Rig rig = Rig.inPod(state, api, "logging", "logboom-x")) {
      assertThat(metadata(rig, sent(rig, "kube.x", "10.1.0.2")).path("pod_name").asText())
          .isEqualTo("api");
      assertThat(api.count("get")).isEqualTo(1);
      assertThat(api.count("list")).isEqualTo(1);
    }
  }
}
