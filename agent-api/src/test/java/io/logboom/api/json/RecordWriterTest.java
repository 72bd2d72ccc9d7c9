package io.logboom.api.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordWriterTest {
  private static final JsonFactory JACKSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final String STAMP = "2026-11-22T06:00:00.123456789Z";

  private final Names names = new Names();
  private final Batch batch =
      new Batch((bytes, used, atLeast) -> Arrays.copyOf(bytes, atLeast * 2), new byte[64], 4);

  @Test
  void writesInputMembersThenTimeThenBodyThenWhatFiltersAdded() {
    int origin =
        batch.origin(
            Origin.builder(names, "t")
                .base(Fragment.builder(names).string("stream", "stdout").build())
                .stamp("time")
                .offset("at")
                .build());
    text(origin, "said \"no\"\n", 17);
    batch.enrich(origin, Fragment.builder(names).json("kubernetes", utf8("{\"a\":1}")).build());

    assertThat(written(0, true))
        .isEqualTo(
            "\"stream\":\"stdout\",\"time\":\""
                + STAMP
                + "\",\"at\":17,\"log\":\"said \\\"no\\\"\\n\",\"kubernetes\":{\"a\":1}");
  }

  @Test
  void beginsWithACommaWhereSomethingStandsBefore() {
    int origin = batch.origin(Origin.builder(names, "t").build());
    text(origin, "x", 0);

    assertThat(written(0, false)).isEqualTo(",\"log\":\"x\"");
  }

  @Test
  void writesNothingForAnEmptyObject() {
    int origin = batch.origin(Origin.builder(names, "t").build());
    json(origin, "{ }");

    assertThat(written(0, false)).isEmpty();
    assertThat(written(0, true)).isEmpty();
  }

  @Test
  void aDocumentIsOneLineWhateverTheBodyLookedLike() {
    int origin =
        batch.origin(
            Origin.builder(names, "t")
                .base(Fragment.builder(names).string("stream", "stdout").build())
                .build());
    json(origin, "{\n  \"a\": [1,\n 2],\r\n \"stream\"\n:\n\"mine\",\n \"b\": \"x\\ny\"\n}");

    String spliced = written(0, true);
    batch.enrich(origin, Fragment.builder(names).number("a", 7).build());
    String selected = written(0, true);

    assertThat(spliced).doesNotContain("\n").contains("\"a\": [1,  2]").contains("\"x\\ny\"");
    assertThat(selected).doesNotContain("\n").endsWith("\"b\": \"x\\ny\",\"a\":7");
  }

  @Test
  void aBodyThatIsKnownToBeOneLineIsWrittenAsAnyOther() {
    int origin = batch.origin(Origin.builder(names, "t").build());
    json(origin, "{ \"b\": \"x\\ny\", \"a\": [1, 2] }");

    String unknown = written(0, false);
    batch.addFlags(0, Batch.ONE_LINE);

    assertThat(written(0, false)).isEqualTo(unknown).contains("\"b\": \"x\\ny\", \"a\": [1, 2]");
  }

  @Test
  void leavesOutWhatTheCallerWritesItself() {
    int origin =
        batch.origin(
            Origin.builder(names, "t")
                .base(Fragment.builder(names).string("stream", "stdout").build())
                .build());
    long stamp = names.of("@timestamp");
    json(origin, "{\"@timestamp\":\"then\",\"msg\":\"x\"}");

    ByteSink out = ByteSink.growing(64);
    new RecordWriter(names).write(batch, 0, stamp, true, out);

    assertThat(new String(out.toByteArray(), UTF_8))
        .isEqualTo("\"stream\":\"stdout\",\"msg\":\"x\"");
  }

  @Test
  void anOffsetOfTheSameNameAsTheTimeCounts() {
    int origin =
        batch.origin(Origin.builder(names, "t").stamp("where").offset("where").text("log").build());
    text(origin, "x", 5);

    assertThat(written(0, true)).isEqualTo("\"where\":5,\"log\":\"x\"");
  }

  @Property
  void theLastMemberOfANameCounts(
      @ForAll("members") Map<String, String> base,
      @ForAll("keys") @Nullable String stamp,
      @ForAll("keys") @Nullable String offset,
      @ForAll("keys") String text,
      @ForAll boolean isJson,
      @ForAll("members") Map<String, String> body,
      @ForAll("members") Map<String, String> first,
      @ForAll("members") Map<String, String> second,
      @ForAll("without") Set<String> without)
      throws IOException {
    Names all = new Names();
    for (String key : KEYS) {
      all.of(key);
    }
    Batch one = new Batch((b, used, n) -> Arrays.copyOf(b, n * 2), new byte[1024], 1);
    int origin =
        one.origin(
            Origin.builder(all, "t")
                .base(fragment(all, base))
                .stamp(stamp)
                .offset(offset)
                .text(text)
                .build());
    byte[] bytes = utf8(isJson ? object(body) : "plain text");
    int record = one.add(origin, one.append(bytes, 0, bytes.length), bytes.length, 0, 42);
    one.stamp(record, one.append(utf8(STAMP), 0, STAMP.length()), STAMP.length());
    if (isJson) {
      JsonScanner scanner = new JsonScanner(all);
      assertThat(scanner.scan(bytes, 0, bytes.length)).isEqualTo(JsonScanner.CLEAN);
      one.json(record, one.offset(record), bytes.length, scanner.names());
    }
    one.enrich(origin, fragment(all, first));
    one.enrich(origin, fragment(all, second));

    List<Map.Entry<String, String>> order = new ArrayList<>(base.entrySet());
    if (stamp != null) {
      order.add(Map.entry(stamp, "\"" + STAMP + "\""));
    }
    if (offset != null) {
      order.add(Map.entry(offset, "42"));
    }
    order.addAll(isJson ? body.entrySet() : Set.of(Map.entry(text, "\"plain text\"")));
    order.addAll(first.entrySet());
    order.addAll(second.entrySet());
    Map<String, String> model = new LinkedHashMap<>();
    for (Map.Entry<String, String> member : order) {
      model.remove(member.getKey());
      model.put(member.getKey(), member.getValue());
    }
    assertThat(RecordWriter.names(one, record)).isEqualTo(set(all, model.keySet()));
    model.keySet().removeAll(without);

    ByteSink out = ByteSink.growing(64);
    new RecordWriter(all).write(one, record, set(all, without), true, out);

    assertThat(List.copyOf(parsed("{" + new String(out.toByteArray(), UTF_8) + "}").entrySet()))
        .isEqualTo(List.copyOf(model.entrySet()));
  }

  private static final List<String> KEYS = List.of("a", "b", "log", "time", "stream", "größe");

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.of(KEYS);
  }

  @Provide
  Arbitrary<Set<String>> without() {
    return Arbitraries.of(KEYS).set().ofMaxSize(2);
  }

  @Provide
  Arbitrary<Map<String, String>> members() {
    Arbitrary<String> values =
        Arbitraries.of(
            "1", "\"x\"", "\"q\\\"}\\\\\"", "{\"a\":[1,{\"b\":2}]}", "[]", "null", "-1.5e3");
    return Combinators.combine(
            Arbitraries.of(KEYS).list().uniqueElements().ofMaxSize(4), values.list().ofSize(4))
        .as(
            (keys, some) -> {
              Map<String, String> map = new LinkedHashMap<>();
              for (int i = 0; i < keys.size(); i++) {
                map.put(keys.get(i), some.get(i));
              }
              return map;
            });
  }

  private void text(int origin, String text, long position) {
    byte[] bytes = utf8(text);
    int record = batch.add(origin, batch.append(bytes, 0, bytes.length), bytes.length, 0, position);
    batch.stamp(record, batch.append(utf8(STAMP), 0, STAMP.length()), STAMP.length());
  }

  private void json(int origin, String json) {
    byte[] bytes = utf8(json);
    JsonScanner scanner = new JsonScanner(names);
    names.of("a");
    assertThat(scanner.scan(bytes, 0, bytes.length)).isEqualTo(JsonScanner.CLEAN);
    int at = batch.append(bytes, 0, bytes.length);
    int record = batch.add(origin, at, bytes.length, 0, 0);
    batch.json(record, at, bytes.length, scanner.names());
  }

  private String written(int record, boolean first) {
    ByteSink out = ByteSink.growing(16);
    new RecordWriter(names).write(batch, record, first, out);
    return new String(out.toByteArray(), UTF_8);
  }

  private static Fragment fragment(Names names, Map<String, String> members) {
    Fragment.Builder builder = Fragment.builder(names);
    members.forEach((name, json) -> builder.json(name, utf8(json)));
    return builder.build();
  }

  private static String object(Map<String, String> members) {
    List<String> parts = new ArrayList<>();
    members.forEach((name, json) -> parts.add("\"" + name + "\" : " + json));
    return "{ " + String.join(" , ", parts) + " }";
  }

  private static long set(Names names, Iterable<String> keys) {
    long set = 0;
    for (String key : keys) {
      set |= names.of(key);
    }
    return set;
  }

  /** Names and the source text of their values, in order. */
  private static Map<String, String> parsed(String document) throws IOException {
    Map<String, String> members = new LinkedHashMap<>();
    byte[] bytes = utf8(document);
    try (JsonParser parser = JACKSON.createParser(bytes)) {
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int to = (int) parser.currentLocation().getByteOffset();
        members.put(name, new String(bytes, from, to - from, UTF_8).strip());
      }
    }
    return members;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
