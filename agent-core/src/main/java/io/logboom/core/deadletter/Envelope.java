package io.logboom.core.deadletter;

import io.logboom.api.json.ByteSink;
import io.logboom.api.json.Utf8;
import io.logboom.core.codec.DamagedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is written of a letter beside its record.
 *
 * @param millis when it was written, since the epoch
 * @param output the instance that could not deliver it
 * @param reason why, in the receiver's words
 */
record Envelope(long millis, String output, String reason) {
  /** The most bytes that an envelope has, with its length. */
  static final int MOST = 8 * 1024;

  private static final int MOST_REASON = 4 * 1024;
  private static final int MOST_OUTPUT = 1024;
  private static final byte VERSION = 1;

  /** Writes the envelope's length and the envelope. */
  void write(ByteSink out) {
    byte[] name = cut(output, MOST_OUTPUT);
    byte[] why = cut(reason, MOST_REASON);
    ByteBuffer bytes = ByteBuffer.allocate(MOST).position(Integer.BYTES);
    bytes.put(VERSION).putLong(millis);
    bytes.putShort((short) name.length).put(name);
    bytes.putShort((short) why.length).put(why);
    bytes.putInt(0, bytes.position() - Integer.BYTES);
    out.put(bytes.array(), 0, bytes.position());
  }

  private static byte[] cut(String text, int most) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return utf8.length <= most ? utf8 : Arrays.copyOf(utf8, Utf8.cut(utf8, 0, most));
  }

  /**
   * The bytes of an envelope, with its length, at the start of a letter's content.
   *
   * @param count how much of the content stands at {@code from}
   */
  static int length(byte[] bytes, int from, int count) throws DamagedException {
    int length = count < Integer.BYTES ? -1 : ByteBuffer.wrap(bytes).getInt(from);
    if (length < 0 || length > Math.min(count, MOST) - Integer.BYTES) {
      throw new DamagedException("an envelope of " + length + " bytes");
    }
    return Integer.BYTES + length;
  }

  /** Reads the envelope at the start of a letter's content. */
  static Envelope read(byte[] bytes, int from, int count) throws DamagedException {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length(bytes, from, count));
    in.getInt();
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new DamagedException("a letter of version " + version + ", not known here");
      }
      return new Envelope(in.getLong(), text(in), text(in));
    } catch (BufferUnderflowException e) {
      throw new DamagedException("an envelope is cut off");
    }
  }

  private static String text(ByteBuffer in) {
    byte[] utf8 = new byte[in.getShort() & 0xFFFF];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
