package io.logboom.net.msgpack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads JSON with a reader that is not ours. */
final class JsonText {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonText() {}

  /** The text of a JSON string. */
  static String read(String json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  /** The members of an object of plain values; fails where a name stands twice. */
  static Map<String, String> members(String json) {
    Map<String, String> all = new LinkedHashMap<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        all.put(name, parser.getText());
      }
      return all;
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }
}
