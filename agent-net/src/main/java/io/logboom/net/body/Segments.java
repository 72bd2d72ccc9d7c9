package io.logboom.net.body;

import io.logboom.api.json.ByteSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A request's body: pooled arrays in order, each with the bytes that are used of it. Written
 * through {@link #sink}, then {@link #seal}ed, then sent any number of times, then {@link
 * #clear}ed. One thread at a time.
 */
public final class Segments implements ByteSink.Store {
  private final SegmentPool pool;
  private final long most;
  private final ByteSink sink;
  private byte[][] segment = new byte[16][];
  private int[] used = new int[16];
  private int count;
  private long sealedBytes;
  private boolean open;
  private @Nullable Source source;
  private @Nullable FileChannel file;
  private long fileFrom;

  /** The body has become larger than it may; it is to be {@link #clear}ed. */
  public static final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FullException(long most) {
      super("it has more than " + most + " bytes");
    }
  }

  public Segments(SegmentPool pool) {
    this(pool, Long.MAX_VALUE);
  }

  /** Reads a part of a body that is not in memory. */
  @FunctionalInterface
  public interface Reader {
    /** Fills {@code into[0, count)} with the bytes from {@code at} on. */
    void read(byte[] into, int count, long at) throws IOException;
  }

  /**
   * A body that is read piece by piece each time it is sent, such as a large file's. Not to be
   * written to; {@link #clear} changes nothing.
   *
   * @param reader must not wait for anything but a disk; what it throws ends the request
   */
  public static Segments reading(long length, Reader reader) {
    Segments made = new Segments(new SegmentPool(0, 0), 0);
    made.source = new Source(length, reader);
    return made;
  }

  /**
   * A body that is a stretch of a file, as {@link #reading}; where a connection is in clear text
   * the kernel sends it, and no byte of it comes into memory. The file must stay open, and its
   * channel be used by nobody who is interrupted.
   */
  public static Segments reading(FileChannel file, long from, long length, Reader reader) {
    Segments made = reading(length, reader);
    made.file = file;
    made.fileFrom = from;
    return made;
  }

  /** What is not in memory, but for the piece that was read last. */
  private static final class Source {
    private static final int PIECE = 64 * 1024;

    private final long length;
    private final Reader reader;
    // Who takes a piece bit by bit asks for it again and again.
    private volatile Piece last = new Piece(-1, new byte[0]);

    private record Piece(int index, byte[] bytes) {}

    Source(long length, Reader reader) {
      this.length = length;
      this.reader = reader;
    }

    int count() {
      return Math.toIntExact((length + PIECE - 1) / PIECE);
    }

    int used(int index) {
      return (int) Math.min(PIECE, length - (long) index * PIECE);
    }

    byte[] piece(int index) {
      Piece known = last;
      if (known.index != index) {
        byte[] bytes = new byte[used(index)];
        try {
          reader.read(bytes, bytes.length, (long) index * PIECE);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        known = new Piece(index, bytes);
        last = known;
      }
      return known.bytes;
    }
  }

  /**
   * @param most the bytes that the body may have, to a segment: beyond, the sink throws {@link
   *     FullException}
   */
  public Segments(SegmentPool pool, long most) {
    this.pool = pool;
    this.most = most;
    this.sink = new ByteSink(this, new byte[0]);
  }

  /** Where the body is written; valid until {@link #clear}. */
  public ByteSink sink() {
    if (!open) {
      open = true;
      sink.reset(pool.take());
    }
    return sink;
  }

  /** How many bytes were written so far. */
  public long length() {
    return source != null ? source.length : sealedBytes + (open ? sink.position() : 0);
  }

  /** The file that the body is a stretch of; null where it is in none. */
  public @Nullable FileChannel file() {
    return file;
  }

  /** Where the stretch begins. */
  public long fileFrom() {
    return fileFrom;
  }

  /** Ends the writing. */
  public void seal() {
    if (open) {
      add(sink.array(), sink.position());
      open = false;
    }
  }

  /** How many segments there are, after {@link #seal}. */
  public int count() {
    return source != null ? source.count() : count;
  }

  /** Not to be changed. */
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte[] segment(int index) {
    return source != null ? source.piece(index) : segment[index];
  }

  /** How many bytes of the segment are in use. */
  public int used(int index) {
    return source != null ? source.used(index) : used[index];
  }

  /** Empties the body and gives its segments back. */
  public void clear() {
    if (open) {
      pool.give(sink.array());
      open = false;
    }
    for (int i = 0; i < count; i++) {
      pool.give(segment[i]);
    }
    Arrays.fill(segment, 0, count, null);
    count = 0;
    sealedBytes = 0;
  }

  /** All bytes in one array, for tests and small bodies. */
  public byte[] toByteArray() {
    byte[] all = new byte[Math.toIntExact(length())];
    int at = 0;
    for (int i = 0; i < count(); i++) {
      System.arraycopy(segment(i), 0, all, at, used(i));
      at += used(i);
    }
    if (open) {
      System.arraycopy(sink.array(), 0, all, at, sink.position());
    }
    return all;
  }

  @Override
  public byte[] next(byte[] array, int usedBytes, int needed) {
    if (sealedBytes + usedBytes >= most) {
      throw new FullException(most);
    }
    byte[] next = needed > pool.segmentBytes() ? pool.takeLarge(needed) : pool.take();
    if (usedBytes > 0) {
      add(array, usedBytes);
    } else {
      pool.give(array);
    }
    return next;
  }

  @Override
  public int resumeAt(int usedBytes) {
    return 0;
  }

  private void add(byte[] array, int usedBytes) {
    if (count == segment.length) {
      segment = Arrays.copyOf(segment, count * 2);
      used = Arrays.copyOf(used, count * 2);
    }
    segment[count] = array;
    used[count++] = usedBytes;
    sealedBytes += usedBytes;
  }
}
