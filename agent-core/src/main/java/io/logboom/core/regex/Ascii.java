package io.logboom.core.regex;

import io.logboom.api.json.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Tells apart ASCII, UTF-8 and other bytes; ASCII eight bytes at a time. */
final class Ascii {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGHS = 0x8080808080808080L;

  private Ascii() {}

  /** The index of the first byte above 0x7F in {@code bytes[from, to)}, or {@code to}. */
  static int end(byte[] bytes, int from, int to) {
    int i = from;
    while (i <= to - 8 && ((long) LONG.get(bytes, i) & HIGHS) == 0) {
      i += 8;
    }
    while (i < to && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  static boolean isUtf8(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (bytes[i] >= 0) {
        i = end(bytes, i, to);
      } else {
        int width = Utf8.width(bytes, i, to);
        if (width < 0) {
          return false;
        }
        i += width;
      }
    }
    return true;
  }
}
