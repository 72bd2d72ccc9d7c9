package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import io.logboom.testkit.kubernetes.FakePod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ApiTroubleTest {
  private static final String ID = Rig.id('a');
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path state;
  private FakeKubernetes api;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void start() {
    api = FakeKubernetes.started();
    api.put(
        FakePod.named("shop", "web-0", "uid-web")
            .node(Rig.NODE)
            .label("app", "web")
            .container("c", "i", "i", ID));
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void stop() {
    logger().detachAppender(log);
    api.close();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("io.logboom.filter.kubernetes");
  }

  private static Origin web(Rig rig) {
    return rig.origin("shop", "web-0", "uid-web", "c", ID);
  }

  @Test
  void waitsNoLongerThanAllowedWhileTheServerIsDownAndIsCompleteLater() throws Exception {
    api.stop();
    String token = Files.writeString(state.resolve("token"), "t").toString();
    String[] options = {"kube_meta_wait", "1s", "merge_log", "on", "kube_token_file", token};
    try (Rig rig = Rig.onNode(state, api, options)) {
      long begun = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        Batch batch = rig.apply(rig.origin("shop", "p" + i, "uid-" + i, "c", ID), "{\"a\":1}");
        assertThat(batch.flags(0) & Batch.INCOMPLETE).isNotZero();
        assertThat(rig.json(batch, 0).at("/kubernetes/pod_name").asText()).isEqualTo("p" + i);
        assertThat(rig.json(batch, 0).at("/a").asInt()).isEqualTo(1);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
      Origin origin = web(rig);
      assertThat(rig.isComplete(origin)).isFalse();
      api.start();
      await().atMost(Duration.ofSeconds(20)).until(() -> rig.isComplete(origin));
      assertThat(rig.labels(origin).path("app").asText()).isEqualTo("web");
      assertThat(log.list).filteredOn(e -> e.getLevel().levelInt >= 30_000).hasSize(1);
    }
  }

  @Test
  void waitsForTheFirstListThatIsSlow() throws Exception {
    api.faults().slow(Duration.ofMillis(1500));
    try (Rig rig = Rig.onNode(state, api)) {
      assertThat(rig.isComplete(web(rig))).isTrue();
    }
  }

  @Test
  void comesBackFromRefusalsOfEveryKind() throws Exception {
    api.faults().answer(500).drop().answer(503).tooMany("1");
    try (Rig rig = Rig.onNode(state, api, "kube_meta_wait", "20s")) {
      assertThat(rig.isComplete(web(rig))).isTrue();
      assertThat(api.calls()).hasSizeGreaterThanOrEqualTo(5);
      assertThat(
              rig.context
                  .meters()
                  .count(KubernetesMeter.API_REQUESTS, "verb", "list", "code", "429"))
          .isEqualTo(1);
    }
  }

  @Test
  void keepsItsDistanceWhenAskedTo() throws Exception {
    api.faults().tooMany("3");
    try (Rig rig = Rig.onNode(state, api)) {
      long begun = System.nanoTime();
      assertThat(rig.isComplete(web(rig))).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThan(Duration.ofMillis(2900));
    }
  }

  @Test
  void readsTheTokenAgainWhenItIsRefused() throws Exception {
    Path token = Files.writeString(state.resolve("token"), "one\n");
    api.token("one");
    try (Rig rig = Rig.onNode(state, api, "kube_token_file", token.toString())) {
      assertThat(rig.isComplete(web(rig))).isTrue();
      await().atMost(SOON).until(() -> api.openWatches() == 1);
      Files.writeString(token, "two\n");
      api.token("two");
      api.endWatches();
      await().atMost(SOON).until(() -> api.openWatches() == 1 && api.count("watch") >= 3);
      api.label("shop", "web-0", "app", "still");
      Origin origin = web(rig);
      await().atMost(SOON).until(() -> rig.labels(origin).path("app").asText().equals("still"));
    }
  }

  @Test
  void usesAKubeconfigFileWhereThereIsNoServiceAccount() throws Exception {
    api.token("from-kubeconfig");
    Path file =
        Files.writeString(
            state.resolve("kubeconfig"),
            "apiVersion: v1\nkind: Config\ncurrent-context: x\n"
                + "clusters: [{name: c, cluster: {server: '"
                + api.url()
                + "'}}]\nusers: [{name: u, user: {token: from-kubeconfig}}]\n"
                + "contexts: [{name: x, context: {cluster: c, user: u}}]\n");
    Map<String, String> environment = Map.of("NODE_NAME", Rig.NODE, "KUBECONFIG", file.toString());
    String[] options = {"kube_token_file", state + "/absent"};
    try (Rig rig = new Rig(new TestContext(state), environment, options)) {
      assertThat(rig.isComplete(web(rig))).isTrue();
    }
  }

  @Test
  void takesATokenFromACommand() throws Exception {
    api.token("said");
    try (Rig rig = Rig.onNode(state, api, "kube_token_command", "printf 'said\\n'")) {
      assertThat(rig.isComplete(web(rig))).isTrue();
    }
  }

  @Test
  void goesOnWithoutTokenAndAuthorityFilesAndSaysSo() throws Exception {
    api.token("wanted");
    try (Rig rig =
        Rig.onNode(state, api, "kube_token_file", state + "/absent", "kube_meta_wait", "0.2s")) {
      Batch batch = rig.apply(web(rig), "x");
      assertThat(batch.flags(0) & Batch.INCOMPLETE).isNotZero();
      assertThat(rig.json(batch, 0).at("/kubernetes/container_name").asText()).isEqualTo("c");
      assertThat(log.list).anyMatch(e -> e.getFormattedMessage().contains(state + "/absent"));
    }
  }

  @Test
  void asksPodByPodWhereListingIsForbidden() throws Exception {
    api.faults().forbid("list");
    try (Rig rig = Rig.onNode(state, api)) {
      Origin origin = web(rig);
      await().atMost(SOON).until(() -> rig.isComplete(origin));
      assertThat(log.list).anyMatch(e -> e.getFormattedMessage().contains("list and watch"));
    }
  }

  @Test
  void endsItsThreadsWhenClosedInTheMiddleOfAWatch() throws Exception {
    Rig rig = Rig.onNode(state, api);
    assertThat(rig.isComplete(web(rig))).isTrue();
    await().atMost(SOON).until(() -> api.openWatches() == 1);
    long begun = System.nanoTime();
    rig.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    await()
        .atMost(SOON)
        .until(
            () -> {
              api.bookmark();
              return api.openWatches() == 0;
            });
  }

  @Test
  void startsNoThreadBeforeItIsStarted() throws Exception {
    KubernetesConfig config =
        io.logboom.core.config.Binder.bind(KubernetesConfig.class, "kube_url", api.url());
    try (var filter =
        new KubernetesPlugin(_ -> Rig.NODE)
            .create(config, new io.logboom.testkit.TestContext(state))) {
      assertThat(filter).isNotNull();
    }
    assertThat(api.calls()).isEmpty();
  }
}
