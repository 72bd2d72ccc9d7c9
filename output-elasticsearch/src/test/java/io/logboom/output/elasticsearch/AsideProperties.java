package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logboom.api.json.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Moving fields aside, against the same on trees. */
class AsideProperties {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES = List.of("a", "b", "a.b", "ü\"", "c");

  @Property(tries = 5000)
  void movesWhatASimpleImplementationMoves(@ForAll long seed) throws JsonProcessingException {
    Random random = new Random(seed);
    ObjectNode document = object(random, 0);
    Set<String> fields = new HashSet<>(List.of(path(random), path(random) + "x", path(random)));
    String moved = move(document.toString(), fields);

    ObjectNode expected = document.deepCopy();
    ArrayNode values = JSON.createArrayNode();
    take(expected, "", fields, values);
    if (values.isEmpty()) {
      assertThat(moved).isNull();
      return;
    }
    expected.set(Aside.MEMBER, values);
    assertThat(JSON.readTree(moved)).isEqualTo(expected);
  }

  private static void take(ObjectNode object, String prefix, Set<String> fields, ArrayNode values) {
    List<String> all = new ArrayList<>();
    object.fieldNames().forEachRemaining(all::add);
    for (String name : all) {
      String path = prefix + name;
      JsonNode value = object.get(name);
      boolean whole = fields.stream().anyMatch(f -> path.equals(f) || path.startsWith(f + "."));
      boolean above = fields.stream().anyMatch(f -> f.startsWith(path + "."));
      if (whole || (above && value.isValueNode())) {
        object.remove(name);
        values.add(path + ": " + (value.isTextual() ? value.asText() : value.toString()));
      } else if (above) {
        below(value, path + ".", fields, values);
      }
    }
  }

  private static void below(JsonNode value, String prefix, Set<String> fields, ArrayNode values) {
    if (value instanceof ObjectNode object) {
      take(object, prefix, fields, values);
    } else if (value.isArray()) {
      value.forEach(each -> below(each, prefix, fields, values));
    }
  }

  @Example
  void keepsTheRestByteForByte() {
    assertThat(
            move(
                "{ \"a\" : 1 , \"v\":\"te\\u0078t\\n\", \"n\":1.50e3,\"b\":[ 1, {\"c\" :2}] }",
                Set.of("v")))
        .isEqualTo(
            "{\"a\" : 1,\"n\":1.50e3,\"b\":[ 1, {\"c\" :2}],"
                + "\"type_conflict\":[\"v: te\\u0078t\\n\"]}");
    assertThat(move("{\"v\":{\"a\":[1,\"x\"]}}", Set.of("v")))
        .isEqualTo("{\"type_conflict\":[\"v: {\\\"a\\\":[1,\\\"x\\\"]}\"]}");
  }

  @Example
  void leavesADocumentAloneThatHasTheMemberAlready() {
    assertThat(move("{\"v\":1,\"type_conflict\":\"mine\"}", Set.of("v"))).isNull();
    assertThat(move("{\"v\":1,\"x\":{\"type_conflict\":\"mine\"}}", Set.of("v"))).isNotNull();
  }

  @Example
  void standsDeepNesting() {
    String deep = "{\"a\":".repeat(120) + "1" + "}".repeat(120);
    assertThat(move(deep, Set.of(("a.".repeat(120)).substring(0, 239)))).endsWith("a: 1\"]}");
  }

  private static @Nullable String move(String document, Set<String> fields) {
    byte[] json = document.getBytes(StandardCharsets.UTF_8);
    ByteSink out = ByteSink.growing(16);
    out.put((byte) '{');
    if (!Aside.move(json, 0, json.length, fields, out)) {
      return null;
    }
    out.put((byte) '}');
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder(NAMES.get(random.nextInt(NAMES.size())));
    while (random.nextInt(3) > 0) {
      path.append('.').append(NAMES.get(random.nextInt(NAMES.size())));
    }
    return path.toString();
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JSON.createObjectNode();
    for (int i = random.nextInt(4); i >= 0; i--) {
      object.set(NAMES.get(random.nextInt(NAMES.size())), value(random, depth));
    }
    return object;
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth > 3 ? 3 : 6)) {
      case 0 -> JSON.getNodeFactory().numberNode(random.nextInt());
      case 1 -> JSON.getNodeFactory().textNode("tä\"xt\n" + random.nextInt(9));
      case 2 -> JSON.getNodeFactory().nullNode();
      case 3 -> {
        ArrayNode array = JSON.createArrayNode();
        for (int i = random.nextInt(3); i > 0; i--) {
          array.add(value(random, depth + 1));
        }
        yield array;
      }
      default -> object(random, depth + 1);
    };
  }
}
