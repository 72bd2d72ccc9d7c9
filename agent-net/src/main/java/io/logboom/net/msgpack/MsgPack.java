package io.logboom.net.msgpack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Codes, first bytes and big-endian numbers of MessagePack. */
public final class MsgPack {
  /** The bytes end before the value does. */
  public static final int INCOMPLETE = -1;

  /** The bytes are not what they should be. */
  public static final int MALFORMED = -2;

  /** There is not enough room for what the value becomes. */
  public static final int FULL = -3;

  /** The extension type of an EventTime, which has 8 bytes. */
  static final int EVENT_TIME = 0;

  /** The most bytes of a str whose head is one byte (fixstr), its head among them. */
  static final int LONGEST_FIXSTR = 32;

  static final int NIL = 0xC0;
  static final int NEVER_USED = 0xC1;
  static final int FALSE = 0xC2;
  static final int TRUE = 0xC3;
  static final int BIN8 = 0xC4;
  static final int BIN16 = 0xC5;
  static final int BIN32 = 0xC6;
  static final int EXT8 = 0xC7;
  static final int EXT16 = 0xC8;
  static final int EXT32 = 0xC9;
  static final int FLOAT32 = 0xCA;
  static final int FLOAT64 = 0xCB;
  static final int UINT8 = 0xCC;
  static final int UINT16 = 0xCD;
  static final int UINT32 = 0xCE;
  static final int UINT64 = 0xCF;
  static final int INT8 = 0xD0;
  static final int INT16 = 0xD1;
  static final int INT32 = 0xD2;
  static final int INT64 = 0xD3;
  static final int FIXEXT1 = 0xD4;
  static final int FIXEXT2 = 0xD5;
  static final int FIXEXT4 = 0xD6;
  static final int FIXEXT8 = 0xD7;
  static final int FIXEXT16 = 0xD8;
  static final int STR8 = 0xD9;
  static final int STR16 = 0xDA;
  static final int STR32 = 0xDB;
  static final int ARRAY16 = 0xDC;
  static final int ARRAY32 = 0xDD;
  static final int MAP16 = 0xDE;
  static final int MAP32 = 0xDF;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private MsgPack() {}

  /** Whether this is the head of a str of up to 31 bytes. */
  static boolean isFixStr(byte head) {
    return (head & 0xE0) == 0xA0;
  }

  /** The bytes of the str that has this head. */
  static int fixStrBytes(byte head) {
    return head & 0x1F;
  }

  /** Two bytes as a signed number. */
  public static int int16(byte[] b, int i) {
    return (short) SHORT.get(b, i);
  }

  /** Two bytes as an unsigned number. */
  public static int uint16(byte[] b, int i) {
    return (short) SHORT.get(b, i) & 0xFFFF;
  }

  public static int int32(byte[] b, int i) {
    return (int) INT.get(b, i);
  }

  static void int16(byte[] b, int i, int value) {
    SHORT.set(b, i, (short) value);
  }

  static void int32(byte[] b, int i, int value) {
    INT.set(b, i, value);
  }

  static void int64(byte[] b, int i, long value) {
    LONG.set(b, i, value);
  }

  /** Four bytes as an unsigned number. */
  public static long uint32(byte[] b, int i) {
    return (int) INT.get(b, i) & 0xFFFF_FFFFL;
  }

  public static long int64(byte[] b, int i) {
    return (long) LONG.get(b, i);
  }

  /**
   * The index behind the value that starts at {@code i} in {@code b[0, to)}, {@link #INCOMPLETE} or
   * {@link #MALFORMED}. Nesting costs no stack.
   */
  public static int end(byte[] b, int i, int to) {
    return end(b, i, to, 1);
  }

  /** As {@link #end(byte[], int, int)} for so many values, one behind the other. */
  public static int end(byte[] b, int i, int to, int values) {
    Extent extent = new Extent();
    extent.begin(i, values);
    return extent.advance(b, to);
  }
}
