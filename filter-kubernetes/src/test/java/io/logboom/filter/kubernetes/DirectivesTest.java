package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import io.logboom.testkit.kubernetes.FakePod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectivesTest {
  private static final String ID = Rig.id('a');

  @TempDir Path state;
  private FakeKubernetes api;

  @BeforeEach
  void start() {
    api = FakeKubernetes.started();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static Directives of(String container, String... namesAndValues) {
    Map<String, String> annotations = new java.util.LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      annotations.put("fluentbit.io/" + namesAndValues[i], namesAndValues[i + 1]);
    }
    return Directives.of(annotations, container);
  }

  @Test
  void preferTheContainersOwnSettingAndTheStreams() {
    Directives d =
        of(
            "web",
            "parser",
            "all",
            "parser_stderr",
            "err",
            "parser-web",
            "web",
            "parser_stderr-db",
            "db");
    assertThat(d.stdoutParser()).isEqualTo("web");
    assertThat(d.stderrParser()).isEqualTo("web");
    Directives other = of("x", "parser", "all", "parser_stderr", "err");
    assertThat(other.stdoutParser()).isEqualTo("all");
    assertThat(other.stderrParser()).isEqualTo("err");
  }

  @Test
  void takeAnyWordForTrue() {
    assertThat(of("c", "exclude", "True").stdoutExcluded()).isTrue();
    assertThat(of("c", "exclude_stdout", "on").stderrExcluded()).isFalse();
    assertThat(of("c", "exclude", "yes", "exclude-c", "false").excludes()).isFalse();
    assertThat(of("c", "exclude", "1").excludes()).isFalse();
  }

  @Test
  void nameWhatTheyDoNotKnow() {
    assertThat(of("c", "parse", "x", "parser_stdin", "y", "parser-c", "z").unknown())
        .containsExactly("fluentbit.io/parse", "fluentbit.io/parser_stdin");
  }

  private Rig rig(String... options) throws Exception {
    TestContext context = new TestContext(state);
    context.parser("pair", () -> new FieldsParser("pair", '=', "left", "right"));
    String[] all = new String[options.length + 4];
    all[0] = "kube_url";
    all[1] = api.url();
    all[2] = "keep_log";
    all[3] = "off";
    System.arraycopy(options, 0, all, 4, options.length);
    return new Rig(context, Map.of("NODE_NAME", Rig.NODE), all);
  }

  private Origin origin(Rig rig, String stream) {
    return Origin.builder(rig.context.names(), Rig.tag("shop", "p", "c", ID))
        .source("/var/log/pods/shop_p_uid-p/c/0.log")
        .base(Fragment.builder(rig.context.names()).string("stream", stream).build())
        .build();
  }

  private void pod(String annotation, String value) {
    api.put(FakePod.named("shop", "p", "uid-p").node(Rig.NODE).annotation(annotation, value));
  }

  @Test
  void takeOutTheStreamThatThePodWantsExcluded() throws Exception {
    pod("fluentbit.io/exclude_stderr", "true");
    try (Rig rig = rig("k8s-logging.exclude", "on")) {
      assertThat(rig.apply(origin(rig, "stderr"), "x", "y").liveRecords()).isZero();
      assertThat(rig.apply(origin(rig, "stdout"), "x").liveRecords()).isEqualTo(1);
      assertThat(rig.context.meters().count(KubernetesMeter.EXCLUDED)).isEqualTo(2);
    }
  }

  @Test
  void takeOutNothingUnlessAllowedTo() throws Exception {
    pod("fluentbit.io/exclude", "true");
    try (Rig rig = rig()) {
      assertThat(rig.apply(origin(rig, "stdout"), "x").liveRecords()).isEqualTo(1);
    }
  }

  @Test
  void chooseTheParserOfTheLog() throws Exception {
    pod("fluentbit.io/parser", "pair");
    try (Rig rig = rig("k8s-logging.parser", "on", "merge_log", "on", "annotations", "off")) {
      assertThat(rig.one(origin(rig, "stdout"), "1=2").path("left").asText()).isEqualTo("1");
    }
  }

  @Test
  void areFollowedWhenTheyChange() throws Exception {
    pod("note", "none");
    try (Rig rig = rig("k8s-logging.exclude", "on")) {
      Origin origin = origin(rig, "stdout");
      assertThat(rig.apply(origin, "x").liveRecords()).isEqualTo(1);
      await().until(() -> api.openWatches() == 1);
      api.edit(
          "shop",
          "p",
          p ->
              p.withObjectProperty("metadata")
                  .withObjectProperty("annotations")
                  .put("fluentbit.io/exclude", "true"));
      await().atMost(Duration.ofSeconds(5)).until(() -> rig.apply(origin, "x").liveRecords() == 0);
    }
  }

  @Test
  void nameAParserThatDoesNotExistWithoutHarm() throws Exception {
    pod("fluentbit.io/parser", "nowhere");
    try (Rig rig = rig("k8s-logging.parser", "on", "merge_log", "on")) {
      Batch batch = rig.apply(origin(rig, "stdout"), "{\"a\":1}");
      assertThat(rig.json(batch, 0).path("a").asInt()).isEqualTo(1);
    }
  }
}
