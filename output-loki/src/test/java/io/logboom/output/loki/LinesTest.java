package io.logboom.output.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  @Test
  void writesPairs() throws Exception {
    assertThat(
            line(
                "{\"k\":\"v \\\"q\\\"\",\"n\":1.5,\"a\":[1,\"x\"],\"o\":{\"b\":null},\"t\":true}",
                "line_format",
                "key_value"))
        .isEqualTo("k=\"v \\\"q\\\"\" n=1.5 a=\"[1,\\\"x\\\"]\" o=\"{\\\"b\\\":null}\" t=true");
  }

  @Test
  void dropsASingleKey() throws Exception {
    String one = "{\"log\":\"a\\n\\u00e9\\\"\"}";
    assertThat(line(one)).isEqualTo(one);
    assertThat(line(one, "drop_single_key", "on")).isEqualTo("\"a\\n\\u00e9\\\"\"");
    assertThat(line(one, "drop_single_key", "raw")).isEqualTo("a\n\u00e9\"");
    assertThat(line("{\"a\":{\"b\":1}}", "drop_single_key", "raw")).isEqualTo("{\"b\":1}");
    assertThat(line("{\"a\":1,\"b\":2}", "drop_single_key", "raw")).isEqualTo("{\"a\":1,\"b\":2}");
    assertThat(line("{\"a\":1,\"b\":2}", "drop_single_key", "raw", "remove_keys", "a"))
        .isEqualTo("2");
    assertThat(line("{\"a\":1}", "drop_single_key", "raw", "remove_keys", "a")).isEqualTo("{}");
  }

  @Test
  void removesMembersHoweverDeep() throws Exception {
    String record = "{\"a\":{\"b\":{\"c\":1,\"d\":2},\"e\":3},\"b\":{\"c\":4},\"x/y\":{\"q\":5}}";
    assertThat(line(record, "remove_keys", "$a['b']['c'], $b"))
        .isEqualTo("{\"a\":{\"b\":{\"d\":2},\"e\":3},\"x/y\":{\"q\":5}}");
    assertThat(line(record, "remove_keys", "$a['b'], $a['b']['c'], $a['none'], x/y"))
        .isEqualTo("{\"a\":{\"e\":3},\"b\":{\"c\":4}}");
  }

  @Test
  void repairsWhatIsNotUtf8() throws Exception {
    try (Sending to = new Sending("label_keys", "log", "drop_single_key", "raw")) {
      byte[] bad = {'a', (byte) 0xFF, 'b', (byte) 0xC3};
      assertThat(to.output.send(List.of(to.records().bytes(bad).batch())))
          .isEqualTo(Outcome.DELIVERED);
      assertThat(to.stored()).containsExactly("a\uFFFDb\uFFFD");
      assertThat(to.server.stored().getFirst().labels()).containsEntry("log", "a\uFFFDb\uFFFD");
      assertThat(to.context.meters().count(LokiMeter.REPAIRED)).isEqualTo(1);
    }
  }

  @Test
  void cutsLabelsAndLeavesOutTooMuchMetadata() throws Exception {
    try (Sending to =
        new Sending("label_keys", "id", "structured_metadata_map_keys", "m", "remove_keys", "m")) {
      StringBuilder many = new StringBuilder("{\"id\":\"" + "\u00e9".repeat(2000) + "\",\"m\":{");
      for (int i = 0; i < 150; i++) {
        many.append(i == 0 ? "" : ",").append("\"").append(i).append("k\":").append(i);
      }
      assertThat(to.output.send(List.of(to.records().json(many + "}}").batch())))
          .isEqualTo(Outcome.DELIVERED);
      assertThat(
              to.server
                  .stored()
                  .getFirst()
                  .labels()
                  .getOrDefault("id", "")
                  .getBytes(StandardCharsets.UTF_8))
          .hasSize(2048);
      assertThat(to.server.stored().getFirst().metadata()).hasSize(100).containsEntry("_7k", "7");
      assertThat(to.context.meters().count(LokiMeter.LABELS_CUT)).isEqualTo(1);
      assertThat(to.context.meters().count(LokiMeter.METADATA_LEFT_OUT)).isEqualTo(50);
    }
  }

  private static String line(String record, String... options) throws Exception {
    try (Sending to = new Sending(options)) {
      assertThat(to.output.send(List.of(to.records().json(record).batch())))
          .isEqualTo(Outcome.DELIVERED);
      return to.stored().getFirst();
    }
  }
}
