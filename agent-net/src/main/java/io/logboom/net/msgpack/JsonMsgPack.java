package io.logboom.net.msgpack;

import io.logboom.api.json.ByteSink;
import io.logboom.api.json.Swar;
import io.logboom.api.record.JsonStrings;

/**
 * Turns valid JSON into MessagePack, in one pass: the inverse of {@link MsgPackJson}. Allocates
 * nothing but for numbers that are not short.
 *
 * <table>
 *   <caption>What becomes of a value</caption>
 *   <tr><td>string</td><td>str, its escapes undone</td></tr>
 *   <tr><td>whole number of 64 bits, signed or unsigned</td><td>integer</td></tr>
 *   <tr><td>larger one</td><td>float 64 where that has all its digits, else str</td></tr>
 *   <tr><td>number with a fraction or an exponent, and -0</td><td>float 64, the nearest</td></tr>
 *   <tr><td>one beyond the largest float</td><td>str</td></tr>
 *   <tr><td>true, false, null</td><td>the same</td></tr>
 *   <tr><td>object, array</td><td>map, array</td></tr>
 * </table>
 *
 * <p>Heads of containers are written when their ends are known: in one byte that was kept free, or,
 * for more than 15 elements, with their content moved. So all of the output must be in one array.
 * One instance per thread.
 */
public final class JsonMsgPack {
  private static final int FEW = 16;
  private static final int HEAD = 5;

  private final ByteSink out;
  private final DecimalReader decimals = new DecimalReader();
  private final MsgPackWriter writer;
  private byte[] in = new byte[0];
  private int to;

  /**
   * @param out on one array that grows ({@link ByteSink#growing})
   */
  public JsonMsgPack(ByteSink out) {
    this.out = out;
    this.writer = new MsgPackWriter(out);
  }

  /**
   * Writes the names and values of members, without the head of a map.
   *
   * @param from behind the opening brace
   * @param end before the closing brace, or behind the last member
   * @return how many members there are
   */
  @SuppressWarnings("EI_EXPOSE_REP2")
  public int members(byte[] json, int from, int end) {
    in = json;
    to = end;
    int count = 0;
    int i = blanks(from);
    while (i < to) {
      i = member(i);
      count++;
      i = blanks(i);
      if (i < to) {
        i = blanks(i + 1); // the comma
      }
    }
    return count;
  }

  /** Writes the value in {@code json[from, end)}. */
  @SuppressWarnings("EI_EXPOSE_REP2")
  public void value(byte[] json, int from, int end) {
    in = json;
    to = end;
    value(blanks(from));
  }

  // Each method below takes the index to go on from and returns the one behind what it read.

  private int member(int from) {
    int i = string(from + 1);
    if (in[i] != ':') {
      i = blanks(i);
    }
    i++;
    if (in[i] <= ' ') {
      i = blanks(i);
    }
    return value(i);
  }

  private int value(int i) {
    byte c = in[i];
    return switch (c) {
      case '"' -> string(i + 1);
      case '{' -> object(i + 1);
      case '[' -> array(i + 1);
      case 't' -> word(MsgPack.TRUE, i + 4);
      case 'f' -> word(MsgPack.FALSE, i + 5);
      case 'n' -> word(MsgPack.NIL, i + 4);
      default -> number(i);
    };
  }

  private int word(int code, int behind) {
    out.put((byte) code);
    return behind;
  }

  private int object(int from) {
    int head = open();
    int count = 0;
    int i = blanks(from);
    while (in[i] != '}') {
      i = member(i);
      count++;
      if (in[i] <= ' ') {
        i = blanks(i);
      }
      if (in[i] == ',') {
        i = blanks(i + 1);
      }
    }
    close(head, count, 0x80, MsgPack.MAP16);
    return i + 1;
  }

  private int array(int from) {
    int head = open();
    int count = 0;
    int i = blanks(from);
    while (in[i] != ']') {
      i = value(i);
      count++;
      if (in[i] <= ' ') {
        i = blanks(i);
      }
      if (in[i] == ',') {
        i = blanks(i + 1);
      }
    }
    close(head, count, 0x90, MsgPack.ARRAY16);
    return i + 1;
  }

  private int open() {
    out.put((byte) 0);
    return out.position() - 1;
  }

