package io.logboom.bench;

import io.airlift.compress.snappy.SnappyDecompressor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Counts records in one request's body, with as little work per byte as there can be. */
abstract class Counter {
  /**
   * Takes in a part of the body.
   *
   * @return how many more there are
   */
  abstract long take(byte[] part, int length);

  /**
   * The body has ended.
   *
   * @return how many more there are
   */
  long end() {
    return 0;
  }

  /** Counts the places of a text whose first character does not come again in it. */
  static Counter of(String text) {
    byte[] mark = text.getBytes(StandardCharsets.US_ASCII);
    return new Counter() {
      private int matched;

      @Override
      long take(byte[] part, int length) {
        long found = 0;
        int at = matched;
        for (int i = 0; i < length; i++) {
          byte b = part[i];
          if (b == mark[at]) {
            if (++at == mark.length) {
              found++;
              at = 0;
            }
          } else if (at > 0) {
            at = b == mark[0] ? 1 : 0;
          }
        }
        matched = at;
        return found;
      }
    };
  }

  /** Counts nothing. */
  static Counter none() {
    return new Counter() {
      @Override
      long take(byte[] part, int length) {
        return 0;
      }
    };
  }

  /** Counts the entries of Loki's {@code PushRequest}, compressed with snappy. */
  static Counter pushRequest() {
    return new Counter() {
      private static final int STREAMS = 1;
      private static final int ENTRIES = 2;

      private final ByteArrayOutputStream body = new ByteArrayOutputStream();

      @Override
      long take(byte[] part, int length) {
        body.write(part, 0, length);
        return 0;
      }

      @Override
      long end() {
        byte[] packed = body.toByteArray();
        byte[] bytes = new byte[SnappyDecompressor.getUncompressedLength(packed, 0)];
        int length =
            new SnappyDecompressor().decompress(packed, 0, packed.length, bytes, 0, bytes.length);
        Fields streams = new Fields(bytes, 0, length);
        long entries = 0;
        while (streams.next()) {
          if (streams.number == STREAMS) {
            Fields stream = new Fields(bytes, streams.from, streams.to);
            while (stream.next()) {
              entries += stream.number == ENTRIES ? 1 : 0;
            }
          }
        }
        return entries;
      }
    };
  }

  /** The fields of a message of Protocol Buffers, of those types that Loki's requests have. */
  private static final class Fields {
    private final byte[] bytes;
    private final int end;
    private int at;
    int number;
    int from;
    int to;

    Fields(byte[] bytes, int from, int end) {
      this.bytes = bytes;
      this.at = from;
      this.end = end;
    }

    boolean next() {
      if (at >= end) {
        return false;
      }
      long tag = varint();
      number = (int) (tag >>> 3);
      long length = varint(); // the value itself where the type is a number
      from = at;
      to = (tag & 7) == 2 ? from + (int) length : from;
      at = to;
      return true;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = bytes[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
    }
  }
}
