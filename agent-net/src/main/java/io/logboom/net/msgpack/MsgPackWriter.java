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
    if (value.length > 31 && value.length <= 0xFF) {
      out.put((byte) MsgPack.STR8);
      bigEndian(value.length, 1);
    } else {
      head(value.length, 32, 0xA0, MsgPack.STR16);
    }
    return raw(value);
  }

  /** A value that is encoded already. */
  public MsgPackWriter raw(byte[] value) {
    out.put(value, 0, value.length);
    return this;
  }

  private void bigEndian(long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.put((byte) (value >>> shift));
    }
  }
}
