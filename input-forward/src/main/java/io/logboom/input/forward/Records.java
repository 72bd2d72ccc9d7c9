package io.logboom.input.forward;

import static io.logboom.net.msgpack.MsgPack.MALFORMED;

import io.logboom.api.batch.Origin;
import io.logboom.net.forward.EntryHead;
import io.logboom.net.msgpack.MsgPack;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of a connection's frames, one frame after the other, into the lane's batch.
 * Methods that read return the index behind what they read, or a code, with {@link #fault} where it
 * is MALFORMED.
 */
final class Records {
  private final Answers answers;
  private final Lane lane;
  private final OpenBatch batch;
  private final Connection connection;
  private final long mostBytes;
  private final EntryHead head = new EntryHead();
  private byte[] tag = new byte[0];
  private @Nullable Origin origin;
  private @Nullable Arrival arrival;
  private Fault fault = Fault.MALFORMED;
  private String why = "";

  Records(Answers answers, Lane lane, OpenBatch batch, Connection connection, long mostBytes) {
    this.answers = answers;
    this.lane = lane;
    this.batch = batch;
    this.connection = connection;
    this.mostBytes = mostBytes;
  }

  /** A frame begins, with this tag. */
  void begin(byte[] b, int tagFrom, int tagBytes) {
    arrival = null;
    if (origin == null || !Arrays.equals(tag, 0, tag.length, b, tagFrom, tagFrom + tagBytes)) {
      tag = Arrays.copyOfRange(b, tagFrom, tagFrom + tagBytes);
      origin = lane.origin(b, tagFrom, tagBytes, connection);
    }
  }

  /** Takes an entry, of which the frame's end will tell. */
  int entry(byte[] b, int from, int to) {
    int record = head.entry(b, from, to);
    if (record < 0) {
      return record == MALFORMED ? malformed("an entry is not a time and a record") : record;
    }
    int end = record(b, record, to);
    if (end >= 0) {
      add(true);
    }
    return end;
  }

  /** Reads a message's time. */
  int time(byte[] b, int from, int to) {
    int record = head.time(b, from, to);
    return record == MALFORMED ? malformed("a message has no time") : record;
  }

  /** Writes the record that belongs to what was read last behind those that the batch has. */
  int record(byte[] b, int from, int to) {
    Origin known = origin;
    if (known == null) {
      throw new IllegalStateException("records before a tag");
    }
    if (head.isMarker()) {
      return MsgPack.end(b, from, to);
    }
    int end = batch.write(b, from, to, known);
    if (end != MALFORMED) {
      return end;
    }
    if (batch.isTooLarge()) {
      fault = Fault.TOO_LARGE;
      why = "a record has more than " + mostBytes + " bytes";
      return MALFORMED;
    }
    return malformed(batch.fault());
  }

  /**
   * Adds it to the batch.
   *
   * @param told whether the frame is to know what becomes of it
   */
  void add(boolean told) {
    if (!head.isMarker()) {
      long epochNanos = head.isNow() ? lane.nowNanos() : head.epochNanos();
      batch.add(epochNanos, told ? arrival() : null);
    }
  }

  private Arrival arrival() {
    Arrival known = arrival;
    if (known == null) {
      known = new Arrival(answers);
      arrival = known;
    }
    return known;
  }

  /**
   * The frame has come to its end.
   *
   * @param chunk null where nobody waits for an acknowledgement
   */
  void end(byte @Nullable [] chunk) {
    if (chunk != null) {
      lane.awaited();
      arrival().ends(chunk);
    } else if (arrival != null) {
      arrival.ends(null);
    }
    arrival = null;
  }

  /** The frame does not come to its end, or is none of logs. */
  void abandon() {
    end(null);
  }

  private int malformed(String what) {
    fault = Fault.MALFORMED;
    why = what;
    return MALFORMED;
  }

  Fault fault() {
    return fault;
  }

  /** The fault in words. */
  String why() {
    return why;
  }
}
