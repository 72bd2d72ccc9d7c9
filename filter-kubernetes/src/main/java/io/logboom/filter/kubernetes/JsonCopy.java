package io.logboom.filter.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logboom.api.json.ByteSink;
import java.io.IOException;

/** Writes JSON values as they come from a parser. */
final class JsonCopy {
  private JsonCopy() {}

  /** Copies the value that the parser is at, to its end. */
  static void copy(JsonParser p, ByteSink out) throws IOException {
    JsonToken token = p.currentToken();
    if (token == null) {
      throw new IOException("the value ends early");
    }
    switch (token) {
      case START_OBJECT -> {
        out.put((byte) '{');
        boolean first = true;
        while (p.nextToken() == JsonToken.FIELD_NAME) {
          if (!first) {
            out.put((byte) ',');
          }
          first = false;
          string(p.currentName(), out);
          out.put((byte) ':');
          p.nextToken();
          copy(p, out);
        }
        out.put((byte) '}');
      }
      case START_ARRAY -> {
        out.put((byte) '[');
        boolean first = true;
        while (p.nextToken() != JsonToken.END_ARRAY) {
          if (!first) {
            out.put((byte) ',');
          }
          first = false;
          copy(p, out);
        }
        out.put((byte) ']');
      }
      case VALUE_STRING -> string(p.getText(), out);
      default -> out.putAscii(p.getText());
    }
  }

  static void string(String text, ByteSink out) {
    byte[] utf8 = PodReader.utf8(text);
    out.put((byte) '"');
    out.putEscaped(utf8, 0, utf8.length);
    out.put((byte) '"');
  }

  /** {@code "name":"value"}, with a comma before it unless it is the first in its object. */
  static void member(String name, String value, ByteSink out) {
    name(name, out);
    string(value, out);
  }

  /** {@code "name":}, with a comma before it unless it is the first in its object. */
  static void name(String name, ByteSink out) {
    if (out.array()[out.position() - 1] != '{') {
      out.put((byte) ',');
    }
    string(name, out);
    out.put((byte) ':');
  }
}
