package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import io.logboom.testkit.kubernetes.FakePod;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordShapeTest {
  private static final String ID = Rig.id('a');

  @TempDir Path state;
  private FakeKubernetes api;

  @BeforeEach
  void startApi() {
    api = FakeKubernetes.started();
    api.put(
        FakePod.named("shop", "web-7d9-x", "uid-1")
            .node(Rig.NODE)
            .ip("10.42.0.7")
            .label("app", "web")
            .label("app.kubernetes.io/name", "shop")
            .annotation("checksum/config", "ab\"cd")
            .owner("ReplicaSet", "web-7d9")
            .container("web", "registry.example/web:1", "docker.io/web@sha256:ee", ID)
            .container("side", "registry.example/side:2", "docker-pullable://side@sha256:ff", "b"));
    api.namespace("shop", Map.of("team", "blue"), Map.of("cost", "7"));
  }

  @AfterEach
  void stopApi() {
    api.close();
  }

  private String text(String... options) throws Exception {
    try (Rig rig = Rig.onNode(state, api, options)) {
      Origin origin = rig.origin("shop", "web-7d9-x", "uid-1", "web", ID);
      return rig.text(rig.apply(origin, "hello"), 0);
    }
  }

  @Test
  void writesAllThatIsKnownInFluentBitsOrder() throws Exception {
    assertThat(text("owner_references", "on"))
        .isEqualTo(
            "{\"stream\":\"stdout\",\"log\":\"hello\",\"kubernetes\":{\"pod_name\":\"web-7d9-x\","
                + "\"namespace_name\":\"shop\",\"pod_id\":\"uid-1\","
                + "\"labels\":{\"app\":\"web\",\"app.kubernetes.io/name\":\"shop\"},"
                + "\"annotations\":{\"checksum/config\":\"ab\\\"cd\"},"
                + "\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\","
                + "\"name\":\"web-7d9\",\"uid\":\"owner-web-7d9\",\"controller\":true}],"
                + "\"host\":\"node-1\",\"pod_ip\":\"10.42.0.7\",\"container_name\":\"web\","
                + "\"docker_id\":\""
                + ID
                + "\",\"container_hash\":\"docker.io/web@sha256:ee\","
                + "\"container_image\":\"registry.example/web:1\"}}");
  }

  @Test
  void leavesOutWhatIsSwitchedOff() throws Exception {
    assertThat(text("labels", "off", "annotations", "off"))
        .doesNotContain("labels", "annotations", "ownerReferences")
        .contains("\"pod_id\":\"uid-1\"", "\"host\":\"node-1\"");
  }

  @Test
  void tellsContainersOfAPodApart() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      Origin side = rig.origin("shop", "web-7d9-x", "uid-1", "side", Rig.id('b'));
      assertThat(rig.one(side, "x").at("/kubernetes/container_image").asText())
          .isEqualTo("registry.example/side:2");
      assertThat(rig.one(side, "x").at("/kubernetes/container_hash").asText())
          .isEqualTo("side@sha256:ff");
    }
  }

  @Test
  void addsNamespaceDataUnderAKeyOfItsOwn() throws Exception {
    assertThat(text("namespace_labels", "on", "namespace_annotations", "on", "labels", "off"))
        .contains("\"kubernetes\":{\"pod_name\"")
        .endsWith(
            ",\"kubernetes_namespace\":{\"name\":\"shop\",\"labels\":{\"team\":\"blue\"},"
                + "\"annotations\":{\"cost\":\"7\"}}}");
  }

  @Test
  void addsNamespaceDataAloneWithoutLookingUpPods() throws Exception {
    assertThat(text("namespace_labels", "on", "namespace_metadata_only", "on"))
        .isEqualTo(
            "{\"stream\":\"stdout\",\"log\":\"hello\","
                + "\"kubernetes_namespace\":{\"name\":\"shop\",\"labels\":{\"team\":\"blue\"}}}");
    assertThat(api.calls()).extracting(FakeKubernetes.Call::path).doesNotContain("/api/v1/pods");
  }

  @Test
  void usesTheTagAloneWhereThatIsWanted() throws Exception {
    assertThat(text("use_tag_for_meta", "on"))
        .endsWith(
            "\"kubernetes\":{\"pod_name\":\"web-7d9-x\",\"namespace_name\":\"shop\","
                + "\"pod_id\":\"uid-1\",\"container_name\":\"web\",\"docker_id\":\""
                + ID
                + "\"}}");
    assertThat(api.calls()).isEmpty();
  }

  @Test
  void passesARecordThatNamesNoContainerUnchangedAndCountsIt() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      Origin origin = rig.stdout("app.something").source("/srv/app.log").build();
      assertThat(rig.text(rig.apply(origin, "a", "b"), 0))
          .isEqualTo("{\"stream\":\"stdout\",\"log\":\"a\"}");
      assertThat(rig.context.meters().count(KubernetesMeter.UNNAMED)).isEqualTo(2);
    }
  }

  @Test
  void readsTheFilesOwnNameWhereTheTagHasAnotherPrefix() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      String file = "/srv/lab/containers/web-7d9-x_shop_web-" + ID + ".log";
      Origin origin = rig.stdout("node.logs").source(file).build();
      assertThat(rig.one(origin, "x").at("/kubernetes/pod_id").asText()).isEqualTo("uid-1");
    }
  }

  @Test
  void leavesRecordsOfOtherOriginsAlone() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      Batch batch = rig.context.batches().open();
      int mine = batch.origin(rig.origin("shop", "web-7d9-x", "uid-1", "web", ID));
      int other = batch.origin(rig.origin("shop", "web-7d9-x", "uid-1", "side", Rig.id('b')));
      byte[] bytes = "x".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      int at = batch.append(bytes, 0, 1);
      batch.add(mine, at, 1, 0, 0);
      batch.add(other, at, 1, 0, 0);
      rig.filter.apply(batch, 1L << mine);
      assertThat(batch.enrichment(mine).isEmpty()).isFalse();
      assertThat(batch.enrichment(other).isEmpty()).isTrue();
    }
  }

  @Test
  void givesTheSameFragmentToAllBatchesUntilThePodChanges() throws Exception {
    try (Rig rig = Rig.onNode(state, api)) {
      Origin origin = rig.origin("shop", "web-7d9-x", "uid-1", "web", ID);
      assertThat(rig.apply(origin, "1").enrichment(0))
          .isSameAs(rig.apply(origin, "2").enrichment(0));
    }
  }

  @Test
  void readsTagsWithAParserOfTheConfiguration() throws Exception {
    TestContext context = new TestContext(state);
    context.parser(
        "mine",
        () -> new FieldsParser("mine", '~', "namespace_name", "pod_name", "container_name"));
    try (Rig rig =
        new Rig(
            context,
            Map.of("NODE_NAME", Rig.NODE),
            "kube_url",
            api.url(),
            "regex_parser",
            "mine",
            "kube_tag_prefix",
            "k.")) {
      Origin origin = rig.stdout("k.shop~web-7d9-x~web").build();
      assertThat(rig.one(origin, "x").at("/kubernetes/pod_id").asText()).isEqualTo("uid-1");
      assertThat(rig.one(origin, "x").at("/kubernetes/container_image").asText())
          .isEqualTo("registry.example/web:1");
    }
  }
}