  private void close(int head, int count, int small, int wide) {
    if (count < FEW) {
      out.array()[head] = (byte) (small | count);
      return;
    }
    int width = count <= 0xFFFF ? 2 : 4;
    out.ensure(width);
    byte[] b = out.array();
    int content = head + 1;
    System.arraycopy(b, content, b, content + width, out.position() - content);
    out.position(out.position() + width);
    if (width == 2) {
      b[head] = (byte) wide;
      MsgPack.int16(b, content, count);
    } else {
      b[head] = (byte) (wide + 1);
      MsgPack.int32(b, content, count);
    }
  }

  /** From behind the opening quote to behind the closing one. */
  private int string(int from) {
    byte[] b = in;
    int end = Swar.closingEnd(b, from, to);
    if (b[end] == '"') {
      int count = end - from;
      out.ensure(HEAD + count);
      int at = head(count);
      System.arraycopy(b, from, out.array(), at, count);
      out.position(at + count);
      return end + 1;
    }
    return escaped(from, end);
  }

  /**
   * A string with escapes. Its head has the width for the string as it is written, which is not
   * shorter, so that the text is written to its place at once.
   *
   * @param escape where the first backslash is
   */
  private int escaped(int from, int escape) {
    byte[] b = in;
    int quote = escape;
    while (b[quote] == '\\') {
      quote = Swar.closingEnd(b, quote + 2, to);
    }
    int most = quote - from;
    out.ensure(HEAD + most);
    int head = out.position();
    int text = head(most);
    byte[] o = out.array();
    int at = text;
    int i = from;
    int next = escape;
    while (next < quote) {
      System.arraycopy(b, i, o, at, next - i);
      at += next - i;
      int behind = next + 2;
      if (b[next + 1] == 'u') {
        // A character beyond the first plane takes two escapes.
        behind = next + (isHighSurrogate(b, next + 2) && next + 12 <= quote ? 12 : 6);
      }
      at = JsonStrings.unescape(b, next, behind, o, at);
      i = behind;
      next = Swar.closingEnd(b, i, quote);
    }
    System.arraycopy(b, i, o, at, quote - i);
    at += quote - i;
    out.position(at);
    length(o, head, text, at - text);
    return quote + 1;
  }

  /** Whether the hexadecimal digits at {@code i} are D800 to DBFF. */
  private static boolean isHighSurrogate(byte[] b, int i) {
    int second = b[i + 1] | 0x20;
    return (b[i] | 0x20) == 'd'
        && (second == '8' || second == '9' || second == 'a' || second == 'b');
  }

  /** Writes the head of a text where there is room for it; returns the index behind it. */
  private int head(int count) {
    byte[] o = out.array();
    int at = out.position();
    if (count < 32) {
      o[at] = (byte) (0xA0 | count);
      return at + 1;
    }
    if (count <= 0xFF) {
      o[at] = (byte) MsgPack.STR8;
      o[at + 1] = (byte) count;
      return at + 2;
    }
    if (count <= 0xFFFF) {
      o[at] = (byte) MsgPack.STR16;
      MsgPack.int16(o, at + 1, count);
      return at + 3;
    }
    o[at] = (byte) MsgPack.STR32;
    MsgPack.int32(o, at + 1, count);
    return at + 5;
  }

  /** Puts another length into a head. */
  private static void length(byte[] o, int head, int text, int count) {
    switch (text - head) {
      case 1 -> o[head] = (byte) (0xA0 | count);
      case 2 -> o[head + 1] = (byte) count;
      case 3 -> MsgPack.int16(o, head + 1, count);
      default -> MsgPack.int32(o, head + 1, count);
    }
  }

  private int number(int from) {
    int behind = decimals.read(in, from, to);
    switch (decimals.kind()) {
      case SIGNED -> writer.integer(decimals.bits());
      case UNSIGNED -> writer.unsigned(decimals.bits());
      case REAL -> writer.real(Double.longBitsToDouble(decimals.bits()));
      case TOO_LARGE -> {
        writer.textHead(behind - from);
        out.put(in, from, behind - from);
      }
    }
    return behind;
  }

  private int blanks(int from) {
    int i = from;
    while (i < to && in[i] <= ' ' && in[i] >= 0) {
      i++;
    }
    return i;
  }
}
