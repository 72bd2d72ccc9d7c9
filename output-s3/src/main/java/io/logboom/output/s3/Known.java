package io.logboom.output.s3;

import io.logboom.api.json.ByteSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records that are staged, by their source and position: what an input reads again after a
 * crash is found here, and left out. Holds the newest of them, as many as fit into a bound; safe
 * for all threads.
 */
final class Known {
  /** Bytes of chunks that are kept: some two million records. */
  static final int MOST_BYTES = 4 << 20;

  private static final int OVERHEAD = 96;
  private static final int CHUNK = 4096;

  private final int most;
  private final Map<Name, Source> sources = new HashMap<>();
  private final ArrayDeque<Chunk> byAge = new ArrayDeque<>();
  private long bytes;
  private long forgotten;
  private @Nullable Chunk decodedOf;
  private long[] decoded = new long[0];
  private int decodedCount;

  /** A source, under one tag: a filter may give copies of a record other tags. */
  private record Name(String tag, String id) {}

  /** Some positions of one source. */
  private static final class Chunk {
    final Source source;
    byte[] positions;
    int count;
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    long last;

    Chunk(Source source) {
      this.source = source;
      this.positions = new byte[0];
    }
  }

  /** What is known of one source. */
  final class Source {
    private final Name name;
    private final List<Chunk> chunks = new ArrayList<>();
    private volatile long greatest = Long.MIN_VALUE;
    private int hint;

    private Source(Name name) {
      this.name = name;
    }

    /** Whether the record at this position is staged, as far as is known. */
    boolean has(long position) {
      return position <= greatest && search(this, position);
    }
  }

  Known() {
    this(MOST_BYTES);
  }

  Known(int most) {
    this.most = most;
  }

  /** What is known of a source; null where that is nothing. */
  synchronized @Nullable Source find(String tag, String id) {
    return sources.get(new Name(tag, id));
  }

  /** Notes positions, as {@link Positions} has them in {@code b[from, to)}. */
  synchronized void add(String tag, String id, byte[] b, int from, int to) {
    Source source = sources.computeIfAbsent(new Name(tag, id), Source::new);
    Chunk chunk = source.chunks.isEmpty() ? null : source.chunks.getLast();
    if (chunk == null || chunk.positions.length >= CHUNK) {
      chunk = new Chunk(source);
      source.chunks.add(chunk);
      byAge.add(chunk);
      bytes += OVERHEAD;
    }
    append(chunk, b, from, to);
    source.greatest = Math.max(source.greatest, chunk.greatest);
    while (bytes > most && byAge.size() > 1) {
      forgetOldest();
    }
  }

  private void append(Chunk chunk, byte[] b, int from, int to) {
    Positions.Reader reader = new Positions.Reader(b, from, to);
    ByteSink joined = ByteSink.growing(chunk.positions.length + to - from + 10);
    joined.put(chunk.positions, 0, chunk.positions.length);
    int rest = -1;
    while (reader.next()) {
      long value = reader.value();
      if (rest < 0) {
        Positions.write(chunk.count == 0 ? value : Positions.zigzag(value - chunk.last), joined);
        rest = reader.at();
      }
      chunk.least = Math.min(chunk.least, value);
      chunk.greatest = Math.max(chunk.greatest, value);
      chunk.last = value;
      chunk.count++;
    }
    if (rest >= 0) {
      joined.put(b, rest, to - rest);
    }
    bytes += joined.position() - chunk.positions.length;
    chunk.positions = joined.toByteArray();
    if (decodedOf == chunk) {
      decodedOf = null;
    }
  }

  private void forgetOldest() {
    Chunk oldest = byAge.removeFirst();
    bytes -= OVERHEAD + oldest.positions.length;
    forgotten += oldest.count;
    Source source = oldest.source;
    source.chunks.remove(oldest);
    source.hint = 0;
    if (source.chunks.isEmpty()) {
      source.greatest = Long.MIN_VALUE;
      sources.remove(source.name);
    }
  }

  private synchronized boolean search(Source source, long position) {
    List<Chunk> chunks = source.chunks;
    // What is read again comes in order: mostly in the chunk of the last one, or the next.
    for (int i = source.hint; i < Math.min(source.hint + 2, chunks.size()); i++) {
      if (contains(chunks.get(i), position)) {
        source.hint = i;
        return true;
      }
    }
    for (int i = chunks.size() - 1; i >= 0; i--) {
      if (contains(chunks.get(i), position)) {
        source.hint = i;
        return true;
      }
    }
    return false;
  }

  private boolean contains(Chunk chunk, long position) {
    if (position < chunk.least || position > chunk.greatest) {
      return false;
    }
    if (decodedOf != chunk) {
      decode(chunk);
    }
    return Arrays.binarySearch(decoded, 0, decodedCount, position) >= 0;
  }

  private void decode(Chunk chunk) {
    if (decoded.length < chunk.count) {
      decoded = new long[chunk.count];
    }
    decodedCount = 0;
    Positions.Reader reader = new Positions.Reader(chunk.positions, 0, chunk.positions.length);
    while (reader.next()) {
      decoded[decodedCount++] = reader.value();
    }
    Arrays.sort(decoded, 0, decodedCount);
    decodedOf = chunk;
  }

  /** The bytes that are in use for it. */
  synchronized long bytes() {
    return bytes;
  }

  /** How many records are not known any more for want of room. */
  synchronized long forgotten() {
    return forgotten;
  }
}
