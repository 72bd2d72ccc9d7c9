package io.logboom.input.forward;

import static io.logboom.net.msgpack.MsgPack.FULL;
import static io.logboom.net.msgpack.MsgPack.INCOMPLETE;
import static io.logboom.net.msgpack.MsgPack.MALFORMED;

import io.logboom.net.forward.FrameOption;
import io.logboom.net.msgpack.Extent;
import io.logboom.net.msgpack.MsgPack;
import java.io.IOException;

/**
 * Turns a connection's bytes into records, as they come. A frame is read in units, each of which is
 * taken when all of its bytes are there: its head, each entry, a compressed payload, its option.
 *
 * <pre>
 *                ┌► ENTRIES ────┐
 *   HEAD ────────┼► PACKED ─────┼──► OPTION ──► HEAD
 *    │           ├► COMPRESSED ─┤
 *    │           └► FOREIGN ────┘
 *    └► MESSAGE ──────────────────────────────► HEAD
 * </pre>
 */
final class FrameReader {
  private enum State {
    HEAD,
    MESSAGE,
    ENTRIES,
    PACKED,
    COMPRESSED,
    /** A payload that has no entries: skipped until the option says what it is. */
    FOREIGN,
    OPTION
  }

  private final Connection connection;
  private final Lane lane;
  private final Records records;
  private final long mostBytes;
  private final FrameHead head;
  private final FrameOption option = new FrameOption();
  private final Extent extent = new Extent();
  private State state = State.HEAD;
  private long left;
  private boolean first;
  private boolean foreign;
  private long frameBytes;
  private int outcome;
  private Fault fault = Fault.MALFORMED;
  private String why = "";

  FrameReader(Connection connection, Answers answers, Lane lane, OpenBatch batch, long mostBytes) {
    this.connection = connection;
    this.lane = lane;
    this.records = new Records(answers, lane, batch, connection, mostBytes);
    this.head = new FrameHead(mostBytes);
    this.mostBytes = mostBytes;
  }

  /**
   * Takes all whole units in {@code b[from, to)}; {@link #outcome} tells what stopped it.
   *
   * @return where the first unit begins that was not taken
   */
  int read(byte[] b, int from, int to) {
    int i = from;
    while (true) {
      int next = unit(b, i, to);
      if (next < 0) {
        outcome = next == INCOMPLETE && isTooLarge(to - i) ? tooLarge("a frame") : next;
        return i;
      }
      if (state == State.HEAD) {
        frameBytes = 0;
      } else {
        frameBytes += next - i;
      }
      i = next;
    }
  }

  /** Whether the frame is too large with so many bytes that have not been taken. */
  boolean isTooLarge(int more) {
    return frameBytes + more > mostBytes + FrameHead.MOST_TAG_BYTES;
  }

  /** {@link MsgPack#INCOMPLETE}, {@link MsgPack#FULL} or {@link MsgPack#MALFORMED}. */
  int outcome() {
    return outcome;
  }

  Fault fault() {
    return fault;
  }

  /** The fault in words. */
  String why() {
    return why;
  }

  /** Whether a frame has begun and not ended. */
  boolean isInFrame() {
    return state != State.HEAD;
  }

  /** A frame that has begun will not end. */
  void abandon() {
    records.abandon();
  }

  /** The unit that was not whole begins at index 0 now. */
  void keepUnit() {
    extent.begin(0, state == State.MESSAGE ? head.elements() - 1 : 1);
  }

  /** Whether that unit is worth another try, with {@code b[0, to)} there. */
  boolean isReady(byte[] b, int to) {
    return switch (state) {
      case HEAD, FOREIGN -> true;
      case COMPRESSED -> to >= left;
      case PACKED -> to >= left || extent.advance(b, to) != INCOMPLETE;
      case MESSAGE, ENTRIES, OPTION -> extent.advance(b, to) != INCOMPLETE;
    };
  }

  /** The most bytes that the unit can have. */
  long unitBytes() {
    return state == State.COMPRESSED || state == State.PACKED
        ? Math.min(left, mostBytes)
        : mostBytes;
  }

  private int unit(byte[] b, int i, int to) {
    return switch (state) {
      case HEAD -> head(b, i, to);
      case MESSAGE -> message(b, i, to);
      case ENTRIES -> left > 0 ? counted(entry(b, i, to)) : payloadEnded(i);
      case PACKED -> left > 0 ? packed(b, i, to) : payloadEnded(i);
      case COMPRESSED -> compressed(b, i, to);
      case FOREIGN -> left > 0 ? foreign(i, to) : payloadEnded(i);
      case OPTION -> option(b, i, to);
    };
  }

  private int faulty(Fault what, String words) {
    fault = what;
    why = words;
    return MALFORMED;
  }

  private int malformed(String what) {
    return faulty(Fault.MALFORMED, what);
  }

