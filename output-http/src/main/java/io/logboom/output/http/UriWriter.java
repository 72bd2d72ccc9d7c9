package io.logboom.output.http;

import io.logboom.api.json.ByteSink;
import io.logboom.api.record.TemplateWriter;

/**
 * Percent-encodes a value as a part of a path or query (RFC 3986 §2.3): all but letters, digits and
 * {@code -._~}, so that no value leads to another path than the one it is to be a part of.
 */
final class UriWriter implements TemplateWriter.ValueWriter {
  private static final String HEX = "0123456789ABCDEF";

  @Override
  public void write(byte[] bytes, int from, int to, ByteSink out) {
    if (isDots(bytes, from, to)) {
      // A segment of dots alone leads upwards, encoded or not.
      for (int i = from; i < to; i++) {
        out.put((byte) '_');
      }
      return;
    }
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (isPlain(b)) {
        out.put(b);
      } else {
        out.put((byte) '%');
        out.put((byte) HEX.charAt(b >> 4 & 0xF));
        out.put((byte) HEX.charAt(b & 0xF));
      }
    }
  }

  private static boolean isDots(byte[] bytes, int from, int to) {
    return to - from > 0 && to - from < 3 && bytes[from] == '.' && bytes[to - 1] == '.';
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }
}
