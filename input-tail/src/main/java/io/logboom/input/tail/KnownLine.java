package io.logboom.input.tail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A file's line in checkpoints and journals, and what both have around their lines. */
final class KnownLine {
  private static final int FIELDS = 14;
  private static final int MOST_FIELDS = 16;

  private KnownLine() {}

  /** Adds the line, without its end. */
  static void append(StringBuilder out, Known file) {
    out.append("file ").append(file.key().device());
    out.append(' ').append(file.key().inode());
    out.append(' ').append(file.generation());
    append(out, file.head());
    out.append(' ').append(file.position());
    append(out, file.before());
    out.append(file.complete() ? " complete" : " open");
    out.append(' ').append(file.seenMillis());
    out.append(' ').append(file.sourceId().isEmpty() ? "-" : file.sourceId());
    out.append(' ').append(encoded(file.path()));
    out.append(' ').append(encoded(file.name()));
    if (!file.taken().equals(Taken.NONE)) {
      out.append(' ').append(file.taken().stdout()).append(' ').append(file.taken().stderr());
    }
  }

  private static void append(StringBuilder out, Sample sample) {
    out.append(' ').append(sample.length());
    out.append(' ').append(HexFormat.of().toHexDigits(sample.hash()));
  }

  /**
   * Reads a line, given without its end.
   *
   * @throws IllegalArgumentException where it is none
   */
  static Known parse(String line) {
    String[] f = line.split(" ", -1);
    if ((f.length != FIELDS && f.length != MOST_FIELDS) || !f[0].equals("file")) {
      throw new IllegalArgumentException("a line has not the fields of its version");
    }
    return new Known(
        decoded(f[12]),
        decoded(f[13]),
        new FileKey(Long.parseLong(f[1]), Long.parseLong(f[2])),
        Integer.parseInt(f[3]),
        new Sample(Integer.parseInt(f[4]), Long.parseUnsignedLong(f[5], 16)),
        Long.parseLong(f[6]),
        new Sample(Integer.parseInt(f[7]), Long.parseUnsignedLong(f[8], 16)),
        f.length == FIELDS
            ? Taken.NONE
            : new Taken(Long.parseLong(f[FIELDS]), Long.parseLong(f[FIELDS + 1])),
        f[11].equals("-") ? "" : f[11],
        f[9].equals("complete"),
        Long.parseLong(f[10]));
  }

  /** The CRC-32C of bytes, as text. */
  static String crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static String encoded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == '%' || c == 0x7F) {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] == '%') {
        out.write(HexFormat.fromHexDigits(text(utf8, i + 1)));
        i += 2;
      } else {
        out.write(utf8[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8, int from) {
    if (from + 2 > utf8.length) {
      throw new IllegalArgumentException("an escape is cut off");
    }
    return new String(utf8, from, 2, StandardCharsets.UTF_8);
  }
}
