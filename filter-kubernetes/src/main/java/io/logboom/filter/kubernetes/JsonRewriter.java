package io.logboom.filter.kubernetes;

import io.logboom.api.json.ByteSink;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes valid JSON anew so that it passes everywhere: of a name that stands twice in an object the
 * last counts, text is UTF-8, and line breaks at the end of the outermost object's strings may be
 * cut. Serves one thread.
 */
final class JsonRewriter {
  private byte[] json = new byte[0];
  private ByteSink out = ByteSink.growing(16);

  /**
   * Rewrites the object that starts at {@code from}.
   *
   * @param object JSON that {@link io.logboom.api.json.JsonScanner} found valid, findings aside
   */
  void rewrite(byte[] object, int from, boolean trim, ByteSink to) {
    json = object;
    out = to;
    object(from, trim);
  }

  // Each method takes the index of a value and returns the one behind it.

  private int value(int i, boolean trim) {
    return switch (json[i]) {
      case '{' -> object(i, false);
      case '[' -> array(i);
      case '"' -> string(i, trim);
      default -> {
        int end = skip(i);
        out.put(json, i, end - i);
        yield end;
      }
    };
  }

  private int object(int from, boolean trim) {
    Map<String, Integer> members = new LinkedHashMap<>();
    int i = blanks(from + 1);
    while (json[i] != '}') {
      if (json[i] == ',') {
        i = blanks(i + 1);
      }
      int quote = closingQuote(i + 1);
      String name = JsonText.decode(json, i + 1, quote);
      int at = blanks(blanks(quote + 1) + 1);
      members.remove(name);
      members.put(name, at);
      i = blanks(skip(at));
    }
    out.put((byte) '{');
    boolean first = true;
    for (Map.Entry<String, Integer> member : members.entrySet()) {
      if (!first) {
        out.put((byte) ',');
      }
      first = false;
      JsonCopy.string(member.getKey(), out);
      out.put((byte) ':');
      value(member.getValue(), trim);
    }
    out.put((byte) '}');
    return i + 1;
  }

  private int array(int from) {
    out.put((byte) '[');
    int i = blanks(from + 1);
    while (json[i] != ']') {
      if (json[i] == ',') {
        out.put((byte) ',');
        i = blanks(i + 1);
      }
      i = blanks(value(i, false));
    }
    out.put((byte) ']');
    return i + 1;
  }

  private int string(int from, boolean trim) {
    int quote = closingQuote(from + 1);
    String text = JsonText.decode(json, from + 1, quote);
    JsonCopy.string(trim ? JsonText.trimmed(text) : text, out);
    return quote + 1;
  }

  private int closingQuote(int from) {
    int i = from;
    while (json[i] != '"') {
      i += json[i] == '\\' ? 2 : 1;
    }
    return i;
  }

  private int blanks(int from) {
    int i = from;
    while (json[i] == ' ' || json[i] == '\n' || json[i] == '\r' || json[i] == '\t') {
      i++;
    }
    return i;
  }

  /** Behind the value, without looking into it. */
  private int skip(int from) {
    int depth = 0;
    int i = from;
    while (true) {
      switch (json[i]) {
        case '"' -> {
          i = closingQuote(i + 1);
          if (depth == 0) {
            return i + 1;
          }
        }
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (depth == 0) {
            return i;
          }
          depth--;
          if (depth == 0) {
            return i + 1;
          }
        }
        case ',', ' ', '\n', '\r', '\t' -> {
          if (depth == 0) {
            return i;
          }
        }
        default -> {}
      }
      i++;
    }
  }
}
