package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonScanner;
import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a log holds, merging gives what Jackson reads, or nothing. */
class MergeLogProperties {
  private static final ObjectMapper JACKSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final TestContext context = new TestContext(Path.of("unused"), 1 << 16, 1 << 24);

  private static KubernetesConfig.Merge options(boolean keep, boolean trim) {
    return Binder.bind(
            KubernetesConfig.class,
            "merge_log",
            "on",
            "keep_log",
            keep ? "on" : "off",
            "merge_log_trim",
            trim ? "on" : "off")
        .merge();
  }

  /** The record's body after merging; null where it was left as text. */
  private byte[] merge(byte[] log, boolean keep, boolean trim) {
    try {
      Batch batch = context.batches().open();
      Origin origin = Origin.builder(context.names(), "t").build();
      int at = batch.append(log, 0, log.length);
      batch.add(batch.origin(origin), at, log.length, 0, 0);
      boolean merged =
          new MergeLog(options(keep, trim), context.names()).merge(batch, 0, true, null);
      assertThat(batch.isJson(0)).isEqualTo(merged);
      byte[] body =
          java.util.Arrays.copyOfRange(
              batch.bytes(), batch.offset(0), batch.offset(0) + batch.length(0));
      boolean oneLine = (batch.flags(0) & Batch.ONE_LINE) != 0;
      context.testBatches().release(batch);
      if (!merged) {
        assertThat(body).isEqualTo(log);
        return null;
      }
      JsonScanner scanner = new JsonScanner(context.names());
      int found = scanner.scan(body, 0, body.length);
      assertThat(found & (JsonScanner.NOT_AN_OBJECT | JsonScanner.NOT_UTF8)).isZero();
      assertThat(oneLine && !scanner.isOneLine()).as("said to be one line").isFalse();
      return body;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Property
  void givesWhatJacksonReads(@ForAll("objects") String log) throws IOException {
    byte[] body = merge(log.getBytes(StandardCharsets.UTF_8), false, false);
    assertThat(body).isNotNull();
    assertThat(JACKSON.readTree(body)).isEqualTo(JACKSON.readTree(log));
  }

  @Property
  void keepsTheLogWordForWord(@ForAll("objects") String log) throws IOException {
    byte[] body = merge(log.getBytes(StandardCharsets.UTF_8), true, false);
    ObjectNode expected = (ObjectNode) JACKSON.readTree(log);
    if (!expected.has("log")) {
      expected.put("log", log);
    }
    assertThat(JACKSON.readTree(body)).isEqualTo(expected);
  }

  @Property
  void cutsBreaksAtTheEndOfTopLevelStringsOnly(@ForAll("objects") String log) throws IOException {
    byte[] body = merge(log.getBytes(StandardCharsets.UTF_8), false, true);
    ObjectNode expected = (ObjectNode) JACKSON.readTree(log);
    for (String name : List.copyOf(expected.propertyStream().map(e -> e.getKey()).toList())) {
      JsonNode value = expected.get(name);
      if (value.isTextual()) {
        expected.put(name, cut(value.asText()));
      }
    }
    assertThat(JACKSON.readTree(body)).isEqualTo(expected);
  }

  /** As Fluent Bit cuts: a line break that is all there is stays. */
  private static String cut(String text) {
    if (text.endsWith("\\n") || text.endsWith("\\r")) {
      return cut(text.substring(0, text.length() - 2));
    }
    boolean more = text.endsWith("\n") && text.length() > 1;
    return more ? cut(text.substring(0, text.length() - 1)) : text;
  }

  @Property
  void survivesAnyBytes(@ForAll byte[] log, @ForAll boolean keep, @ForAll boolean trim) {
    merge(log, keep, trim);
  }

  @Property
  void survivesBytesThatLookLikeJson(@ForAll("nearly") String log, @ForAll boolean keep) {
    merge(log.getBytes(StandardCharsets.ISO_8859_1), keep, true);
  }

  @Provide
  Arbitrary<String> nearly() {
    return Arbitraries.strings()
        .withChars("{}[]\",:\\u0dDnr 1-.eE\u00e9\u00ff\n\t")
        .ofMaxLength(40)
        .map(s -> "{" + s + "}");
  }

  @Provide
  Arbitrary<String> objects() {
    return object(values(3));
  }

  private static Arbitrary<String> object(Arbitrary<String> values) {
    Arbitrary<String> name =
        Arbitraries.oneOf(
            Arbitraries.of("a", "b", "log", "stream", "\\u0061", "é", "a\\\"b", ""),
            Arbitraries.strings().alpha().ofMaxLength(6));
    Arbitrary<String> blank = Arbitraries.of("", "", " ", "\n ", "\t");
    Arbitrary<String> member =
        Combinators.combine(name, blank, blank, values)
            .as((n, x, y, v) -> x + "\"" + n + "\"" + y + ":" + x + v + y);
    return member.list().ofMaxSize(5).map(m -> "{" + String.join(",", m) + "}");
  }

  private static Arbitrary<String> values(int depth) {
    Arbitrary<String> text =
        Arbitraries.of(
                "x",
                "\\n",
                "\\\\n",
                "\\\\r",
                "\\\\",
                "\\\"",
                "é",
                "\uD83D\uDE00",
                "\\ud83d\\ude00",
                " ",
                "\\/",
                "\\t",
                "n",
                "r",
                "\\r")
            .list()
            .ofMaxSize(5)
            .map(parts -> "\"" + String.join("", parts) + "\"");
    Arbitrary<String> flat =
        Arbitraries.oneOf(
            text,
            Arbitraries.of(
                "true", "false", "null", "0", "-1", "1.50", "12345678901234567890", "1e3"));
    if (depth == 0) {
      return flat;
    }
    Arbitrary<String> inner = values(depth - 1);
    return Arbitraries.oneOf(
        flat,
        flat,
        object(inner),
        inner.list().ofMaxSize(3).map(v -> "[" + String.join(" , ", v) + "]"));
  }
}
