package io.logboom.input.forward;

import static io.logboom.net.msgpack.MsgPack.FULL;
import static io.logboom.net.msgpack.MsgPack.INCOMPLETE;
import static io.logboom.net.msgpack.MsgPack.MALFORMED;

import io.logboom.api.batch.Origin;
import io.logboom.net.forward.EntryHead;
import io.logboom.net.forward.FrameOption;
import io.logboom.net.msgpack.Extent;
import io.logboom.net.msgpack.MsgPack;
import io.logboom.net.msgpack.MsgPackReader;
import io.logboom.net.msgpack.MsgPackReader.Kind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

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
  /** The most bytes of a tag. */
  static final int MOST_TAG_BYTES = 4096;

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
  private final OpenBatch batch;
  private final long mostBytes;
  private final MsgPackReader reader = new MsgPackReader();
  private final EntryHead head = new EntryHead();
  private final FrameOption option = new FrameOption();
  private final Extent extent = new Extent();
  private State state = State.HEAD;
  private int elements;
  private long left;
  private boolean first;
  private boolean foreign;
  private long frameBytes;
  private Inflation.Format format = Inflation.Format.NONE;
  private byte[] tag = new byte[0];
  private @Nullable Origin origin;
  private @Nullable Arrival arrival;
  private int outcome;
  private Fault fault = Fault.MALFORMED;
  private String why = "";

  FrameReader(Connection connection, Lane lane, OpenBatch batch, long mostBytes) {
    this.connection = connection;
    this.lane = lane;
    this.batch = batch;
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
    return frameBytes + more > mostBytes + MOST_TAG_BYTES;
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

  /** The unit that was not whole begins at index 0 now. */
  void keepUnit() {
    extent.begin(0, state == State.MESSAGE ? elements - 1 : 1);
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

  private int malformed(String what) {
    fault = Fault.MALFORMED;
    why = what;
    return MALFORMED;
  }

  private int tooLarge(String what) {
    fault = Fault.TOO_LARGE;
    why = what + " has more than " + mostBytes + " bytes";
    return MALFORMED;
  }

  private int head(byte[] b, int i, int to) {
    MsgPackReader r = reader.reset(b, i, to);
    Kind kind = r.next();
    if (kind == Kind.INCOMPLETE) {
      return INCOMPLETE;
    }
    if (kind != Kind.ARRAY || r.length() < 2 || r.length() > 4) {
      return malformed("a frame is no array of two to four elements");
    }
    int count = r.length();
    kind = r.next();
    if (kind == Kind.INCOMPLETE) {
      return INCOMPLETE;
    }
    if ((kind != Kind.TEXT && kind != Kind.BYTES) || r.length() > MOST_TAG_BYTES) {
      return malformed("a tag is no text of up to " + MOST_TAG_BYTES + " bytes");
    }
    if (!r.isWhole()) {
      return INCOMPLETE;
    }
    int tagFrom = r.position();
    int tagBytes = r.length();
    r.skip();
    int second = r.position();
    kind = r.next();
    return switch (kind) {
      case INCOMPLETE -> INCOMPLETE;
      case ARRAY -> {
        if (count > 3) {
          yield malformed("a frame with entries has more than three elements");
        }
        left = r.length();
        yield begin(State.ENTRIES, count, b, tagFrom, tagBytes, r.position());
      }
      case TEXT, BYTES -> {
        if (count > 3) {
          yield malformed("a frame with a payload has more than three elements");
        }
        yield payload(count, b, tagFrom, tagBytes, to);
      }
      case INTEGER, BIG_INTEGER, FLOAT, EXTENSION, NIL -> {
        if (count < 3) {
          yield malformed("a message has no record");
        }
        yield begin(State.MESSAGE, count, b, tagFrom, tagBytes, second);
      }
      default -> malformed("a frame's second element is no time, entries or payload");
    };
  }

  private int payload(int count, byte[] b, int tagFrom, int tagBytes, int to) {
    int length = reader.length();
    int at = reader.position();
    if (length > mostBytes) {
      return tooLarge("a payload");
    }
    if (to - at < Math.min(4, length)) {
      return INCOMPLETE;
    }
    left = length;
    first = true;
    format = Inflation.recognise(b, at, Math.min(to, at + length));
    State next = format == Inflation.Format.NONE ? State.PACKED : State.COMPRESSED;
    return begin(next, count, b, tagFrom, tagBytes, at);
  }

  private int begin(State next, int count, byte[] b, int tagFrom, int tagBytes, int behind) {
    elements = count;
    foreign = false;
    arrival = null;
    option.clear();
    if (origin == null
        || tag.length != tagBytes
        || !java.util.Arrays.equals(tag, 0, tagBytes, b, tagFrom, tagFrom + tagBytes)) {
      tag = java.util.Arrays.copyOfRange(b, tagFrom, tagFrom + tagBytes);
      origin = lane.origin(b, tagFrom, tagBytes, connection);
    }
    state = next;
    return behind;
  }

  private Origin origin() {
    Origin known = origin;
    if (known == null) {
      throw new IllegalStateException("records before a tag");
    }
    return known;
  }

  private Arrival arrival() {
    Arrival known = arrival;
    if (known == null) {
      known = new Arrival(connection);
      arrival = known;
    }
    return known;
  }

  /** One entry, taken into the batch. */
  private int entry(byte[] b, int i, int to) {
    int from = head.entry(b, i, to);
    if (from < 0) {
      return from == MALFORMED ? malformed("an entry is not a time and a record") : from;
    }
    if (head.isMarker()) {
      return MsgPack.end(b, from, to);
    }
    int end = written(batch.write(b, from, to, origin()));
    if (end >= 0) {
      batch.add(epochNanos(), arrival());
    }
    return end;
  }

  private int written(int end) {
    if (end != MALFORMED) {
      return end;
    }
    return batch.isTooLarge() ? tooLarge("a record") : malformed(batch.fault());
  }

  private long epochNanos() {
    return head.isNow() ? lane.nowNanos() : head.epochNanos();
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
        inflation.begin(connection, format, b, i, (int) left);
      } else {
        return FULL;
      }
      int result = inflated(inflation);
      if (result != 0) {
        return result;
      }
    } catch (IOException e) {
      fault = Fault.COMPRESSION;
      why = "a payload is not " + format + ": " + e.getMessage();
      inflation.end(connection);
      return MALFORMED;
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
    if (elements == 3) {
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
    int from = head.time(b, i, to);
    if (from < 0) {
      return from == MALFORMED ? malformed("a message has no time") : from;
    }
    int end =
        head.isMarker() ? MsgPack.end(b, from, to) : written(batch.write(b, from, to, origin()));
    if (end >= 0 && elements == 4) {
      end = readOption(b, end, to);
    }
    if (end < 0) {
      return end;
    }
    if (option.signal() == 0 && !head.isMarker()) {
      batch.add(epochNanos(), option.chunk() == null ? null : arrival());
    }
    return ended() ? end : MALFORMED;
  }

  /** The frame's end; false where it is malformed after all. */
  private boolean ended() {
    state = State.HEAD;
    frameBytes = 0;
    if (option.signal() != 0) {
      connection.refuse(option.signal());
    } else if (foreign) {
      malformed("a payload's first entry is not a time and a record");
      return false;
    } else if (arrival != null || option.chunk() != null) {
      if (option.chunk() != null) {
        lane.awaited();
      }
      arrival().ends(option.chunk());
    }
    arrival = null;
    return true;
  }
}
