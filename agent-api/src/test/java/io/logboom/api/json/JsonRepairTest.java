package io.logboom.api.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logboom.api.batch.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class JsonRepairTest {
  private static final JsonFactory JACKSON = new JsonFactory();

  private static String repaired(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    byte[] made = JsonRepair.repair(bytes, 0, bytes.length, 1000);
    return made == null ? "too many" : new String(made, UTF_8);
  }

  @Test
  void theLastOneOfANameStays() {
    assertThat(repaired("{\"a\":1,\"b\":2,\"a\":3}")).isEqualTo("{\"b\":2,\"a\":3}");
    assertThat(repaired("{ \"a\" : {\"x\":1, \"x\":[1 , {\"y\":0,\"y\":-1.50e3}]}}"))
        .isEqualTo("{\"a\":{\"x\":[1,{\"y\":-1.50e3}]}}");
    assertThat(repaired("{\"a\":{\"a\":1},\"\\u0061\":{\"a\":true}}"))
        .isEqualTo("{\"a\":{\"a\":true}}");
    assertThat(repaired("{\"a\":1,\"a\":2}")).isEqualTo("{\"a\":2}");
    assertThat(repaired("{\"a\":[],\"b\":{}}")).isEqualTo("{\"a\":[],\"b\":{}}");
    assertThat(repaired("{}")).isEqualTo("{}");
  }

  @Test
  void whatIsNotUtf8BecomesTheReplacementCharacter() {
    byte[] bytes = "{\"k\u00ff\":\"a\u00e2\u0082b\",\"x\":\"\\ud800\\n\"}".getBytes(ISO_8859_1);
    byte[] made = JsonRepair.repair(bytes, 0, bytes.length, 10);
    assertThat(made).isNotNull();
    assertThat(new String(made, UTF_8)).isEqualTo("{\"k\uFFFD\":\"a\uFFFDb\",\"x\":\"\uFFFD\\n\"}");
  }

  @Test
  void namesMayBeLong() {
    String name = "n".repeat(1000);
    assertThat(repaired("{\"" + name + "\":1,\"" + name + "\":2}"))
        .isEqualTo("{\"" + name + "\":2}");
  }

  @Test
  void theNumberOfMembersHasABound() {
    String json = "{\"a\":{\"b\":1,\"c\":2}}";
    byte[] bytes = json.getBytes(UTF_8);
    assertThat(JsonRepair.repair(bytes, 0, bytes.length, 3)).isNotNull();
    assertThat(JsonRepair.repair(bytes, 0, bytes.length, 2)).isNull();
  }

  @Property(tries = 3000)
  void whatJacksonReadsStays(@ForAll long seed) throws IOException {
    byte[] json = RandomJson.object(seed);
    JsonScanner scanner = new JsonScanner(new Names());
    assertThat(scanner.scan(json, 0, json.length)).isNotEqualTo(JsonScanner.NOT_AN_OBJECT);
    byte[] made = JsonRepair.repair(json, scanner.start(), scanner.stop(), Integer.MAX_VALUE);
    assertThat(made).isNotNull();
    String text = new String(made, UTF_8);
    assertThat(read(text)).as(text).isEqualTo(read(new String(json, UTF_8)));
    int findings = scanner.scan(made, 0, made.length);
    assertThat(findings & (JsonScanner.NOT_AN_OBJECT | JsonScanner.NOT_UTF8)).isZero();
  }

  private static Object read(String json) throws IOException {
    try (JsonParser parser = JACKSON.createParser(json)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, Object> members = new TreeMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = paired(parser.currentName());
        parser.nextToken();
        members.put(name, value(parser));
      }
      return members;
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Object> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(value(parser));
      }
      return elements;
    }
    return paired(parser.getText());
  }

  /** With U+FFFD for a surrogate alone. */
  private static String paired(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> out.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
    return out.toString();
  }
}
