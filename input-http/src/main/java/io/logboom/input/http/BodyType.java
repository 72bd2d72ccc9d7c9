package io.logboom.input.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a body is. */
enum BodyType {
  JSON,
  MSGPACK,
  FORM;

  /** What is understood, as a header's value. */
  static final String ALL =
      "application/json, application/x-ndjson, application/msgpack,"
          + " application/x-www-form-urlencoded";

  /** What the value of Content-Type says; null for something unknown. */
  static @Nullable BodyType of(@Nullable String value) {
    if (value == null) {
      return null;
    }
    int end = value.indexOf(';');
    String type = (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "application/json",
          "application/x-ndjson",
          "application/ndjson",
          "application/jsonl",
          "application/x-jsonlines",
          "application/stream+json",
          "text/json" ->
          JSON;
      case "application/msgpack", "application/x-msgpack", "application/vnd.msgpack" -> MSGPACK;
      case "application/x-www-form-urlencoded" -> FORM;
      default -> type.startsWith("application/") && type.endsWith("+json") ? JSON : null;
    };
  }
}
