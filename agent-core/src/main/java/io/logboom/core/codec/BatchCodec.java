package io.logboom.core.codec;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch as a payload of bytes, and back, so that every output sends the same bytes for it; {@code
 * docs/reference/payload-format.md} is the format. Allocates nothing per record. Not safe for
 * several threads: each has its own.
 *
 * <p>Origins that were written with equal content come back as the same object, from payload to
 * payload, so that what consumers keep of them ({@link io.logboom.api.batch.Origin#memo}) holds.
 */
public final class BatchCodec {
  /** The bytes of a payload that {@link #memoryFor} looks at. */
  public static final int HEADER = 12;

  /** Larger contents are stored as they are, so that nobody needs much memory beside the slab. */
  static final int MOST_COMPRESSED = 1 << 20;

  /** What stands before the table: the fingerprint of the names, the table's length. */
  static final int CONTENT_HEADER = Long.BYTES + Integer.BYTES;

  private static final byte VERSION = 1;

  private final Compression compression;
  private final PayloadWriter writer;
  private final PayloadReader reader;
  private final Cursor header = new Cursor();
  private final Map<Compression, Compressor> compressors = new EnumMap<>(Compression.class);
  private @Nullable ByteSink content;

  /**
   * @param names the process's names: sets of them are translated where another process, or another
   *     configuration, has written the payload
   * @param compression of payloads to be written; those of all kinds are read
   * @throws IllegalStateException where the library for the compression cannot be loaded
   */
  public BatchCodec(Names names, Compression compression) {
    this.compression = compression;
    this.writer = new PayloadWriter(names);
    this.reader = new PayloadReader(names);
    if (compression != Compression.NONE) {
      compressor(compression);
    }
  }

  private Compressor compressor(Compression kind) {
    return compressors.computeIfAbsent(kind, Compressor::of);
  }

  /** Appends the live (not dropped) records of the batch to {@code out}, as one payload. */
  public void encode(Batch batch, ByteSink out) {
    int size = writer.measure(batch);
    if (compression == Compression.NONE
        || size > MOST_COMPRESSED
        || !compressed(batch, size, out)) {
      putHeader(Compression.NONE, size, size, out);
      writer.write(batch, out);
    }
  }

  /** Writes it compressed, if that is smaller. */
  private boolean compressed(Batch batch, int size, ByteSink out) {
    ByteSink plain = content;
    if (plain == null) {
      plain = ByteSink.growing(size);
      content = plain;
    }
    plain.position(0);
    writer.write(batch, plain);
    Compressor compressor = compressor(compression);
    out.ensure(HEADER + compressor.bound(size));
    int start = out.position();
    int made = compressor.compress(plain.array(), size, out.array(), start + HEADER);
    if (made >= size) {
      return false;
    }
    putHeader(compression, size, made, out);
    out.position(start + HEADER + made);
    return true;
  }

  private static void putHeader(Compression kind, int size, int stored, ByteSink out) {
    out.ensure(HEADER);
    out.put(VERSION);
    out.put((byte) kind.code());
    out.put((byte) 0);
    out.put((byte) 0);
    putInt(size, out);
    putInt(stored, out);
  }

  static void putInt(int value, ByteSink out) {
    out.ensure(Integer.BYTES);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.put((byte) (value >>> shift));
    }
  }

  static void putLong(long value, ByteSink out) {
    putInt((int) (value >>> 32), out);
    putInt((int) value, out);
  }

  /**
   * How many bytes of memory decoding needs: never more than {@code count} and 1 MiB.
   *
   * @param payload has the payload's first {@link #HEADER} bytes at {@code from}
   * @param count the bytes of the whole payload
   */
  public int memoryFor(byte[] payload, int from, int count) throws DamagedException {
    Head head = head(payload, from, count);
    long needed = count + (head.kind == Compression.NONE ? 0L : head.size);
    if (needed > Integer.MAX_VALUE - 64) {
      throw new DamagedException("a payload of " + count + " bytes");
    }
    return (int) needed;
  }

  private record Head(Compression kind, int size) {}

  private Head head(byte[] payload, int from, int count) throws DamagedException {
    if (count < HEADER) {
      throw new DamagedException("a payload of " + count + " bytes");
    }
    header.reset(payload, from, Math.min(payload.length, from + HEADER));
    int version = header.byteValue();
    if (version != VERSION) {
      throw new DamagedException("a payload of version " + version + ", which is not known here");
    }
    Compression kind = Compression.of(header.byteValue());
    int reserved = header.byteValue();
    reserved |= header.byteValue();
    int size = header.fixedInt();
    int stored = header.fixedInt();
    boolean sizesAgree =
        kind == Compression.NONE ? size == stored : size >= 0 && size <= MOST_COMPRESSED;
    if (reserved != 0) {
      throw new DamagedException("a payload with unknown bits, " + reserved);
    }
    if (stored != count - HEADER || !sizesAgree) {
      throw new DamagedException(
          "a payload of " + count + " bytes that claims " + stored + " and " + size);
    }
    return new Head(kind, size);
  }

  /**
   * Fills {@code into} with the payload's records. Their bodies are slices of the payload itself,
   * or of its decompressed form behind it.
   *
   * @param into an empty batch whose slab holds the payload in its first {@code count} bytes, and
   *     has room for what {@link #memoryFor} said
   * @throws DamagedException where the payload is not one; the batch is of no use then but to be
   *     cleared
   */
  public void decode(Batch into, int count) throws DamagedException {
    if (into.size() != 0 || into.limit() != 0 || into.origins() != 0) {
      throw new IllegalArgumentException("the batch is in use");
    }
    Head head = head(into.bytes(), 0, count);
    into.advance(count);
    if (head.kind == Compression.NONE) {
      reader.read(into, HEADER, count);
      return;
    }
    into.room(head.size);
    byte[] bytes = into.bytes();
    decompressor(head.kind).decompress(bytes, HEADER, count - HEADER, count, head.size);
    into.advance(head.size);
    reader.read(into, count, count + head.size);
  }

  private Compressor decompressor(Compression kind) throws DamagedException {
    try {
      return compressor(kind);
    } catch (IllegalStateException e) {
      throw new DamagedException(e.getMessage() == null ? "" : e.getMessage());
    }
  }
}
