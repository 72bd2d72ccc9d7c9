package io.logboom.api.json;

/**
 * The UTF-8 decoder of the WHATWG Encoding Standard, step by step as it is written there: the
 * reference for how many U+FFFD stand for invalid bytes. (The JDK's decoder gives the same but for
 * encoded surrogates, which are one U+FFFD there and three here.)
 */
final class WhatwgUtf8 {
  private final StringBuilder text = new StringBuilder();
  private int codePoint;
  private int needed;
  private int seen;
  private int lower = 0x80;
  private int upper = 0xBF;

  static String decode(byte[] bytes) {
    WhatwgUtf8 decoder = new WhatwgUtf8();
    for (byte b : bytes) {
      decoder.next(b & 0xFF);
    }
    if (decoder.needed != 0) {
      decoder.text.append('\uFFFD');
    }
    return decoder.text.toString();
  }

  private void next(int b) {
    if (needed == 0) {
      first(b);
      return;
    }
    if (b < lower || b > upper) {
      reset();
      text.append('\uFFFD');
      next(b);
      return;
    }
    lower = 0x80;
    upper = 0xBF;
    codePoint = (codePoint << 6) | (b & 0x3F);
    if (++seen == needed) {
      text.appendCodePoint(codePoint);
      reset();
    }
  }

  private void first(int b) {
    if (b <= 0x7F) {
      text.append((char) b);
    } else if (b >= 0xC2 && b <= 0xDF) {
      needed = 1;
      codePoint = b & 0x1F;
    } else if (b >= 0xE0 && b <= 0xEF) {
      lower = b == 0xE0 ? 0xA0 : 0x80;
      upper = b == 0xED ? 0x9F : 0xBF;
      needed = 2;
      codePoint = b & 0xF;
    } else if (b >= 0xF0 && b <= 0xF4) {
      lower = b == 0xF0 ? 0x90 : 0x80;
      upper = b == 0xF4 ? 0x8F : 0xBF;
      needed = 3;
      codePoint = b & 0x7;
    } else {
      text.append('\uFFFD');
    }
  }

  private void reset() {
    codePoint = 0;
    needed = 0;
    seen = 0;
    lower = 0x80;
    upper = 0xBF;
  }
}
