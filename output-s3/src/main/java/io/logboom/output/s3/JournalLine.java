package io.logboom.output.s3;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A line of the journal: CRC-32C in 8 hexadecimal digits, a blank, the text, an end of line. */
final class JournalLine {
  private static final int HEAD = 9;

  private JournalLine() {}

  /** Appends a line. */
  static void append(String text, StringBuilder to) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    to.append(HexFormat.of().toHexDigits(UnitReader.crc(utf8, 0, utf8.length)));
    to.append(' ').append(text).append('\n');
  }

  /** Whether {@code b[from, to)}, without its end of line, is as it was written. */
  static boolean isWhole(byte[] b, int from, int to) {
    if (to - from <= HEAD) {
      return false;
    }
    int crc = UnitReader.crc(b, from + HEAD, to - from - HEAD);
    String sum = new String(b, from, 8, StandardCharsets.US_ASCII);
    return sum.equals(HexFormat.of().toHexDigits(crc));
  }

  /** What a whole line says. */
  static String text(byte[] b, int from, int to) {
    return new String(b, from + HEAD, to - from - HEAD, StandardCharsets.UTF_8);
  }

  /** Whether whole lines follow one that is not: no crash alone leaves that. */
  static boolean follow(byte[] b, int from, int to) {
    int at = from;
    for (int i = from; i < to; i++) {
      if (b[i] == '\n') {
        if (isWhole(b, at, i)) {
          return true;
        }
        at = i + 1;
      }
    }
    return false;
  }

  /** A field as it stands in a line. */
  static String safe(String text) {
    return text.replace("%", "%25").replace("\t", "%09").replace("\n", "%0A").replace("\r", "%0D");
  }

  /** A field as it was. */
  static String plain(String text) {
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%09", "\t").replace("%25", "%");
  }
}