  private int tooLarge(String what) {
    return faulty(Fault.TOO_LARGE, what + " has more than " + mostBytes + " bytes");
  }

  private int head(byte[] b, int i, int to) {
    int behind = head.read(b, i, to);
    if (behind < 0) {
      return behind == MALFORMED ? faulty(head.fault(), head.why()) : behind;
    }
    left = head.length();
    first = true;
    foreign = false;
    option.clear();
    records.begin(b, head.tagFrom(), head.tagBytes());
    state =
        switch (head.content()) {
          case MESSAGE -> State.MESSAGE;
          case ENTRIES -> State.ENTRIES;
          case PAYLOAD -> head.format() == Inflation.Format.NONE ? State.PACKED : State.COMPRESSED;
        };
    return behind;
  }

  private int entry(byte[] b, int i, int to) {
    return told(records.entry(b, i, to));
  }

  /** Takes over what was wrong with a record. */
  private int told(int end) {
    return end == MALFORMED ? faulty(records.fault(), records.why()) : end;
  }

  private int counted(int end) {
    if (end >= 0) {
      left--;
    }
    return end;
  }

  private int packed(byte[] b, int i, int to) {
    boolean whole = to - i >= left;
    int within = whole ? (int) (i + left) : to;
    if (first && i < to && !isArray(b[i])) {
      foreign = true;
      state = State.FOREIGN;
      return i;
    }
    first = false;
    int end = entry(b, i, within);
    if (end == INCOMPLETE && whole) {
      return malformed("a payload ends within an entry");
    }
    if (end >= 0) {
      left -= end - i;
    }
    return end;
  }

  private static boolean isArray(byte b) {
    int c = b & 0xFF;
    return (c >= 0x90 && c < 0xA0) || c == 0xDC || c == 0xDD;
  }

  private int foreign(int i, int to) {
    int count = (int) Math.min(left, to - i);
    left -= count;
    return count == 0 ? INCOMPLETE : i + count;
  }

  private int compressed(byte[] b, int i, int to) {
    if (to - i < left) {
      return INCOMPLETE;
    }
    Inflation inflation = lane.inflation();
    try {
      if (inflation.isOf(connection)) {
        inflation.moved(b, i);
      } else if (inflation.isFree()) {
        inflation.begin(connection, head.format(), b, i, (int) left);
      } else {
        return FULL;
      }
      int result = inflated(inflation);
      if (result != 0) {
        return result;
      }
    } catch (IOException e) {
      inflation.end(connection);
      String what = "a payload is not " + head.format() + ": " + e.getMessage();
      return faulty(Fault.COMPRESSION, what);
    }
    inflation.end(connection);
    int behind = (int) (i + left);
    left = 0;
    return payloadEnded(behind);
  }

  /** 0 where all entries were taken, else a code. */
  private int inflated(Inflation inflation) throws IOException {
    while (true) {
      int at = inflation.from();
      if (first && at < inflation.to() && !isArray(inflation.bytes()[at])) {
        foreign = true;
        return 0;
      }
      int end = at < inflation.to() ? entry(inflation.bytes(), at, inflation.to()) : INCOMPLETE;
      if (end >= 0) {
        first = false;
        inflation.from(end);
        continue;
      }
      if (end != INCOMPLETE) {
        return end;
      }
      if (!inflation.more()) {
        if (inflation.isTooLarge()) {
          return tooLarge("a decompressed payload");
        }
        return inflation.from() == inflation.to() ? 0 : malformed("a payload ends within an entry");
      }
    }
  }

  private int payloadEnded(int i) {
    if (head.elements() == 3) {
      state = State.OPTION;
      return i;
    }
    return ended() ? i : MALFORMED;
  }

  private int option(byte[] b, int i, int to) {
    int end = readOption(b, i, to);
    return end >= 0 && !ended() ? MALFORMED : end;
  }

  private int readOption(byte[] b, int i, int to) {
    int end = option.read(b, i, to);
    int bytes = (end < 0 ? to : end) - i;
    if (end == MALFORMED || bytes > FrameOption.MOST_BYTES) {
      return malformed("an option is no map that it should be");
    }
    return end;
  }

  private int message(byte[] b, int i, int to) {
    int end = told(records.time(b, i, to));
    if (end >= 0) {
      end = told(records.record(b, end, to));
    }
    if (end >= 0 && head.elements() == 4) {
      end = readOption(b, end, to);
    }
    if (end < 0) {
      return end;
    }
    if (option.signal() == 0) {
      records.add(option.chunk() != null);
    }
    return ended() ? end : MALFORMED;
  }

  /** The frame's end; false where it is malformed after all. */
  private boolean ended() {
    state = State.HEAD;
    frameBytes = 0;
    if (option.signal() != 0) {
      connection.refuse(option.signal());
      records.abandon();
    } else if (foreign) {
      malformed("a payload's first entry is not a time and a record");
      return false;
    } else {
      records.end(option.chunk());
    }
    return true;
  }
}
