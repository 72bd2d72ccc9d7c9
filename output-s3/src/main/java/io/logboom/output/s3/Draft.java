package io.logboom.output.s3;

import io.logboom.api.json.ByteSink;
import io.logboom.net.body.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A unit of the staging log while it is written: records in blocks, each block of one object's
 * period, tag and source. One thread at a time; used again and again, allocates nothing per record.
 *
 * <pre>
 * unit   0  4 "LBSU"      4 4 length of the blocks   8 4 records   12 4 CRC-32C of the blocks
 *       16  8 when it was appended, in milliseconds  24 4 0        28 4 CRC-32C of bytes 0 to 27
 * block  0  4 "LBSB"      4 2 length of the tag      6 2 length of the source
 *        8  8 period, 16 8 time of its first record: seconds since the epoch
 *       24  4 records    28 4 length of the payload 32 4 length of the positions
 *       36  tag, source, payload, positions
 * </pre>
 */
final class Draft implements AutoCloseable {
  static final int UNIT_MAGIC = 0x4C425355;
  static final int BLOCK_MAGIC = 0x4C425342;
  static final int UNIT_HEADER = 32;
  static final int BLOCK_HEADER = 36;

  /** A unit is appended when it has this many bytes. */
  static final int FULL = 512 * 1024;

  private static final int USUAL = 2 * FULL;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Arena arena;
  private final ByteSink sink;
  private final ByteSink positions = ByteSink.growing(4096);
  private final CRC32C crc = new CRC32C();

  private int blockAt = -1;
  private int payloadAt;
  private @Nullable Place place;
  private long period;
  private int blockRecords;
  private long lastPosition;
  private int records;
  private final List<Note> notes = new ArrayList<>();

  /** The positions of a block. */
  record Note(Place place, byte[] positions) {}

  /** Where records come from, and whether a record of it can be told from all others. */
  record Place(String tag, byte[] tagBytes, String source, byte[] sourceBytes) {
    boolean hasPositions() {
      return sourceBytes.length > 0;
    }
  }

  /**
   * @param budget told of the bytes that it takes
   */
  Draft(LongConsumer budget) {
    this.arena = new Arena(USUAL, Integer.MAX_VALUE, budget);
    this.sink = arena.sink();
    clear();
  }

  /** Empties it, and lets go of an array that is larger than usual. */
  void clear() {
    arena.clear();
    sink.position(UNIT_HEADER);
    blockAt = -1;
    place = null;
    records = 0;
    notes.clear();
  }

  @Override
  public void close() {
    arena.close();
    clear();
  }

  /** The next record is of this period and comes from there. */
  @SuppressWarnings("ReferenceEquality") // one object per origin
  void open(Place from, long itsPeriod, long second) {
    if (blockAt >= 0 && place == from && period == itsPeriod) {
      return;
    }
    closeBlock();
    place = from;
    period = itsPeriod;
    blockAt = sink.position();
    sink.ensure(BLOCK_HEADER);
    byte[] b = sink.array();
    INT.set(b, blockAt, BLOCK_MAGIC);
    SHORT.set(b, blockAt + 4, (short) from.tagBytes.length);
    SHORT.set(b, blockAt + 6, (short) from.sourceBytes.length);
    LONG.set(b, blockAt + 8, itsPeriod);
    LONG.set(b, blockAt + 16, second);
    sink.position(blockAt + BLOCK_HEADER);
    sink.put(from.tagBytes, 0, from.tagBytes.length);
    sink.put(from.sourceBytes, 0, from.sourceBytes.length);
    payloadAt = sink.position();
    blockRecords = 0;
    positions.position(0);
  }

  /** Where the record is encoded. */
  ByteSink sink() {
    return sink;
  }

  /** The record has been encoded. */
  void added(long position) {
    Place from = place;
    if (from != null && from.hasPositions()) {
      Positions.write(
          blockRecords == 0 ? position : Positions.zigzag(position - lastPosition), positions);
      lastPosition = position;
    }
    blockRecords++;
    records++;
  }

  private void closeBlock() {
    if (blockAt < 0) {
      return;
    }
    if (blockRecords == 0) {
      sink.position(blockAt);
      blockAt = -1;
      return;
    }
    Place from = place;
    if (from != null && positions.position() > 0) {
      notes.add(new Note(from, positions.toByteArray()));
    }
    int payload = sink.position() - payloadAt;
    sink.put(positions.array(), 0, positions.position());
    byte[] b = sink.array();
    INT.set(b, blockAt + 24, blockRecords);
    INT.set(b, blockAt + 28, payload);
    INT.set(b, blockAt + 32, positions.position());
    blockAt = -1;
  }

  boolean isFull() {
    return sink.position() >= FULL;
  }

  int records() {
    return records;
  }

  /** Ends the unit: {@code array[0, length)} is it. */
  void seal(long millis) {
    closeBlock();
    byte[] b = sink.array();
    int length = sink.position();
    crc.reset();
    crc.update(b, UNIT_HEADER, length - UNIT_HEADER);
    INT.set(b, 0, UNIT_MAGIC);
    INT.set(b, 4, length - UNIT_HEADER);
    INT.set(b, 8, records);
    INT.set(b, 12, (int) crc.getValue());
    LONG.set(b, 16, millis);
    INT.set(b, 24, 0);
    crc.reset();
    crc.update(b, 0, 28);
    INT.set(b, 28, (int) crc.getValue());
  }

  /** The positions in the unit, after {@link #seal}; the caller's from here on. */
  List<Note> takeNotes() {
    List<Note> all = List.copyOf(notes);
    notes.clear();
    return all;
  }

  byte[] array() {
    return sink.array();
  }

  int length() {
    return sink.position();
  }
}
