package io.logboom.net.forward;

import static io.logboom.net.msgpack.MsgPack.INCOMPLETE;
import static io.logboom.net.msgpack.MsgPack.MALFORMED;

import io.logboom.net.msgpack.Extent;
import io.logboom.net.msgpack.MsgPack;
import io.logboom.net.msgpack.MsgPackReader;

/**
 * What stands before a record: {@code [time, record]} or {@code [[time, metadata], record]}.
 * Metadata are skipped. Methods return the index behind what they read, or a code of {@link
 * MsgPack}.
 */
public final class EntryHead {
  /** The seconds that mark the start of a group of OpenTelemetry's, and its end. */
  private static final long GROUP_START = 0xFFFF_FFFFL;

  private static final long GROUP_END = 0xFFFF_FFFEL;
  private static final long NANOS = 1_000_000_000L;
  private static final long LAST_SECOND = Long.MAX_VALUE / NANOS - 1;
  private static final int EVENT_TIME = 0;
  private static final byte FIXEXT8 = (byte) 0xD7;
  private static final int ARRAY_OF_TWO = 0x92;
  private static final int EMPTY_MAP = 0x80;

  private final MsgPackReader reader = new MsgPackReader();
  private final Extent extent = new Extent();
  private long epochNanos;
  private boolean now;
  private boolean marker;

  /** Reads {@code b[from, to)} up to the record of the entry that starts there. */
  public int entry(byte[] b, int from, int to) {
    if (from >= to) {
      return INCOMPLETE;
    }
    return (b[from] & 0xFF) == ARRAY_OF_TWO ? time(b, from + 1, to) : otherArray(b, from, to);
  }

  private int otherArray(byte[] b, int from, int to) {
    MsgPackReader.Kind kind = reader.reset(b, from, to).next();
    if (kind == MsgPackReader.Kind.INCOMPLETE) {
      return INCOMPLETE;
    }
    boolean two = kind == MsgPackReader.Kind.ARRAY && reader.length() == 2;
    return two ? time(b, reader.position(), to) : MALFORMED;
  }

  /** Reads a time, with metadata or without. */
  public int time(byte[] b, int from, int to) {
    marker = false;
    now = false;
    if (from >= to) {
      return INCOMPLETE;
    }
    if ((b[from] & 0xF0) != 0x90) {
      return plainTime(b, from, to);
    }
    if ((b[from] & 0xFF) != ARRAY_OF_TWO) {
      return MALFORMED;
    }
    int behind = plainTime(b, from + 1, to);
    return behind < 0 ? behind : skip(b, behind, to);
  }

  private int skip(byte[] b, int from, int to) {
    if (from < to && (b[from] & 0xFF) == EMPTY_MAP) {
      return from + 1;
    }
    extent.begin(from, 1);
    return extent.advance(b, to);
  }

  private int plainTime(byte[] b, int from, int to) {
    if (to - from >= 10 && b[from] == FIXEXT8 && b[from + 1] == EVENT_TIME) {
      eventTime(b, from + 2);
      return from + 10;
    }
    MsgPackReader r = reader.reset(b, from, to);
    return switch (r.next()) {
      case INTEGER -> {
        seconds(r.number());
        yield r.position();
      }
      case BIG_INTEGER -> {
        seconds(Long.MAX_VALUE);
        yield r.position();
      }
      case FLOAT -> real(r.real()) ? r.position() : MALFORMED;
      case EXTENSION -> eventTime(b, r);
      case NIL -> {
        now = true;
        yield r.position();
      }
      case INCOMPLETE -> INCOMPLETE;
      default -> MALFORMED;
    };
  }

  private int eventTime(byte[] b, MsgPackReader r) {
    if (r.type() != EVENT_TIME || r.length() != 8) {
      return MALFORMED;
    }
    if (!r.isWhole()) {
      return INCOMPLETE;
    }
    eventTime(b, r.position());
    r.skip();
    return r.position();
  }

  private void eventTime(byte[] b, int at) {
    long both = MsgPack.int64(b, at);
    long seconds = both >>> 32;
    epochNanos = seconds * NANOS + (both & 0xFFFF_FFFFL);
    marker = seconds >= GROUP_END && seconds <= GROUP_START;
  }

  private void seconds(long seconds) {
    epochNanos = Math.clamp(seconds, -LAST_SECOND, LAST_SECOND) * NANOS;
    marker = seconds == GROUP_START || seconds == GROUP_END || seconds == -1 || seconds == -2;
  }

  /**
   * A float has some 200 ns at today's date; taken as seconds and microseconds, so that what was
   * written with six digits is what it was.
   */
  private boolean real(double seconds) {
    if (!Double.isFinite(seconds)) {
      return false;
    }
    double within = Math.clamp(seconds, -(double) LAST_SECOND, (double) LAST_SECOND);
    double whole = Math.floor(within);
    epochNanos = ((long) whole) * NANOS + Math.round((within - whole) * 1e6) * 1000;
    return true;
  }

  /** Nanoseconds since the epoch; times that no {@code long} holds are the nearest that it does. */
  public long epochNanos() {
    return epochNanos;
  }

  /** Whether the sender gave no time, and means now. */
  public boolean isNow() {
    return now;
  }

  /** Whether the entry is no record but begins or ends a group. */
  public boolean isMarker() {
    return marker;
  }
}
