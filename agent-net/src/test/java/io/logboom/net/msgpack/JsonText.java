package io.logboom.net.msgpack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** The whole value as lists, maps, strings, booleans, nulls and {@link BigDecimal}s. */
  static @Nullable Object tree(String json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new AssertionError("more behind the value: " + json);
      }
      return value;
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          all.put(name, value(parser));
        }
        yield all;
      }
      case START_ARRAY -> {
        List<@Nullable Object> all = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          all.add(value(parser));
        }
        yield all;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NULL -> null;
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      default -> number(parser.getText());
    };
  }

  /** What is expected of a number: all digits of a whole one, the nearest float of another. */
  private static Object number(String text) {
    if (text.matches("-?[0-9]+")) {
      BigDecimal whole = new BigDecimal(text);
      boolean fits =
          whole.compareTo(new BigDecimal(Long.MIN_VALUE)) >= 0
              && whole.compareTo(new BigDecimal("18446744073709551615")) <= 0;
      return fits || exact(text) ? whole.stripTrailingZeros() : text;
    }
    double nearest = Double.parseDouble(text);
    return Double.isInfinite(nearest)
        ? text
        : new BigDecimal(Double.toString(nearest)).stripTrailingZeros();
  }

  private static boolean exact(String text) {
    return new BigDecimal(Double.toString(Double.parseDouble(text))).compareTo(new BigDecimal(text))
        == 0;
  }
}
