package io.logboom.net.msgpack;

import io.logboom.api.json.ByteSink;
import java.nio.charset.StandardCharsets;

/** Writes MessagePack values, each in its shortest form. */
public final class MsgPackWriter {
  private final ByteSink out;

  public MsgPackWriter(ByteSink out) {
    this.out = out;
  }

  /** The head of an array; its elements are written next. */
  public MsgPackWriter array(int count) {
    head(count, 16, 0x90, MsgPack.ARRAY16);
    return this;
  }

  /** The head of a map; its pairs are written next. */
  public MsgPackWriter map(int pairs) {
    head(pairs, 16, 0x80, MsgPack.MAP16);
    return this;
  }

  private void head(int count, int few, int small, int wide) {
    if (count < few) {
      out.put((byte) (small | count));
    } else if (count <= 0xFFFF) {
      out.put((byte) wide);
      bigEndian(count, 2);
    } else {
      out.put((byte) (wide + 1));
      bigEndian(count, 4);
    }
  }

  public MsgPackWriter bool(boolean value) {
    out.put((byte) (value ? MsgPack.TRUE : MsgPack.FALSE));
    return this;
  }

  public MsgPackWriter text(String value) {
    return text(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes as a text, whether or not they are one. */
  public MsgPackWriter text(byte[] value) {
    return textHead(value.length).raw(value);
  }

  /** The head of a text; its bytes are written next. */
  public MsgPackWriter textHead(int bytes) {
    if (bytes > 31 && bytes <= 0xFF) {
      out.put((byte) MsgPack.STR8);
      bigEndian(bytes, 1);
    } else {
      head(bytes, 32, 0xA0, MsgPack.STR16);
    }
    return this;
  }

  /** The head of bytes, in the form for any number of them; they are written next. */
  public MsgPackWriter bytesHead(int bytes) {
    out.put((byte) MsgPack.BIN32);
    bigEndian(bytes, 4);
    return this;
  }

  /** A signed number. */
  public MsgPackWriter integer(long value) {
    if (value >= 0) {
      return unsigned(value);
    }
    if (value >= -32) {
      out.put((byte) value);
    } else if (value >= Byte.MIN_VALUE) {
      number(MsgPack.INT8, value, 1);
    } else if (value >= Short.MIN_VALUE) {
      number(MsgPack.INT16, value, 2);
    } else if (value >= Integer.MIN_VALUE) {
      number(MsgPack.INT32, value, 4);
    } else {
      number(MsgPack.INT64, value, 8);
    }
    return this;
  }

  /** A number whose 64 bits are all digits. */
  public MsgPackWriter unsigned(long value) {
    if (value < 0) {
      number(MsgPack.UINT64, value, 8);
    } else if (value <= 0x7F) {
      out.put((byte) value);
    } else if (value <= 0xFF) {
      number(MsgPack.UINT8, value, 1);
    } else if (value <= 0xFFFF) {
      number(MsgPack.UINT16, value, 2);
    } else if (value <= 0xFFFF_FFFFL) {
      number(MsgPack.UINT32, value, 4);
    } else {
      number(MsgPack.UINT64, value, 8);
    }
    return this;
  }

  public MsgPackWriter real(double value) {
    number(MsgPack.FLOAT64, Double.doubleToRawLongBits(value), 8);
    return this;
  }

  public MsgPackWriter nil() {
    out.put((byte) MsgPack.NIL);
    return this;
  }

  /**
   * An EventTime of the Forward protocol: ext type 0 of 8 bytes.
   *
   * @param seconds as an unsigned number of 32 bits
   */
  public MsgPackWriter eventTime(int seconds, int nanos) {
    out.ensure(10);
    byte[] b = out.array();
    int at = out.position();
    b[at] = (byte) MsgPack.FIXEXT8;
    b[at + 1] = MsgPack.EVENT_TIME;
    MsgPack.int32(b, at + 2, seconds);
    MsgPack.int32(b, at + 6, nanos);
    out.position(at + 10);
    return this;
  }

  /** A value that is encoded already. */
  public MsgPackWriter raw(byte[] value) {
    out.put(value, 0, value.length);
    return this;
  }

  private void number(int code, long value, int bytes) {
    out.ensure(9);
    out.put((byte) code);
    bigEndian(value, bytes);
  }

  private void bigEndian(long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.put((byte) (value >>> shift));
    }
  }
}
