package io.logboom.input.forward;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;

/** Frames of the Forward protocol, by the MessagePack project's own encoder. */
final class Frames {
  static final long SECONDS = 1_700_000_000L;

  private Frames() {}

  /** Writes some values. */
  @FunctionalInterface
  interface Writing {
    void to(MessagePacker packer) throws IOException;
  }

  static byte[] packed(Writing writing) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      writing.to(packer);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** An EventTime. */
  static void eventTime(MessagePacker p, long seconds, int nanos) throws IOException {
    p.packExtensionTypeHeader((byte) 0, 8);
    p.writePayload(ByteBuffer.allocate(8).putInt((int) seconds).putInt(nanos).array());
  }

  /** {@code {"n": number}}. */
  static void record(MessagePacker p, long number) throws IOException {
    p.packMapHeader(1).packString("n").packLong(number);
  }

  /** Entries with the numbers from {@code first} on, one second and one nanosecond apart. */
  static byte[] entries(long first, int count) {
    return packed(
        p -> {
          for (int i = 0; i < count; i++) {
            p.packArrayHeader(2);
            eventTime(p, SECONDS + i, i);
            record(p, first + i);
          }
        });
  }

  /** The option {@code {"chunk": id}}; null for no option. */
  static void option(MessagePacker p, String chunk) throws IOException {
    if (chunk != null) {
      p.packMapHeader(2).packString("size").packInt(1).packString("chunk").packString(chunk);
    }
  }

  private static int elements(int least, String chunk) {
    return chunk == null ? least : least + 1;
  }

  static byte[] message(String tag, long number, String chunk) {
    return packed(
        p -> {
          p.packArrayHeader(elements(3, chunk)).packString(tag).packLong(SECONDS);
          record(p, number);
          option(p, chunk);
        });
  }

  static byte[] forward(String tag, long first, int count, String chunk) {
    return packed(
        p -> {
          p.packArrayHeader(elements(2, chunk)).packString(tag).packArrayHeader(count);
          p.writePayload(entries(first, count));
          option(p, chunk);
        });
  }

  static byte[] payload(String tag, byte[] payload, String chunk) {
    return packed(
        p -> {
          p.packArrayHeader(elements(2, chunk)).packString(tag);
          p.packBinaryHeader(payload.length).writePayload(payload);
          option(p, chunk);
        });
  }

  static byte[] packedForward(String tag, long first, int count, String chunk) {
    return payload(tag, entries(first, count), chunk);
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  static byte[] zstd(byte[] bytes) {
    return Zstd.compress(bytes);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
