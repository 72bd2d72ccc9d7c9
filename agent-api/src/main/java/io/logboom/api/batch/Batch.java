package io.logboom.api.batch;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Records as slices of one byte array (the slab), and what is known of each: time, flags, origin,
 * position.
 *
 * <pre>
 *   slab   [ raw bytes as read ... | rewritten bodies grow here ...      | free ]
 *                                                                        ^ limit
 *   record i = { body offset, body length, epoch nanos, flags, origin, position, stamp slice, names }
 * </pre>
 *
 * <p>A body is TEXT (raw bytes that only an encoder escapes) or JSON (flag {@link #JSON}): one
 * object, valid, in valid UTF-8, no name twice at any level, with {@link #names} telling which
 * registered names its top level has. Whoever sets the flag has checked that ({@link
 * io.logboom.api.json.JsonScanner}).
 *
 * <p>Bytes below {@link #limit} are never changed in place: a rewrite appends and moves the slice.
 *
 * <p>Ownership: an input fills a batch that it opened and gives it away with {@link
 * io.logboom.api.plugin.Intake#put}; filters see it one after the other; after routing it is shared
 * between outputs and nobody changes it any more. One thread at a time writes.
 */
public final class Batch {
  /** The most origins that one batch holds, so that a set of them is one {@code long}. */
  public static final int MAX_ORIGINS = 64;

  /** The most records that one batch holds. */
  public static final int MAX_RECORDS = 8192;

  /** Flag: the body is a JSON object, as the class comment promises; else it is text. */
  public static final int JSON = 1;

  /**
   * Flag: a filter took the record out. It stays in place, so that positions add up, and is never
   * encoded.
   */
  public static final int DROPPED = 1 << 1;

  /** Flag: the record was longer than its limit and was cut. */
  public static final int CUT = 1 << 2;

  /** Flag: metadata that should be there was not known in time. */
  public static final int INCOMPLETE = 1 << 3;

  /**
   * Flag: the body is JSON without a line break between its tokens, and so a line of NDJSON as it
   * is. Without the flag it may be one too.
   */
  public static final int ONE_LINE = 1 << 4;

  /** What a record takes in the index: three ints, three longs, three bytes. */
  private static final int INDEX_BYTES = 3 * Integer.BYTES + 3 * Long.BYTES + 3;

  private final Storage storage;
  private byte[] bytes;
  private int limit;
  private int size;
  // Of the records that are not dropped.
  private int live;
  private long liveBytes;
  private int[] offset;
  private int[] length;
  private long[] epochNanos;
  private long[] position;
  private long[] names;
  private int[] stampOffset;
  private byte[] stampLength;
  private byte[] flags;
  private byte[] originIndex;
  private int origins;
  private final Origin[] origin = new Origin[MAX_ORIGINS];
  private final Fragment[] enrichment = new Fragment[MAX_ORIGINS];
  private int lastOrigin;
  private boolean awaited;

  /** What backs a batch: the pool that it came from. */
  public interface Storage {
    /**
     * An array of at least {@code atLeast} bytes that starts with the first {@code used} bytes of
     * {@code bytes}, which it replaces. Never waits: growth is charged to the budget even where
     * that overdraws it.
     */
    byte[] grow(byte[] bytes, int used, int atLeast);

    /** The batch's index has so many more bytes. Never waits, as {@link #grow}. */
    default void indexed(int more) {}
  }

  /**
   * For pools: an empty batch on {@code bytes}.
   *
   * @param records how many its index has room for, before that has to grow
   */
  public Batch(Storage storage, byte[] bytes, int records) {
    this.storage = storage;
    this.bytes = bytes;
    this.offset = new int[records];
    this.length = new int[records];
    this.epochNanos = new long[records];
    this.position = new long[records];
    this.names = new long[records];
    this.stampOffset = new int[records];
    this.stampLength = new byte[records];
    this.flags = new byte[records];
    this.originIndex = new byte[records];
  }

  /** For pools: the bytes of the index of a batch with room for so many records. */
  public static int indexBytes(int records) {
    return records * INDEX_BYTES;
  }

  /** For pools: the bytes of the index. */
  public int indexBytes() {
    return indexBytes(offset.length);
  }

  // ---- filling
  // ------------------------------------------------------------------------------------------------

  /** The slab. {@link #append} and {@link #room} may replace it: fetch it again after them. */
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte[] bytes() {
    return bytes;
  }

  /** Where free space starts. */
  public int limit() {
    return limit;
  }

  /** Free bytes behind {@link #limit}. */
  public int free() {
    return bytes.length - limit;
  }

  /** Whether no further record can be added. */
  public boolean isFull() {
    return size == MAX_RECORDS;
  }

  /**
   * Claims {@code count} bytes behind the limit that the owner has written directly, such as by a
   * read.
   */
  public void advance(int count) {
    if (count < 0 || count > free()) {
      throw new IllegalArgumentException(
          "count " + count + " does not fit in " + free() + " free bytes");
    }
    limit += count;
  }

  /**
   * Makes sure of {@code count} free bytes behind the limit. The slab may be replaced by a larger
   * one.
   */
  public void room(int count) {
    if (count > free()) {
      bytes = storage.grow(bytes, limit, Math.addExact(limit, count));
    }
  }

  /**
   * Copies bytes behind the limit and tells where they start. The source may be the slab itself.
   */
  @SuppressWarnings("ReferenceEquality") // which array it is, not what is in it
  public int append(byte[] source, int from, int count) {
    boolean own = source == bytes;
    room(count);
    int at = limit;
    // A slab that was replaced may be in other hands already.
    System.arraycopy(own ? bytes : source, from, bytes, at, count);
    limit += count;
    return at;
  }

  /**
   * The index of {@code origin} in this batch, adding it at first sight; -1 where the batch has
   * {@link #MAX_ORIGINS} others already and must be given away first.
   */
  public int origin(Origin wanted) {
    if (origins > 0 && origin[lastOrigin] == wanted) {
      return lastOrigin;
    }
    for (int i = 0; i < origins; i++) {
      if (origin[i] == wanted) {
        return lastOrigin = i;
      }
    }
    if (origins == MAX_ORIGINS) {
      return -1;
    }
    origin[origins] = wanted;
    enrichment[origins] = Fragment.EMPTY;
    return lastOrigin = origins++;
  }

  /**
   * Adds an origin with what filters had added for its records, even where the batch has the origin
   * already: for reading back what an earlier batch held.
   *
   * @return its index
   */
  public int restore(Origin known, Fragment members) {
    origin[origins] = known;
    enrichment[origins] = members;
    return origins++;
  }

  /**
   * Adds a text record.
   *
   * @param originIndex from {@link #origin(Origin)}
   * @param from where its body starts in the slab
   * @param count the body's bytes
   * @param nanos its time, since the epoch
   * @param at its position in its source, such as the byte offset of its line
   * @return its index
   */
  public int add(int originIndex, int from, int count, long nanos, long at) {
    int i = size;
    if (i == offset.length) {
      growRecords();
    }
    offset[i] = from;
    length[i] = count;
    epochNanos[i] = nanos;
    position[i] = at;
    names[i] = 0;
    stampLength[i] = 0;
    flags[i] = 0;
    this.originIndex[i] = (byte) originIndex;
    size = i + 1;
    live++;
    liveBytes += count;
    return i;
  }

  /**
   * Adds a record whose body is JSON as the class comment promises, and of one line.
   *
   * @param registeredNames the {@link Names} set of its members
   * @return its index
   */
  public int addJson(
      int originIndex, int from, int count, long nanos, long at, long registeredNames) {
    int i = add(originIndex, from, count, nanos, at);
    names[i] = registeredNames;
    flags[i] = JSON | ONE_LINE;
    return i;
  }

  private void growRecords() {
    if (size == MAX_RECORDS) {
      throw new IllegalStateException("the batch has " + MAX_RECORDS + " records already");
    }
    int next = Math.min(MAX_RECORDS, Math.max(16, offset.length * 2));
    storage.indexed(indexBytes(next - offset.length));
    index(next);
  }

  /** For pools: lets go of the part of the index that is not in use. */
  public void trimIndex() {
    index(size);
  }

  private void index(int next) {
    offset = Arrays.copyOf(offset, next);
    length = Arrays.copyOf(length, next);
    epochNanos = Arrays.copyOf(epochNanos, next);
    position = Arrays.copyOf(position, next);
    names = Arrays.copyOf(names, next);
    stampOffset = Arrays.copyOf(stampOffset, next);
    stampLength = Arrays.copyOf(stampLength, next);
    flags = Arrays.copyOf(flags, next);
    originIndex = Arrays.copyOf(originIndex, next);
  }

  /**
   * Where the record's time stands in the slab as its source wrote it; at most 127 bytes that need
   * no escaping.
   */
  public void stamp(int record, int from, int count) {
    stampOffset[record] = from;
    stampLength[record] = (byte) count;
  }

  /**
   * Somebody waits to hear that these records are settled, such as a client that sends no more
   * until then: they are not to wait long for company.
   */
  public void await() {
    awaited = true;
  }

  // ---- reading
  // ------------------------------------------------------------------------------------------------

  /** How many records there are, dropped ones among them. */
  public int size() {
    return size;
  }

  public int offset(int record) {
    return offset[record];
  }

  public int length(int record) {
    return length[record];
  }

  /** Nanoseconds since the epoch, UTC. */
  public long epochNanos(int record) {
    return epochNanos[record];
  }

  /** The record's place in its source, such as the byte offset of its line in its file. */
  public long position(int record) {
    return position[record];
  }

  public int stampOffset(int record) {
    return stampOffset[record];
  }

  /** 0 where the source wrote no time. */
  public int stampLength(int record) {
    return stampLength[record];
  }

  /** The set of registered {@link Names} among the body's top-level members; 0 for text. */
  public long names(int record) {
    return names[record];
  }

  public int flags(int record) {
    return flags[record];
  }

  public boolean isJson(int record) {
    return (flags[record] & JSON) != 0;
  }

  public boolean isDropped(int record) {
    return (flags[record] & DROPPED) != 0;
  }

  /** The index of the record's origin, below {@link #origins}. */
  public int originIndex(int record) {
    return originIndex[record];
  }

  public Origin originOf(int record) {
    return origin[originIndex[record]];
  }

  /** How many origins there are. */
  public int origins() {
    return origins;
  }

  public Origin origin(int originIndex) {
    return origin[originIndex];
  }

  /** What filters added for all records of the origin. */
  public Fragment enrichment(int originIndex) {
    return enrichment[originIndex];
  }

  /**
   * The body's bytes that are in use over all records that are not dropped, for sizing a request.
   */
  public long liveBytes() {
    return liveBytes;
  }

  /** How many records are not dropped. */
  public int liveRecords() {
    return live;
  }

  /** Whether somebody waits for them to be settled. */
  public boolean isAwaited() {
    return awaited;
  }

  // ---- filters
  // ------------------------------------------------------------------------------------------------

  /** Adds members to all records of an origin, behind those that it has. */
  public void enrich(int originIndex, Fragment members) {
    enrichment[originIndex] = enrichment[originIndex].and(members);
  }

  /** Takes a record out. */
  public void drop(int record) {
    if (!isDropped(record)) {
      flags[record] |= (byte) DROPPED;
      live--;
      liveBytes -= length[record];
    }
  }

  /** Adds flags, but not {@link #DROPPED}, which {@link #drop} sets. */
  public void addFlags(int record, int more) {
    flags[record] |= (byte) (more & ~DROPPED);
  }

  /** Gives a record another text body. */
  public void text(int record, int from, int count) {
    move(record, from, count);
    names[record] = 0;
    flags[record] &= (byte) ~(JSON | ONE_LINE);
  }

  /**
   * Gives a record another body, or marks the one it has: JSON as the class comment promises, with
   * these registered names, and not known to be {@link #ONE_LINE}.
   */
  public void json(int record, int from, int count, long registeredNames) {
    move(record, from, count);
    names[record] = registeredNames;
    flags[record] = (byte) ((flags[record] & ~ONE_LINE) | JSON);
  }

  private void move(int record, int from, int count) {
    if (!isDropped(record)) {
      liveBytes += count - length[record];
    }
    offset[record] = from;
    length[record] = count;
  }

  public void epochNanos(int record, long nanos) {
    epochNanos[record] = nanos;
  }

  // ---- sharing
  // ------------------------------------------------------------------------------------------------

  /**
   * The records in {@code keep} as a batch of its own on the same slab: for routing a part, and for
   * sending again what was refused. Lives no longer than this one.
   */
  public Batch subset(BitSet keep) {
    if (keep.length() > size) {
      throw new IllegalArgumentException(
          "record " + (keep.length() - 1) + " is not among the " + size);
    }
    int count = keep.cardinality();
    Batch part = new Batch(storage, bytes, Math.max(1, count));
    part.limit = limit;
    part.awaited = awaited;
    part.origins = origins;
    System.arraycopy(origin, 0, part.origin, 0, origins);
    System.arraycopy(enrichment, 0, part.enrichment, 0, origins);
    for (int i = keep.nextSetBit(0), to = 0; i >= 0; i = keep.nextSetBit(i + 1), to++) {
      part.offset[to] = offset[i];
      part.length[to] = length[i];
      part.epochNanos[to] = epochNanos[i];
      part.position[to] = position[i];
      part.names[to] = names[i];
      part.stampOffset[to] = stampOffset[i];
      part.stampLength[to] = stampLength[i];
      part.flags[to] = flags[i];
      part.originIndex[to] = originIndex[i];
      if (!isDropped(i)) {
        part.live++;
        part.liveBytes += length[i];
      }
    }
    part.size = count;
    return part;
  }

  /**
   * For pools: puts another array in the slab's place, with the same first {@link #limit} bytes.
   */
  public void rebase(byte[] other) {
    bytes = other;
  }

  /** For pools: empties the batch for its next use. */
  public void clear() {
    Arrays.fill(origin, 0, origins, null);
    Arrays.fill(enrichment, 0, origins, null);
    origins = 0;
    lastOrigin = 0;
    awaited = false;
    limit = 0;
    size = 0;
    live = 0;
    liveBytes = 0;
  }
}
