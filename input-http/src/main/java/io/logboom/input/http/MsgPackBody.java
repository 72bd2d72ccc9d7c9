package io.logboom.input.http;

import io.logboom.api.batch.Names;
import io.logboom.net.forward.EntryHead;
import io.logboom.net.msgpack.MsgPack;
import io.logboom.net.msgpack.MsgPackJson;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A body of MessagePack as JSON, with the records' times: values one behind the other, each of
 * which is a record, {@code [time, record]} or {@code [[time, metadata], record]}, as Fluent Bit's
 * http output sends them. For one thread.
 */
final class MsgPackBody {
  /** For a record without a time. */
  static final long NO_TIME = Long.MIN_VALUE;

  private static final int SLACK = 128;
  private static final int MAP16 = 0xDE;
  private static final int MAP32 = 0xDF;
  private static final byte[] NOTHING = {};

  private final MsgPackJson json;
  private final EntryHead head = new EntryHead();
  private final int most;
  private byte[] out = NOTHING;
  private int size;
  private long @Nullable [] times;
  private int records;
  private String fault = "";

  /** What became of a body. */
  enum Result {
    READ,
    TOO_LARGE,
    FAULT
  }

  /**
   * @param most the bytes that the JSON may have
   */
  MsgPackBody(Names names, int most) {
    this.json = new MsgPackJson(names);
    this.most = most;
  }

  /** Reads {@code b[from, to)}. */
  Result read(byte[] b, int from, int to) {
    out = new byte[(int) Math.min(most, 2L * (to - from)) + SLACK];
    size = 0;
    times = null;
    records = 0;
    int i = from;
    while (i < to) {
      int map = i;
      long time = NO_TIME;
      if (!isMap(b[i])) {
        map = head.entry(b, i, to);
        if (map < 0) {
          return fault("is neither a map nor [time, map]", map, i - from);
        }
        time = head.isNow() ? NO_TIME : head.epochNanos();
      }
      int behind = json.object(b, map, to, out, size);
      if (behind == MsgPack.FULL) {
        if (out.length > most) {
          return Result.TOO_LARGE;
        }
        out = Arrays.copyOf(out, (int) Math.min(2L * out.length, (long) most + SLACK));
        continue;
      }
      if (behind < 0) {
        return fault("is no record: " + json.fault(), behind, i - from);
      }
      if (map == i || !head.isMarker()) {
        size = json.stop();
        note(time);
      }
      i = behind;
    }
    return size > most ? Result.TOO_LARGE : Result.READ;
  }

  private static boolean isMap(byte b) {
    int c = b & 0xFF;
    return (c & 0xF0) == 0x80 || c == MAP16 || c == MAP32;
  }

  private Result fault(String what, int code, int at) {
    fault =
        "record "
            + (records + 1)
            + (code == MsgPack.INCOMPLETE ? " does not end" : " " + what)
            + "; at byte "
            + at
            + " of the body";
    return Result.FAULT;
  }

  private void note(long time) {
    long[] all = times;
    if (all == null && time != NO_TIME) {
      all = new long[Math.max(64, records + 1)];
      Arrays.fill(all, 0, records, NO_TIME);
    }
    if (all != null) {
      if (records == all.length) {
        all = Arrays.copyOf(all, 2 * all.length);
      }
      all[records] = time;
      times = all;
    }
    records++;
  }

  /** The records as JSON, in the first {@link #size} bytes. */
  byte[] json() {
    byte[] made = out;
    out = NOTHING;
    return made;
  }

  int size() {
    return size;
  }

  /** The records' times; null where none has one. */
  long @Nullable [] times() {
    return times;
  }

  /** What is wrong, for the client. */
  String fault() {
    return fault;
  }
}
