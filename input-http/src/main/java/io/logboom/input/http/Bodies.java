package io.logboom.input.http;

import io.logboom.api.batch.Names;
import io.logboom.api.json.JsonRepair;
import io.logboom.api.json.JsonScanner;
import io.logboom.input.http.BodyCursor.Found;
import io.logboom.net.ingest.Answer;
import io.logboom.net.ingest.Exchange;
import io.logboom.net.ingest.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body that a lane works on: decompressed, and looked at to its end before the first record of
 * it is taken. One at a time. What the look found of the first {@link #MOST_NOTED} records is kept;
 * those behind them are looked at again, so that memory stays bounded whatever the records' size.
 */
final class Bodies {
  static final int MOST_NOTED = 4096;

  /** Members of a record in which a name stands twice, or of which a part is not UTF-8. */
  private static final int MOST_MENDED = 65_536;

  /** A record with fewer bytes has fewer members than that. */
  private static final int LEAST_UNFIT = 5 * MOST_MENDED;

  private static final byte[] NOTHING = {};

  private final BodyCursor cursor;
  private final JsonScanner mending;
  private final MsgPackBody msgPack;
  private final int most;
  private final Lane lane;
  private final int[] starts = new int[MOST_NOTED];
  private final int[] stops = new int[MOST_NOTED];
  private final long[] nameSets = new long[MOST_NOTED];
  private byte[] own = NOTHING;
  private long @Nullable [] times;
  private byte[] b = NOTHING;
  private int base;
  private int to;
  private long records;
  private long next;

  // The record.
  private byte[] json = NOTHING;
  private int from;
  private int stop;
  private long names;
  private boolean mended;

  Bodies(Names names, int most, Lane lane) {
    this.cursor = new BodyCursor(names);
    this.mending = new JsonScanner(names);
    this.msgPack = new MsgPackBody(names, most);
    this.most = most;
    this.lane = lane;
  }

  /**
   * Begins with the body of a request.
   *
   * @return an answer that refuses it; null where it is in order
   */
  @Nullable Answer begin(Exchange of, ContentCoding coding, BodyType type) {
    b = of.body();
    int start = of.from();
    to = of.to();
    if (coding != ContentCoding.IDENTITY) {
      try {
        ContentCoding.Plain plain = coding.decode(b, start, to, most);
        if (plain == null) {
          return tooLarge("the body, decompressed,");
        }
        own(plain.bytes(), plain.size());
      } catch (IOException e) {
        return Answer.refused(
            400, Reason.COMPRESSION, "the body cannot be decompressed: " + e.getMessage());
      }
      start = 0;
    }
    if (type == BodyType.MSGPACK) {
      Answer refusal = messagePack(start);
      if (refusal != null) {
        return refusal;
      }
      start = 0;
    }
    if (type == BodyType.FORM) {
      byte @Nullable [] form = Form.json(b, start, to);
      if (form == null || form.length > most) {
        return tooLarge("the form");
      }
      own(form, form.length);
      start = 0;
    }
    return look(start);
  }

  private @Nullable Answer messagePack(int start) {
    return switch (msgPack.read(b, start, to)) {
      case READ -> {
        times(msgPack.times());
        own(msgPack.json(), msgPack.size());
        yield null;
      }
      case TOO_LARGE -> tooLarge("the body, as JSON,");
      case FAULT -> Answer.refused(400, Reason.RECORDS, msgPack.fault());
    };
  }

  private void times(long @Nullable [] next) {
    long before = times == null ? 0 : times.length;
    lane.charge(Long.BYTES * ((next == null ? 0 : next.length) - before));
    times = next;
  }

  private void own(byte[] bytes, int size) {
    lane.charge((long) bytes.length - own.length);
    own = bytes;
    b = bytes;
    to = size;
  }

  private Answer tooLarge(String what) {
    return Answer.refused(413, Reason.TOO_LARGE, what + " has more than " + most + " bytes");
  }

  private @Nullable Answer look(int start) {
    cursor.reset(b, start, to);
    base = start;
    records = 0;
    next = 0;
    Found found = cursor.next();
    while (found == Found.RECORD) {
      if (records < MOST_NOTED) {
        note((int) records);
      }
      if (cursor.isToBeMended() && cursor.to() - cursor.from() > LEAST_UNFIT && isUnfit()) {
        return Answer.refused(
            400,
            Reason.RECORDS,
            "record " + cursor.number() + " has too many members to be mended");
      }
      records++;
      found = cursor.next();
    }
    if (found == Found.FAULT) {
      return Answer.refused(400, Reason.RECORDS, cursor.fault());
    }
    if (cursor.isBlank()) {
      return Answer.refused(400, Reason.RECORDS, "the body has no record");
    }
    if (records > MOST_NOTED) {
      cursor.rewind();
    }
    return null;
  }

  private void note(int record) {
    starts[record] = cursor.from() - base;
    int behind = cursor.to() - base;
    stops[record] = cursor.isToBeMended() ? -behind : behind;
    nameSets[record] = cursor.names();
    if (record == MOST_NOTED - 1) {
      cursor.mark();
    }
  }

  private boolean isUnfit() {
    return JsonRepair.repair(b, cursor.from(), cursor.to(), MOST_MENDED) == null;
  }

  /** Goes on with a body that was begun, and that may stand elsewhere now. */
  @SuppressWarnings("ReferenceEquality") // which array it is, not what is in it
  void resume(Exchange of) {
    if (own.length == 0 && of.body() != b) {
      int delta = of.from() - base;
      boolean copied = json != b;
      b = of.body();
      base += delta;
      to += delta;
      cursor.moved(b, delta);
      if (!copied) {
        json = b;
        from += delta;
        stop += delta;
      }
    }
  }

  /** Goes to the next record, which then is {@code json()[from(), to())}; false at the end. */
  boolean next() {
    if (next == records) {
      return false;
    }
    boolean unfit;
    if (next < MOST_NOTED) {
      int i = (int) next;
      from = base + starts[i];
      unfit = stops[i] < 0;
      stop = base + Math.abs(stops[i]);
      names = nameSets[i];
    } else {
      if (cursor.next() != Found.RECORD) {
        throw new IllegalStateException("the body has changed");
      }
      from = cursor.from();
      stop = cursor.to();
      unfit = cursor.isToBeMended();
      names = cursor.names();
    }
    next++;
    json = b;
    mended = unfit;
    if (unfit) {
      mend();
    }
    return true;
  }

  private void mend() {
    byte @Nullable [] made = JsonRepair.repair(b, from, stop, MOST_MENDED);
    if (made == null || mending.scan(made, 0, made.length) == JsonScanner.NOT_AN_OBJECT) {
      throw new IllegalStateException("a record cannot be mended after all");
    }
    json = made;
    from = 0;
    stop = made.length;
    names = mending.names();
  }

  byte[] json() {
    return json;
  }

  /**
   * The record's time.
   *
   * @param arrival for one that has none
   */
  long nanos(long arrival) {
    long[] all = times;
    if (all == null) {
      return arrival;
    }
    long own = all[(int) next - 1];
    return own == MsgPackBody.NO_TIME ? arrival : own;
  }

  int from() {
    return from;
  }

  int to() {
    return stop;
  }

  /** The registered names that the record has. */
  long names() {
    return names;
  }

  /** Whether a name stood twice in the record, or something in it was not UTF-8. */
  boolean isMended() {
    return mended;
  }

  /** The body is done with. */
  void end() {
    lane.charge(-own.length);
    own = NOTHING;
    times(null);
    b = NOTHING;
    json = NOTHING;
  }
}
