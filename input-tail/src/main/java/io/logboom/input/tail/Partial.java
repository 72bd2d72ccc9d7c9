package io.logboom.input.tail;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of one stream's record that is not complete yet: not their bytes but where they stand,
 * in one file or, over a rotation, in several. Their files stay open until the record is complete.
 */
final class Partial {
  /** More pieces than this are cut off: each costs memory here. */
  static final int MOST_PIECES = 8192;

  private TailedFile[] file = new TailedFile[4];
  private long[] position = new long[4];
  private int[] length = new int[4];
  private int pieces;
  private long bytes;
  private boolean cut;
  private boolean escaped;
  private long linePosition;
  private long stampPosition;
  private int stampLength;
  private long epochNanos;
  private long grownNanos;

  boolean isEmpty() {
    return pieces == 0;
  }

  int pieces() {
    return pieces;
  }

  TailedFile file(int piece) {
    return file[piece];
  }

  long position(int piece) {
    return position[piece];
  }

  int length(int piece) {
    return length[piece];
  }

  /** The bytes of all pieces, escapes included. */
  long bytes() {
    return bytes;
  }

  boolean isCut() {
    return cut;
  }

  /** Where the first piece's line starts. */
  long linePosition() {
    return linePosition;
  }

  long stampPosition() {
    return stampPosition;
  }

  int stampLength() {
    return stampLength;
  }

  /** The first piece's time. */
  long epochNanos() {
    return epochNanos;
  }

  /** When the last piece came, in the agent's monotonic time. */
  long grownNanos() {
    return grownNanos;
  }

  /** Whether the pieces have JSON's escapes. */
  boolean isEscaped() {
    return escaped;
  }

  /** Begins a record. */
  void begin(long atLine, long atStamp, int stampBytes, long nanos, boolean hasEscapes) {
    linePosition = atLine;
    escaped = hasEscapes;
    stampPosition = atStamp;
    stampLength = stampBytes;
    epochNanos = nanos;
  }

  /** Adds a piece, or notes that it is left out because the record is as long as it may be. */
  void add(TailedFile in, long at, int count, long limit, long now) {
    grownNanos = now;
    if (pieces > 0 && (bytes >= limit || pieces == MOST_PIECES)) {
      cut = true;
      return;
    }
    if (pieces == length.length) {
      int more = pieces * 2;
      file = Arrays.copyOf(file, more);
      position = Arrays.copyOf(position, more);
      length = Arrays.copyOf(length, more);
    }
    if (pieces == 0 || file[pieces - 1] != in) {
      in.pin();
    }
    file[pieces] = in;
    position[pieces] = at;
    length[pieces] = count;
    pieces++;
    bytes += count;
  }

  /** Where the first piece in {@code in} stands; {@link Long#MAX_VALUE} where none does. */
  long firstIn(TailedFile in) {
    if (pieces == 0) {
      return Long.MAX_VALUE;
    }
    if (file[0] == in) {
      return linePosition;
    }
    for (int i = 0; i < pieces; i++) {
      if (file[i] == in) {
        return position[i];
      }
    }
    return Long.MAX_VALUE;
  }

  /** Lets the pieces in {@code from} stand in {@code to}, which has the same bytes. */
  void move(TailedFile from, TailedFile to) {
    @Nullable TailedFile last = null;
    for (int i = 0; i < pieces; i++) {
      if (file[i] == from) {
        file[i] = to;
        if (last != from) {
          from.unpin();
          to.pin();
        }
        last = from;
      } else {
        last = file[i];
      }
    }
  }

  void clear() {
    for (int i = 0; i < pieces; i++) {
      if (i == 0 || file[i] != file[i - 1]) {
        file[i].unpin();
      }
    }
    Arrays.fill(file, 0, pieces, null);
    pieces = 0;
    bytes = 0;
    cut = false;
  }
}
