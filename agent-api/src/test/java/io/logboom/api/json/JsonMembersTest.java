package io.logboom.api.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logboom.api.batch.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class JsonMembersTest {
  @Test
  void walksOverMembersAsTheyAreWritten() {
    assertThat(
            members(
                "{ \"a\" : 1 , \"b\":\"x\\\"}\\\\\",\"c\\\"\" : {\"d\":[1,{\"}\":2}]}\n,\"e\":[ ],\"f\":null }"))
        .containsExactly(
            "a=1", "b=\"x\\\"}\\\\\"", "c\\\"={\"d\":[1,{\"}\":2}]}", "e=[ ]", "f=null");
  }

  @Test
  void anEmptyObjectHasNone() {
    assertThat(members("{}")).isEmpty();
    assertThat(members("{ \n }")).isEmpty();
    assertThat(new JsonMembers().next()).isFalse();
  }

  @Test
  void walksOverElements() {
    byte[] json = "[1, \"a]\\\\\" ,[2,[3]],{\"b\":4} ,true]".getBytes(UTF_8);
    JsonMembers elements = new JsonMembers(json, 1, json.length - 1);
    List<String> found = new ArrayList<>();
    while (elements.nextElement()) {
      found.add(
          new String(json, elements.valueFrom(), elements.valueTo() - elements.valueFrom(), UTF_8));
    }
    assertThat(found).containsExactly("1", "\"a]\\\\\"", "[2,[3]]", "{\"b\":4}", "true");
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void findsWhatJacksonFinds(@ForAll long seed) throws IOException {
    byte[] json = RandomJson.object(seed);
    JsonScanner scanner = new JsonScanner(new Names());
    assertThat(scanner.scan(json, 0, json.length)).isNotEqualTo(JsonScanner.NOT_AN_OBJECT);

    // Each member alone has the tokens that it has in the whole.
    List<String> found = new ArrayList<>();
    JsonMembers members = new JsonMembers();
    members.reset(json, scanner.start() + 1, scanner.stop() - 1);
    while (members.next()) {
      String member =
          new String(
              json, members.nameFrom() - 1, members.valueTo() - members.nameFrom() + 1, UTF_8);
      found.addAll(inside(tokens("{" + member + "}")));
    }
    assertThat(found).isEqualTo(inside(tokens(new String(json, UTF_8))));
  }

  private static List<String> inside(List<String> tokens) {
    return tokens.subList(1, tokens.size() - 1);
  }

  private static List<String> tokens(String json) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
        tokens.add(
            t.isScalarValue() || t == JsonToken.FIELD_NAME ? t + parser.getText() : t.name());
      }
    }
    return tokens;
  }

  private static List<String> members(String text) {
    byte[] json = text.getBytes(UTF_8);
    JsonMembers members = new JsonMembers(json, 1, json.length - 1);
    List<String> found = new ArrayList<>();
    while (members.next()) {
      found.add(
          new String(json, members.nameFrom(), members.nameTo() - members.nameFrom(), UTF_8)
              + "="
              + new String(
                  json, members.valueFrom(), members.valueTo() - members.valueFrom(), UTF_8));
    }
    return found;
  }
}
