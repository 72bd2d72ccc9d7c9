package io.logboom.core.parser;

/** Backslash escapes other than JSON's. What is written is never longer than what is read. */
final class Escapes {
  private Escapes() {}

  /** C's escapes of one letter; another escaped byte stands for itself. */
  static int plain(byte[] b, int length, byte[] out) {
    int o = 0;
    for (int i = 0; i < length; i++) {
      if (b[i] != '\\' || i + 1 == length) {
        out[o++] = b[i];
        continue;
      }
      byte letter = b[++i];
      switch (letter) {
        case 'n' -> out[o++] = '\n';
        case 'a' -> out[o++] = 7;
        case 'b' -> out[o++] = '\b';
        case 't' -> out[o++] = '\t';
        case 'v' -> out[o++] = 11;
        case 'f' -> out[o++] = '\f';
        case 'r' -> out[o++] = '\r';
        default -> out[o++] = letter;
      }
    }
    return o;
  }

  /** A string as MySQL quotes it, in single or double quotes; without them it stays as it is. */
  static int mysql(byte[] b, int length, byte[] out) {
    if (length < 2 || b[0] != b[length - 1] || (b[0] != '\'' && b[0] != '"')) {
      System.arraycopy(b, 0, out, 0, length);
      return length;
    }
    int o = 0;
    for (int i = 1; i < length - 1; i++) {
      if (b[i] != '\\' || i + 1 == length - 1) {
        out[o++] = b[i];
        continue;
      }
      byte letter = b[++i];
      switch (letter) {
        case 'n' -> out[o++] = '\n';
        case 'r' -> out[o++] = '\r';
        case 't' -> out[o++] = '\t';
        case '\\', '\'', '"' -> out[o++] = letter;
        case '0' -> out[o++] = 0;
        case 'Z' -> out[o++] = 26;
        default -> {
          out[o++] = '\\';
          out[o++] = letter;
        }
      }
    }
    return o;
  }
}
