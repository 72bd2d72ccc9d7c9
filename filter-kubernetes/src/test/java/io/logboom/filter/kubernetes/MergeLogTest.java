package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonScanner;
import io.logboom.testkit.TestContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeLogTest {
  @TempDir Path state;
  private TestContext context;

  @BeforeEach
  void context() {
    context = new TestContext(state);
    context.parser("pair", () -> new FieldsParser("pair", '=', "left", "right"));
    context.parser("breaks", () -> new FieldsParser("breaks", '=', "left", "log"));
  }

  private Rig rig(String... options) throws Exception {
    String[] all = new String[options.length + 4];
    all[0] = "merge_log";
    all[1] = "on";
    all[2] = "use_tag_for_meta";
    all[3] = "on";
    System.arraycopy(options, 0, all, 4, options.length);
    return new Rig(context, Map.of(), all);
  }

  /** The record without what the filter adds for its origin. */
  private String merged(String log, String... options) throws Exception {
    try (Rig rig = rig(options)) {
      Batch batch = rig.apply(origin(rig), log);
      if (batch.isJson(0)) {
        JsonScanner scanner = new JsonScanner(context.names());
        int from = batch.offset(0);
        assertThat(
                scanner.scan(batch.bytes(), from, from + batch.length(0))
                    & ~JsonScanner.TRAILING_BREAK)
            .isEqualTo(JsonScanner.CLEAN);
        assertThat(batch.names(0)).isEqualTo(scanner.names());
      }
      return body(batch);
    }
  }

  private static String body(Batch batch) {
    return new String(batch.bytes(), batch.offset(0), batch.length(0), StandardCharsets.UTF_8);
  }

  private static Origin origin(Rig rig) {
    return rig.stdout(Rig.tag("ns", "pod", "c", Rig.id('a'))).build();
  }

  @Test
  void takesTheLogAsItStandsWithoutCopyingIt() throws Exception {
    try (Rig rig = rig("keep_log", "off")) {
      Batch batch = rig.apply(origin(rig), " {\"level\":\"info\",\"n\":1.50}\n");
      assertThat(batch.isJson(0)).isTrue();
      assertThat(batch.offset(0)).isEqualTo(1);
      assertThat(body(batch)).isEqualTo("{\"level\":\"info\",\"n\":1.50}");
      assertThat(context.meters().count(KubernetesMeter.MERGED)).isEqualTo(1);
    }
  }

  @Test
  void keepsTheLogTooByDefault() throws Exception {
    assertThat(merged("{\"a\":\"b\"}"))
        .isEqualTo("{\"log\":\"{\\\"a\\\":\\\"b\\\"}\",\"a\":\"b\"}");
  }

  @Test
  void putsMembersUnderAKey() throws Exception {
    assertThat(merged("{\"a\":1}", "merge_log_key", "app", "keep_log", "off"))
        .isEqualTo("{\"app\":{\"a\":1}}");
    assertThat(merged("{\"a\":1}", "merge_log_key", "app"))
        .isEqualTo("{\"log\":\"{\\\"a\\\":1}\",\"app\":{\"a\":1}}");
    assertThat(merged("{\"a\":1}", "merge_log_key", "log")).isEqualTo("{\"log\":{\"a\":1}}");
  }

  @Test
  void leavesTheKeyOutForAnEmptyObject() throws Exception {
    assertThat(merged("{ }", "merge_log_key", "app")).isEqualTo("{\"log\":\"{ }\"}");
    assertThat(merged("{}", "merge_log_key", "app", "keep_log", "off")).isEqualTo("{}");
    assertThat(merged("{}")).isEqualTo("{\"log\":\"{}\"}");
  }

  @Test
  void letsALogInTheLogWin() throws Exception {
    assertThat(merged("{\"log\":\"inner\",\"a\":1}")).isEqualTo("{\"log\":\"inner\",\"a\":1}");
  }

  @Test
  void leavesAloneWhatIsNotOneObject() throws Exception {
    for (String log :
        new String[] {
          "",
          " ",
          "{",
          "}",
          "{}}",
          "[1]",
          "\"x\"",
          "plain",
          "{\"a\":}",
          "{\"a\":1} {\"b\":2}",
          "{\"a\":1} x",
          "{'a':1}",
          "{\"a\":01}",
          "{\"a\":NaN}",
          "{\"a\":1,}",
          "null"
        }) {
      try (Rig rig = rig("keep_log", "off")) {
        Batch batch = rig.apply(origin(rig), log);
        assertThat(batch.isJson(0)).as(log).isFalse();
        assertThat(body(batch)).isEqualTo(log);
      }
    }
    assertThat(context.meters().count(KubernetesMeter.NOT_MERGED)).isEqualTo(16);
  }

  @Test
  void countsTheLastOfANameThatStandsTwice() throws Exception {
    assertThat(merged("{\"a\":1,\"b\":{\"x\":1,\"x\":2},\"a\":3}", "keep_log", "off"))
        .isEqualTo("{\"b\":{\"x\":2},\"a\":3}");
    assertThat(merged("{\"\\u0061\":1,\"a\":2}", "keep_log", "off")).isEqualTo("{\"a\":2}");
  }

  @Test
  void cutsLineBreaksAtTheEndOfStringsUnlessToldOtherwise() throws Exception {
    String log =
        "{\"msg\":\"hello\\n\\n\",\"lit\":\"x\\\\n\\\\r\",\"in\":{\"s\":\"y\\n\"},\"n\":\"\\n\"}";
    assertThat(merged(log, "keep_log", "off"))
        .isEqualTo("{\"msg\":\"hello\",\"lit\":\"x\",\"in\":{\"s\":\"y\\n\"},\"n\":\"\\n\"}");
    assertThat(merged(log, "keep_log", "off", "merge_log_trim", "off")).isEqualTo(log);
  }

  @Test
  void replacesWhatIsNotUtf8() throws Exception {
    try (Rig rig = rig("keep_log", "off")) {
      Batch batch = rig.context.batches().open();
      byte[] bytes = "{\"a\":\"x?y\",\"b\":\"\\ud800\"}".getBytes(StandardCharsets.US_ASCII);
      bytes[7] = (byte) 0xFF;
      int index = batch.origin(origin(rig));
      batch.add(index, batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
      rig.filter.apply(batch, 1);
      assertThat(body(batch)).isEqualTo("{\"a\":\"x\uFFFDy\",\"b\":\"\uFFFD\"}");
    }
  }

  @Test
  void readsTheLogWithAParser() throws Exception {
    assertThat(merged("1=2", "merge_parser", "pair", "keep_log", "off"))
        .isEqualTo("{\"left\":\"1\",\"right\":\"2\"}");
    assertThat(merged("1=2", "merge_parser", "pair"))
        .isEqualTo("{\"log\":\"1=2\",\"left\":\"1\",\"right\":\"2\"}");
    assertThat(merged("1=2", "merge_parser", "pair", "merge_log_key", "k", "keep_log", "off"))
        .isEqualTo("{\"k\":{\"left\":\"1\",\"right\":\"2\"}}");
    assertThat(merged("{\"a\":1}", "merge_parser", "pair")).isEqualTo("{\"a\":1}");
    assertThat(merged("1=2", "merge_parser", "breaks")).isEqualTo("{\"left\":\"1\",\"log\":\"2\"}");
  }

  private String fromParser(String body, String... options) throws Exception {
    try (Rig rig = rig(options)) {
      Batch batch = rig.context.batches().open();
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      int index = batch.origin(origin(rig));
      int at = batch.append(bytes, 0, bytes.length);
      JsonScanner scanner = new JsonScanner(rig.context.names());
      assertThat(scanner.scan(bytes, 0, bytes.length)).isEqualTo(JsonScanner.CLEAN);
      batch.json(batch.add(index, at, bytes.length, 0, 0), at, bytes.length, scanner.names());
      rig.filter.apply(batch, 1);
      return body(batch);
    }
  }

  @Test
  void mergesTheLogThatAParserFoundInTheLine() throws Exception {
    String body = "{\"x\":2,\"log\":\"{\\\"a\\\":\\\"q\\\\\\\"\\\",\\\"x\\\":3}\",\"y\":4}";
    assertThat(fromParser(body, "keep_log", "off")).isEqualTo("{\"y\":4,\"a\":\"q\\\"\",\"x\":3}");
    assertThat(fromParser(body))
        .isEqualTo(
            "{\"log\":\"{\\\"a\\\":\\\"q\\\\\\\"\\\",\\\"x\\\":3}\",\"y\":4,\"a\":\"q\\\"\",\"x\":3}");
    assertThat(fromParser(body, "keep_log", "off", "merge_log_key", "k"))
        .isEqualTo("{\"x\":2,\"y\":4,\"k\":{\"a\":\"q\\\"\",\"x\":3}}");
    assertThat(fromParser("{\"log\":\"plain\",\"x\":1}")).isEqualTo("{\"log\":\"plain\",\"x\":1}");
    assertThat(fromParser("{\"log\":5,\"x\":1}")).isEqualTo("{\"log\":5,\"x\":1}");
  }

  @Test
  void mergesALogThatIsAnObjectAlready() throws Exception {
    assertThat(fromParser("{\"log\":{\"a\":[1,{\"b\":2}]},\"x\":1}", "keep_log", "off"))
        .isEqualTo("{\"x\":1,\"a\":[1,{\"b\":2}]}");
  }

  @Test
  void parsesTheLogThatAParserFound() throws Exception {
    assertThat(fromParser("{\"log\":\"1=2\",\"x\":1}", "keep_log", "off", "merge_parser", "pair"))
        .isEqualTo("{\"x\":1,\"left\":\"1\",\"right\":\"2\"}");
    assertThat(fromParser("{\"log\":\"12\",\"x\":1}", "keep_log", "off", "merge_parser", "pair"))
        .isEqualTo("{\"log\":\"12\",\"x\":1}");
  }

  @Test
  void leavesTextAloneThatIsNotTheLog() throws Exception {
    try (Rig rig = rig("keep_log", "off")) {
      Origin origin = rig.stdout(Rig.tag("ns", "pod", "c", Rig.id('a'))).text("message").build();
      assertThat(rig.apply(origin, "{\"a\":1}").isJson(0)).isFalse();
    }
  }

  @Test
  void leavesTheBodyAloneWithoutMergeLog() throws Exception {
    try (Rig rig = new Rig(context, Map.of(), "use_tag_for_meta", "on")) {
      assertThat(rig.apply(origin(rig), "{\"a\":1}").isJson(0)).isFalse();
    }
  }
}
