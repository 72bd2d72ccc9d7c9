package io.logboom.input.tail;

import io.logboom.api.text.LineJoiner;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What there is of one stream's record that is not complete yet: the pieces of a line that the
 * runtime split, or the lines of a record of several. Not their bytes but where they stand, in one
 * file or, over a rotation, in several. Their files stay open until the record is complete.
 */
final class Partial {
  /** More pieces than this are cut off: each costs memory here. */
  static final int MOST_PIECES = 8192;

  /** Flag: the piece has JSON's escapes. */
  static final int ESCAPED = 1;

  /** Flag: a line break stands before the piece. */
  static final int BREAK = 2;

  private static final int USUAL_PIECES = 4;
  private static final int KEPT_PIECES = 64;

  private final Waiting waiting;
  private TailedFile[] file = new TailedFile[USUAL_PIECES];
  private long[] position = new long[USUAL_PIECES];
  private int[] length = new int[USUAL_PIECES];
  // From the start of the piece's line to the piece.
  private int[] lead = new int[USUAL_PIECES];
  private byte[] flags = new byte[USUAL_PIECES];
  private int pieces;
  private long bytes;
  private boolean cut;
  private boolean split;
  private long stampPosition;
  private int stampLength;
  private long epochNanos;
  private long beganNanos;
  private long grownNanos;

  // Of a record of several lines.
  private int lastLine;
  private int state;
  private long timeoutNanos;

  /**
   * @param waiting is told how many pieces there are
   */
  Partial(Waiting waiting) {
    this.waiting = waiting;
  }

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

  /** Where the line that a piece is of starts in the piece's file. */
  long line(int piece) {
    return position[piece] - lead[piece];
  }

  boolean isEscaped(int piece) {
    return (flags[piece] & ESCAPED) != 0;
  }

  boolean breaks(int piece) {
    return (flags[piece] & BREAK) != 0;
  }

  /** The bytes of all pieces, escapes and line breaks included. */
  long bytes() {
    return bytes;
  }

  boolean isCut() {
    return cut;
  }

  /** The record is not all of what it should be. */
  void cut() {
    cut = true;
  }

  /** Whether the first line came in pieces. */
  boolean isSplit() {
    return split;
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

  /** When the first piece came, in the agent's monotonic time. */
  long beganNanos() {
    return beganNanos;
  }

  /** When the last piece came, in the agent's monotonic time. */
  long grownNanos() {
    return grownNanos;
  }

  /** The first piece of the last line. */
  int lastLine() {
    return lastLine;
  }

  /** What the multiline parsers know of the stream. */
  int state() {
    return state;
  }

  /** How long the record waits for its next line. */
  long timeoutNanos() {
    return timeoutNanos;
  }

  /** Begins a record. */
  void begin(long atStamp, int stampBytes, long nanos, boolean inPieces) {
    stampPosition = atStamp;
    stampLength = stampBytes;
    epochNanos = nanos;
    split = inPieces;
  }

  /** A line begins with the next piece. */
  void nextLine(int stateBehind, long timeout) {
    lastLine = pieces;
    state = stateBehind;
    timeoutNanos = timeout;
  }

  /** No further line belongs to the record: it goes as soon as it can. */
  void over() {
    state = LineJoiner.NOTHING;
    timeoutNanos = 0;
  }

  /**
   * Adds a piece, or notes that it is left out because the record is as long as it may be.
   *
   * @param line where its line starts
   */
  void add(TailedFile in, long line, long at, int count, int how, long limit, long now) {
    grownNanos = now;
    if (pieces > 0 && (bytes >= limit || pieces == MOST_PIECES)) {
      cut = true;
      return;
    }
    if (pieces == length.length) {
      resize(pieces * 2);
    }
    if (pieces == 0 || file[pieces - 1] != in) {
      in.pin();
    }
    file[pieces] = in;
    position[pieces] = at;
    length[pieces] = count;
    lead[pieces] = (int) (at - line);
    flags[pieces] = (byte) how;
    if (pieces == 0) {
      beganNanos = now;
    }
    pieces++;
    waiting.add(1);
    bytes += count + ((how & BREAK) != 0 ? 1 : 0);
  }

  private void resize(int room) {
    file = Arrays.copyOf(file, room);
    position = Arrays.copyOf(position, room);
    length = Arrays.copyOf(length, room);
    lead = Arrays.copyOf(lead, room);
    flags = Arrays.copyOf(flags, room);
  }

  /** Where the first line in {@code in} starts; {@link Long#MAX_VALUE} where none does. */
  long firstIn(TailedFile in) {
    for (int i = 0; i < pieces; i++) {
      if (file[i] == in) {
        return line(i);
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
    waiting.add(-pieces);
    pieces = 0;
    bytes = 0;
    cut = false;
    lastLine = 0;
    state = LineJoiner.NOTHING;
    if (length.length > KEPT_PIECES) {
      resize(USUAL_PIECES);
    }
  }
}
