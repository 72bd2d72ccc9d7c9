package io.logboom.output.loki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LokiPluginTest {
  @TempDir Path directory;

  @Test
  void isFoundByItsName() {
    List<String> words = new ArrayList<>();
    for (OutputPlugin<?> plugin : ServiceLoader.load(OutputPlugin.class)) {
      words.add(plugin.type());
    }
    assertThat(words).contains("loki");
  }

  @Test
  void hasFluentBitsDefaults() {
    LokiConfig config = Binder.bind(LokiConfig.class);
    assertThat(config.target().host()).isEqualTo("127.0.0.1");
    assertThat(config.target().port()).isEqualTo(3100);
    assertThat(config.target().uri()).isEqualTo("/loki/api/v1/push");
    assertThat(config.line().lineFormat()).isEqualTo(LokiConfig.LineFormat.JSON);
    assertThat(config.labels().autoKubernetesLabels()).isFalse();
    assertThat(config.requests().protobuf()).isTrue();
    assertThat(problems()).isEmpty();
  }

  @Test
  void takesAllOptionsThatFluentBitHas() {
    assertThat(
            problems(
                "host",
                "loki",
                "port",
                "3100",
                "uri",
                "/loki/api/v1/push",
                "tenant_id",
                "t",
                "tenant_id_key",
                "$team",
                "tenant_id_key_error_handling",
                "partial_success",
                "labels",
                "job=x, $stream, a=$kubernetes['labels']['app']",
                "label_keys",
                "$level",
                "structured_metadata",
                "$trace",
                "structured_metadata_map_keys",
                "$kubernetes['labels']",
                "remove_keys",
                "kubernetes, $a['b']",
                "drop_single_key",
                "raw",
                "line_format",
                "key_value",
                "http_user",
                "u",
                "http_passwd",
                "p",
                "header",
                "X-One value",
                "compress",
                "gzip",
                "buffer_size",
                "512KB",
                "tls",
                "on"))
        .isEmpty();
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(problems("labels", "nonsense")).singleElement().asString().startsWith("labels: ");
    assertThat(problems("labels", "a-b=x"))
        .containsExactly(
            "labels: 'a-b' is no name of a label: letters, digits and _, and no digit first");
    assertThat(problems("structured_metadata", "a=$x["))
        .singleElement()
        .asString()
        .startsWith("structured_metadata: ");
    assertThat(problems("drop_single_key", "maybe"))
        .containsExactly("drop_single_key: is not on, off or raw");
    assertThat(problems("remove_keys", "$a[0]")).singleElement().asString().contains("$a[0]");
    assertThat(problems("uri", "push")).containsExactly("uri: does not begin with /");
    for (String tenant : List.of("a b", "a|b")) {
      assertThat(problems("tenant_id", tenant)).singleElement().asString().startsWith("tenant_id");
    }
    assertThat(problems("header", "nonsense")).singleElement().asString().startsWith("header: ");
    assertThat(problems("auto_kubernetes_labels", "on"))
        .singleElement()
        .asString()
        .startsWith("warning auto_kubernetes_labels");
    assertThat(problems("tls", "on", "http_user", "u", "bearer_token", "t"))
        .singleElement()
        .asString()
        .startsWith("bearer_token");
    assertThat(problems("bearer_token", "t")).singleElement().asString().startsWith("warning tls");
  }

  @Test
  void readsLabelsFromAFile() throws Exception {
    Path map = directory.resolve("labels.json");
    Files.writeString(
        map,
        "{\"kubernetes\":{\"pod_name\":\"pod\",\"labels\":{\"a/b\":\"ab\"}},\"lvl\":\"level\"}");
    try (Sending to = new Sending("label_map_path", map.toString())) {
      Records records =
          to.records()
              .enrich("kubernetes", "{\"pod_name\":\"p\",\"labels\":{\"a/b\":\"c\"}}")
              .json("{\"lvl\":\"info\"}");
      assertThat(to.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.server.stored().getFirst().labels())
          .isEqualTo(Map.of("pod", "p", "ab", "c", "level", "info"));
    }
    for (String bad : new String[] {"[]", "{\"a\":1}", "{\"a\":\"b-c\"}", "{\"a\"", "nonsense"}) {
      Files.writeString(map, bad);
      assertThatThrownBy(() -> new Sending("label_map_path", map.toString()).close())
          .isInstanceOf(StartException.class)
          .hasMessageStartingWith("label_map_path: " + map);
    }
  }

  @Test
  void sendsWhoItIs() throws Exception {
    try (Sending to = new Sending("bearer_token", "secret", "header", "X-One a b")) {
      assertThat(to.output.send(List.of(to.numbered(1)))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.server.server().received().getFirst().headers())
          .containsEntry("authorization", "Bearer secret")
          .containsEntry("x-one", "a b")
          .containsEntry("user-agent", "Logboom");
    }
  }

  private static List<String> problems(String... options) {
    List<String> found = new ArrayList<>();
    new LokiPlugin()
        .check(
            Binder.bind(LokiConfig.class, options),
            new Problems() {
              @Override
              public void error(String option, String rule, String hint) {
                found.add(option + ": " + rule);
              }

              @Override
              public void warning(String option, String rule, String hint) {
                found.add("warning " + option + ": " + rule);
              }
            });
    return found;
  }
}
