package io.logboom.filter.kubernetes;

import java.nio.charset.StandardCharsets;

/** Strings of valid JSON, for paths that are not per record in the usual case. */
final class JsonText {
  private static final char REPLACEMENT = '\uFFFD';

  private JsonText() {}

  /**
   * The text that the inside of a JSON string stands for. Bytes that are not UTF-8 and half
   * surrogate pairs become U+FFFD.
   */
  static String decode(byte[] json, int from, int to) {
    String raw = new String(json, from, to - from, StandardCharsets.UTF_8);
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder out = new StringBuilder(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escape = raw.charAt(i++);
      switch (escape) {
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'u' -> {
          out.append((char) Integer.parseInt(raw, i, i + 4, 16));
          i += 4;
        }
        default -> out.append(escape);
      }
    }
    return whole(out);
  }

  private static String whole(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        text.setCharAt(i, REPLACEMENT);
      }
    }
    return text.toString();
  }

  /**
   * Without line breaks, and escapes {@code \n} and {@code \r} written out, at its end. A line
   * break that is all there is stays.
   */
  static String trimmed(String text) {
    int end = text.length();
    while (end > 1) {
      char last = text.charAt(end - 1);
      if (last == '\n') {
        end--;
      } else if ((last == 'n' || last == 'r') && text.charAt(end - 2) == '\\') {
        end -= 2;
      } else {
        break;
      }
    }
    return text.substring(0, end);
  }
}
