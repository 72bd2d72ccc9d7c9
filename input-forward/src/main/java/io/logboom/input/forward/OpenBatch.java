package io.logboom.input.forward;

import static io.logboom.net.msgpack.MsgPack.FULL;
import static io.logboom.net.msgpack.MsgPack.MALFORMED;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.net.msgpack.MsgPackJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one batch that a lane fills from all of its connections. A record is written to its free
 * space ({@link #write}), and is in it when that is wanted ({@link #add}).
 */
final class OpenBatch {
  private final Batches batches;
  private final ForwardCounters counters;
  private final MsgPackJson json;
  private final Lane lane;
  private final int mostBytes;
  private @Nullable Batch batch;
  private List<Sealed.Part> parts = new ArrayList<>();
  private @Nullable Arrival last;
  private long lastRecords;
  private long plain;
  private @Nullable Origin origin;
  private boolean tooLarge;
  private boolean awaited;

  /**
   * @param mostBytes the most bytes of a record's body
   */
  OpenBatch(Batches batches, Names names, ForwardCounters counters, Lane lane, int mostBytes) {
    this.batches = batches;
    this.counters = counters;
    this.json = new MsgPackJson(names);
    this.lane = lane;
    this.mostBytes = mostBytes;
  }

  /**
   * Writes the record at {@code b[from]} behind those that the batch has.
   *
   * @return the index behind it, or a code; FULL where there is no room in the pipeline, or no
   *     memory
   */
  int write(byte[] b, int from, int to, Origin of) {
    tooLarge = false;
    origin = of;
    while (true) {
      Batch open = open();
      if (open == null) {
        return FULL;
      }
      int end = isFull(open, of) ? FULL : json.object(b, from, to, open.bytes(), open.limit());
      if (end >= 0) {
        return end;
      }
      if (end != FULL) {
        giveBackLarge(open);
        return end;
      }
      if (open.size() > 0) {
        if (!lane.gate().seal()) {
          return FULL;
        }
      } else if (open.bytes().length >= mostBytes) {
        tooLarge = true;
        giveBackLarge(open);
        return MALFORMED;
      } else {
        open.room(Math.min(mostBytes, open.bytes().length * 2) - open.limit());
      }
    }
  }

  /**
   * An origin enters the batch with a record of its own ({@link #add}): those of records that never
   * end would fill a batch that has none to be given away for.
   */
  private static boolean isFull(Batch open, Origin origin) {
    return open.isFull() || (open.origins() == Batch.MAX_ORIGINS && open.origin(origin) < 0);
  }

  /** Does not keep what grew for a record that did not come to be. */
  private void giveBackLarge(Batch open) {
    if (open.size() == 0 && open.bytes().length > batches.usual()) {
      batch = null;
      lane.discard(open);
    }
  }

  private @Nullable Batch open() {
    if (batch == null && lane.gate().mayOpen()) {
      batch = batches.tryOpen();
    }
    return batch;
  }

  /** Goes on with this one; false where it has one already. */
  boolean goOn(Batch empty) {
    if (batch != null) {
      return false;
    }
    batch = empty;
    return true;
  }

  /**
   * Adds what was written last.
   *
   * @param arrival the frame to be told; null for none
   */
  void add(long epochNanos, @Nullable Arrival arrival) {
    Batch open = batch;
    Origin of = origin;
    if (open == null || of == null) {
      return;
    }
    int from = open.limit();
    int count = json.stop() - from;
    open.advance(count);
    // No position: nothing names a forwarded record for ever (docs/forward.md).
    open.addJson(open.origin(of), from, count, epochNanos, 0, json.names());
    if (json.hasRepaired()) {
      counters.repaired.add(1);
    }
    if (json.hasBase64()) {
      counters.base64.add(1);
    }
    if (arrival == null) {
      plain++;
    } else {
      note(arrival);
    }
    if (open.size() == 1) {
      lane.begun();
    }
  }

  private void note(Arrival arrival) {
    if (arrival != last) {
      closePart();
      arrival.enters();
      last = arrival;
    }
    lastRecords++;
  }

  private void closePart() {
    if (last != null) {
      parts.add(new Sealed.Part(last, lastRecords));
    }
    last = null;
    lastRecords = 0;
  }

  /** Why the record that was written last is malformed. */
  String fault() {
    return json.fault();
  }

  /** Whether that is for its size. */
  boolean isTooLarge() {
    return tooLarge;
  }

  /** Somebody waits for an acknowledgement of what the batch has. */
  void await() {
    awaited = true;
  }

  boolean isEmpty() {
    return batch == null || batch.size() == 0;
  }

  /** Takes the batch out, with what is to be told; null where there is none with records. */
  @Nullable Sealed take() {
    Batch full = batch;
    if (full == null || full.size() == 0) {
      return null;
    }
    closePart();
    if (awaited) {
      full.await();
      awaited = false;
    }
    Sealed sealed = new Sealed(full, List.copyOf(parts), plain, lane, batches);
    counters.records.add(full.size());
    batch = null;
    parts = new ArrayList<>();
    plain = 0;
    return sealed;
  }

  /** Takes out a batch without records, to be given back. */
  @Nullable Batch takeEmpty() {
    Batch empty = batch;
    if (empty == null || empty.size() > 0) {
      return null;
    }
    batch = null;
    return empty;
  }
}
