package io.logboom.net.msgpack;

import java.nio.charset.StandardCharsets;

/**
 * Reads values one by one: {@link #next} tells the kind of the next value and goes behind its head.
 * What a text, bytes or an extension hold is then {@link #length} bytes from {@link #position} on,
 * to be looked at or {@link #skip}ped; the elements of an array or a map are the next values.
 */
public final class MsgPackReader {
  /** What a value is. */
  public enum Kind {
    NIL,
    BOOLEAN,
    /** {@link #number()} has it. */
    INTEGER,
    /** A whole number above {@link Long#MAX_VALUE}: {@link #number()} has it as unsigned. */
    BIG_INTEGER,
    /** {@link #real()} has it. */
    FLOAT,
    TEXT,
    BYTES,
    ARRAY,
    MAP,
    EXTENSION,
    /** There is no whole head of a value. */
    INCOMPLETE,
    /** No value begins like this. */
    MALFORMED
  }

  private byte[] b = new byte[0];
  private int at;
  private int to;
  private long number;
  private double real;
  private int length;
  private int type;

  /** Reads {@code bytes[from, to)} from now on. */
  @SuppressWarnings("EI_EXPOSE_REP2")
  public MsgPackReader reset(byte[] bytes, int from, int to) {
    this.b = bytes;
    this.at = from;
    this.to = to;
    return this;
  }

  /** Where reading goes on. */
  public int position() {
    return at;
  }

  /** The value of a whole number, and 0 or 1 for a boolean. */
  public long number() {
    return number;
  }

  public double real() {
    return real;
  }

  /** The bytes of a text, of bytes or of an extension; the elements of an array; a map's pairs. */
  public int length() {
    return length;
  }

  /** The type of an extension. */
  public int type() {
    return type;
  }

  /** Whether all bytes of the text, bytes or extension are there. */
  public boolean isWhole() {
    return length <= to - at;
  }

  /** Goes behind the bytes of a text, bytes or an extension. */
  public void skip() {
    at += length;
  }

  /** Goes behind the next value, whatever it is; false where it is not whole or malformed. */
  public boolean skipValue() {
    int end = MsgPack.end(b, at, to);
    if (end < 0) {
      return false;
    }
    at = end;
    return true;
  }

  /** The text or bytes as a string, with U+FFFD for what is not UTF-8; goes behind it. */
  public String string() {
    String text = new String(b, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  /** The text or bytes; goes behind it. */
  public byte[] bytes() {
    byte[] copy = java.util.Arrays.copyOfRange(b, at, at + length);
    at += length;
    return copy;
  }

  /** Whether the text or bytes are these ASCII characters; does not move. */
  public boolean is(String ascii) {
    if (length != ascii.length() || !isWhole()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (b[at + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Reads the next value's head. */
  public Kind next() {
    if (at >= to) {
      return Kind.INCOMPLETE;
    }
    int c = b[at] & 0xFF;
    if (c <= 0x7F || c >= 0xE0) {
      number = (byte) c;
      at++;
      return Kind.INTEGER;
    }
    if (c < 0x90) {
      return sized(Kind.MAP, 0, c & 0xF);
    }
    if (c < 0xA0) {
      return sized(Kind.ARRAY, 0, c & 0xF);
    }
    if (c < 0xC0) {
      return sized(Kind.TEXT, 0, c & 0x1F);
    }
    return switch (c) {
      case MsgPack.NIL -> sized(Kind.NIL, 0, 0);
      case MsgPack.FALSE, MsgPack.TRUE -> {
        number = c & 1;
        yield sized(Kind.BOOLEAN, 0, 0);
      }
      case MsgPack.BIN8, MsgPack.BIN16, MsgPack.BIN32 -> measured(Kind.BYTES, c - MsgPack.BIN8);
      case MsgPack.STR8, MsgPack.STR16, MsgPack.STR32 -> measured(Kind.TEXT, c - MsgPack.STR8);
      case MsgPack.ARRAY16, MsgPack.ARRAY32 -> measured(Kind.ARRAY, c - MsgPack.ARRAY16 + 1);
      case MsgPack.MAP16, MsgPack.MAP32 -> measured(Kind.MAP, c - MsgPack.MAP16 + 1);
      case MsgPack.EXT8, MsgPack.EXT16, MsgPack.EXT32 -> extension(c - MsgPack.EXT8);
      case MsgPack.FIXEXT1, MsgPack.FIXEXT2, MsgPack.FIXEXT4, MsgPack.FIXEXT8, MsgPack.FIXEXT16 ->
          fixedExtension(1 << (c - MsgPack.FIXEXT1));
      case MsgPack.NEVER_USED -> Kind.MALFORMED;
      default -> number(c);
    };
  }

  private Kind sized(Kind kind, int headBytes, int count) {
    length = count;
    at += 1 + headBytes;
    return kind;
  }

  /**
   * @param log 0, 1 or 2 for a length in 1, 2 or 4 bytes
   */
  private Kind measured(Kind kind, int log) {
    int width = 1 << log;
    if (to - at < 1 + width) {
      return Kind.INCOMPLETE;
    }
    long count = length(log);
    return count > Integer.MAX_VALUE ? Kind.MALFORMED : sized(kind, width, (int) count);
  }

  private long length(int log) {
    return switch (log) {
      case 0 -> b[at + 1] & 0xFF;
      case 1 -> MsgPack.uint16(b, at + 1);
      default -> MsgPack.uint32(b, at + 1);
    };
  }

  private Kind extension(int log) {
    int width = 1 << log;
    if (to - at < 2 + width) {
      return Kind.INCOMPLETE;
    }
    type = b[at + 1 + width];
    long count = length(log);
    return count > Integer.MAX_VALUE
        ? Kind.MALFORMED
        : sized(Kind.EXTENSION, width + 1, (int) count);
  }

  private Kind fixedExtension(int count) {
    if (to - at < 2) {
      return Kind.INCOMPLETE;
    }
    type = b[at + 1];
    return sized(Kind.EXTENSION, 1, count);
  }

  private Kind number(int c) {
    int width =
        switch (c) {
          case MsgPack.UINT8, MsgPack.INT8 -> 1;
          case MsgPack.UINT16, MsgPack.INT16 -> 2;
          case MsgPack.UINT32, MsgPack.INT32, MsgPack.FLOAT32 -> 4;
          default -> 8;
        };
    int from = at + 1;
    if (to - from < width) {
      return Kind.INCOMPLETE;
    }
    at = from + width;
    switch (c) {
      case MsgPack.FLOAT32 -> real = Float.intBitsToFloat(MsgPack.int32(b, from));
      case MsgPack.FLOAT64 -> real = Double.longBitsToDouble(MsgPack.int64(b, from));
      case MsgPack.UINT8 -> number = b[from] & 0xFF;
      case MsgPack.UINT16 -> number = MsgPack.uint16(b, from);
      case MsgPack.UINT32 -> number = MsgPack.uint32(b, from);
      case MsgPack.INT8 -> number = b[from];
      case MsgPack.INT16 -> number = MsgPack.int16(b, from);
      case MsgPack.INT32 -> number = MsgPack.int32(b, from);
      default -> number = MsgPack.int64(b, from);
    }
    if (c <= MsgPack.FLOAT64) {
      return Kind.FLOAT;
    }
    return c == MsgPack.UINT64 && number < 0 ? Kind.BIG_INTEGER : Kind.INTEGER;
  }
}
