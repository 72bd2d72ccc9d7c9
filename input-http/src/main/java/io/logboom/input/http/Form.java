package io.logboom.input.http;

import io.logboom.api.json.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A form (application/x-www-form-urlencoded) as one record, whose values are strings. A pair
 * without {@code =} or without a name is left out, as Fluent Bit has it; where a name stands twice,
 * the last one counts; a broken escape stays as it is.
 */
final class Form {
  /** Pairs, at most. */
  static final int MOST = 4096;

  private Form() {}

  /** The form {@code b[from, to)} as a JSON object; null where it has too many pairs. */
  static byte @Nullable [] json(byte[] b, int from, int to) {
    Map<String, byte[]> pairs = new LinkedHashMap<>();
    int i = from;
    while (i < to) {
      int end = indexOf(b, i, to, '&');
      int sign = indexOf(b, i, end, '=');
      if (sign < end) {
        byte[] name = decoded(b, i, sign);
        if (name.length > 0) {
          pairs.put(new String(name, StandardCharsets.UTF_8), decoded(b, sign + 1, end));
        }
        if (pairs.size() > MOST) {
          return null;
        }
      }
      i = end + 1;
    }
    ByteSink out = ByteSink.growing(to - from + 64);
    byte before = '{';
    for (Map.Entry<String, byte[]> each : pairs.entrySet()) {
      out.put(before);
      byte[] name = each.getKey().getBytes(StandardCharsets.UTF_8);
      string(name, out);
      out.put((byte) ':');
      string(each.getValue(), out);
      before = ',';
    }
    if (before == '{') {
      out.put(before);
    }
    out.put((byte) '}');
    return out.toByteArray();
  }

  private static void string(byte[] text, ByteSink out) {
    out.put((byte) '"');
    out.putEscaped(text, 0, text.length);
    out.put((byte) '"');
  }

  private static int indexOf(byte[] b, int from, int to, char wanted) {
    int i = from;
    while (i < to && b[i] != wanted) {
      i++;
    }
    return i;
  }

  /** Without blanks and line breaks around it. */
  private static byte[] decoded(byte[] b, int start, int end) {
    int from = start;
    int to = end;
    while (from < to && b[from] >= 0 && b[from] <= ' ') {
      from++;
    }
    while (from < to && b[to - 1] >= 0 && b[to - 1] <= ' ') {
      to--;
    }
    byte[] out = new byte[to - from];
    int at = 0;
    for (int i = from; i < to; i++) {
      byte c = b[i];
      if (c == '%' && to - i > 2 && digit(b[i + 1]) >= 0 && digit(b[i + 2]) >= 0) {
        out[at++] = (byte) (digit(b[i + 1]) << 4 | digit(b[i + 2]));
        i += 2;
      } else {
        out[at++] = c == '+' ? (byte) ' ' : c;
      }
    }
    return Arrays.copyOf(out, at);
  }

  private static int digit(byte c) {
    return Character.digit(c, 16);
  }
}
