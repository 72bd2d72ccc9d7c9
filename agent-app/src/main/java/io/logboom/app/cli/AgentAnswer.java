package io.logboom.app.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a running agent answers over HTTP: one JSON object. */
final class AgentAnswer {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String where;
  private final String text;

  private AgentAnswer(String where, String text) {
    this.where = where;
    this.text = text;
  }

  /**
   * Asks.
   *
   * @throws IOException where no agent answers as it should; the message says so in full
   */
  static AgentAnswer get(String url, String path) throws IOException {
    String where = url.endsWith("/") ? url.substring(0, url.length() - 1) + path : url + path;
    HttpURLConnection connection = null;
    try {
      if (!(URI.create(where).toURL().openConnection() instanceof HttpURLConnection http)) {
        throw new IOException("not an HTTP address");
      }
      connection = http;
      connection.setConnectTimeout((int) TIMEOUT.toMillis());
      connection.setReadTimeout((int) TIMEOUT.toMillis());
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException("it answers with status " + status);
      }
      try (InputStream in = connection.getInputStream()) {
        return new AgentAnswer(where, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("no agent answers at " + where + ": " + e.getMessage(), e);
    } finally {
      if (connection != null) {
        connection.disconnect();
      }
    }
  }

  /** As it came. */
  String text() {
    return text;
  }

  /** The object: values are strings, numbers, booleans, null, maps and lists of those. */
  Map<?, ?> object() throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      if (value(parser) instanceof Map<?, ?> object) {
        return object;
      }
      throw new IOException("it is no JSON object");
    } catch (IOException e) {
      throw new IOException("the answer of " + where + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("it ends too early");
    }
    return switch (token) {
      case START_OBJECT -> members(parser);
      case START_ARRAY -> elements(parser);
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }

  private static Map<String, @Nullable Object> members(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, value(parser));
    }
    return members;
  }

  private static List<@Nullable Object> elements(JsonParser parser) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return elements;
  }
}
