package io.logboom.core.parser;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logboom.api.json.ByteSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the rare JSON object that is valid and yet not fit to be delivered: of names that stand
 * twice in an object the last one stays, and what is not UTF-8 becomes U+FFFD. Numbers keep their
 * spelling. This is the slow path, with objects.
 */
final class JsonRepair {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** A number or a literal, as it was written. */
  private record Raw(String text) {}

  private JsonRepair() {}

  /** The object {@code b[from, to)} again, mended; null where it is no JSON after all. */
  static byte @Nullable [] repair(byte[] b, int from, int to) {
    String text = new String(b, from, to - from, StandardCharsets.UTF_8);
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      ByteSink out = ByteSink.growing(to - from + 64);
      write(object(parser), out);
      return out.toByteArray();
    } catch (IOException e) {
      return null; // beyond Jackson's limits, such as a number of more than 1000 digits
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, value(parser));
    }
    return members;
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return elements;
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      default -> new Raw(parser.getText());
    };
  }

  private static void write(Object value, ByteSink out) {
    switch (value) {
      case Map<?, ?> members -> {
        char before = '{';
        for (Map.Entry<?, ?> member : members.entrySet()) {
          out.put((byte) before);
          string(String.valueOf(member.getKey()), out);
          out.put((byte) ':');
          write(member.getValue(), out);
          before = ',';
        }
        out.putAscii(before == '{' ? "{}" : "}");
      }
      case List<?> elements -> {
        char before = '[';
        for (Object element : elements) {
          out.put((byte) before);
          write(element, out);
          before = ',';
        }
        out.putAscii(before == '[' ? "[]" : "]");
      }
      case Raw raw -> out.putAscii(raw.text());
      default -> string(value.toString(), out);
    }
  }

  private static void string(String text, ByteSink out) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.put((byte) '"');
    out.putEscaped(utf8, 0, utf8.length);
    out.put((byte) '"');
  }
}
