package io.logboom.net.msgpack;

import static io.logboom.net.msgpack.MsgPack.FULL;
import static io.logboom.net.msgpack.MsgPack.INCOMPLETE;
import static io.logboom.net.msgpack.MsgPack.MALFORMED;

import io.logboom.api.json.Swar;

/**
 * Turns MessagePack's values that have no parts into JSON's; see {@link MsgPackJson}, whose half
 * this is. Methods are given where a value begins in {@code in}, write it to {@code out} from
 * {@code at} on, and return the index behind it, or a code.
 */
abstract sealed class ScalarJson permits MsgPackJson {
  // The letters of null, true and false, the lowest byte first.
  static final long NULL = 0x6C_6C_75_6EL;
  static final long TRUE = 0x65_75_72_74L;
  static final long FALSE = 0x65_73_6C_61_66L;
  // What is written between two looks at the room that is left, at most.
  private static final int SLACK = 64;

  byte[] in = new byte[0];
  int to;
  byte[] out = new byte[0];
  int at;
  int room;
  private final StringWriter strings = new StringWriter();
  private boolean base64;
  private String fault = "";

  /** From here on {@code bytes[0, end)} are read and {@code target} is written. */
  final void between(byte[] bytes, int end, byte[] target) {
    in = bytes;
    to = end;
    out = target;
    room = target.length - SLACK;
  }

  /** Begins at this place of what is written. */
  final void begin(int start) {
    at = start;
    base64 = false;
    strings.begin();
  }

  /** Behind what was written last. */
  public final int stop() {
    return at;
  }

  /** Whether bytes that are not UTF-8 became U+FFFD. */
  public final boolean hasRepaired() {
    return strings.hasRepaired();
  }

  /** Whether a value was written in Base64. */
  public final boolean hasBase64() {
    return base64;
  }

  /** What is malformed, in words. */
  public final String fault() {
    return fault;
  }

  final int malformed(String why) {
    fault = why;
    return MALFORMED;
  }

  final int word(long letters, int count, int i) {
    Swar.store(out, at, letters);
    at += count;
    return i + 1;
  }

  /** Whether it becomes a string that was none. */
  private static boolean isBytes(int c) {
    return c >= MsgPack.BIN8 && c <= MsgPack.BIN32;
  }

  final int string(int i, int count) {
    if (count < 0 || to - i < count) {
      return count < 0 ? malformed("a text of too many bytes") : INCOMPLETE;
    }
    if (room - at < count) {
      return FULL;
    }
    int end = i + count;
    int p = Swar.plainEnd(in, i, end);
    int q = at;
    out[q++] = '"';
    System.arraycopy(in, i, out, q, p - i);
    return escaped(p, q + p - i, end);
  }

  /** Goes on in a string, at its end or at something that is not plain. */
  final int escaped(int from, int outAt, int end) {
    int behind = from == end ? outAt : strings.escaped(in, from, end, out, outAt, room);
    if (behind < 0) {
      return FULL;
    }
    out[behind] = '"';
    at = behind + 1;
    return end;
  }

  final int number(int c, int i) {
    int from = i + 1;
    int width = c <= MsgPack.FLOAT64 ? 4 << (c - MsgPack.FLOAT32) : 1 << ((c - MsgPack.UINT8) & 3);
    if (to - from < width) {
      return INCOMPLETE;
    }
    at =
        switch (c) {
          case MsgPack.FLOAT32 ->
              Numbers.real(Float.intBitsToFloat(MsgPack.int32(in, from)), out, at);
          case MsgPack.FLOAT64 ->
              Numbers.real(Double.longBitsToDouble(MsgPack.int64(in, from)), out, at);
          case MsgPack.UINT8 -> Numbers.decimal(in[from] & 0xFF, out, at);
          case MsgPack.UINT16 -> Numbers.decimal(MsgPack.uint16(in, from), out, at);
          case MsgPack.UINT32 -> Numbers.decimal(MsgPack.uint32(in, from), out, at);
          case MsgPack.UINT64 -> Numbers.unsigned(MsgPack.int64(in, from), out, at);
          case MsgPack.INT8 -> Numbers.decimal(in[from], out, at);
          case MsgPack.INT16 -> Numbers.decimal(MsgPack.int16(in, from), out, at);
          case MsgPack.INT32 -> Numbers.decimal(MsgPack.int32(in, from), out, at);
          default -> Numbers.decimal(MsgPack.int64(in, from), out, at);
        };
    return from + width;
  }

  /** Bytes and extensions. */
  final int binary(int c, int i) {
    int from;
    long count;
    if (c >= MsgPack.FIXEXT1 && c <= MsgPack.FIXEXT16) {
      from = i + 2;
      count = 1L << (c - MsgPack.FIXEXT1);
    } else {
      int log = isBytes(c) ? c - MsgPack.BIN8 : c - MsgPack.EXT8;
      from = i + 1 + (1 << log) + (isBytes(c) ? 0 : 1);
      if (to < from) {
        return INCOMPLETE;
      }
      count =
          switch (log) {
            case 0 -> in[i + 1] & 0xFF;
            case 1 -> MsgPack.uint16(in, i + 1);
            default -> MsgPack.uint32(in, i + 1);
          };
    }
    if (to - from < count) {
      return INCOMPLETE;
    }
    int size = (int) count;
    if (isBytes(c)) {
      return StringWriter.isUtf8(in, from, from + size) ? string(from, size) : base64(from, size);
    }
    if (size == 8 && in[from - 1] == MsgPack.EVENT_TIME) {
      at = Numbers.decimal(MsgPack.uint32(in, from), out, at);
      out[at++] = '.';
      at = Numbers.digits(Math.floorMod(MsgPack.int32(in, from + 4), 1_000_000_000), 9, out, at);
      return from + size;
    }
    return base64(from, size);
  }

  private int base64(int from, int size) {
    int behind = StringWriter.base64(in, from, size, out, at, room);
    if (behind < 0) {
      return FULL;
    }
    at = behind;
    base64 = true;
    return from + size;
  }
}
