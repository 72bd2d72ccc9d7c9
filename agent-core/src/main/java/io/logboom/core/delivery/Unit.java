package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batches taken together, and the records of them that still have to arrive. A send carries the
 * oldest of those, as many as the window lets through: all, until a receiver finds that too much.
 */
final class Unit {
  private final long number;
  private final List<Queued> parts;
  // Of each part what is left; null where nothing is.
  private final @Nullable Batch[] left;
  // A bit for the hash of each source's tag: what shares no bit shares no source.
  private final long[] sources = new long[4];
  private final long mostBytes;
  private int window = Integer.MAX_VALUE;
  private List<Batch> pending = List.of();

  /**
   * @param number grows from one unit to the next
   * @param mostBytes the bytes of bodies that one send carries at most, beside its first record
   */
  Unit(long number, List<Queued> parts, long mostBytes) {
    this.number = number;
    this.mostBytes = mostBytes;
    this.parts = parts;
    this.left = new Batch[parts.size()];
    for (int i = 0; i < left.length; i++) {
      Batch batch = parts.get(i).batch();
      left[i] = batch.liveRecords() == 0 ? null : batch;
      for (int k = 0; k < batch.origins(); k++) {
        int hash = (batch.origin(k).tag().hashCode() * 0x9E3779B9) >>> 24;
        sources[hash >>> 6] |= 1L << hash;
      }
    }
    look();
  }

  long number() {
    return number;
  }

  /** Whether both may have records of one source; certain where not. */
  boolean mayShareSource(Unit other) {
    for (int i = 0; i < sources.length; i++) {
      if ((sources[i] & other.sources[i]) != 0) {
        return true;
      }
    }
    return false;
  }

  /** What the next send carries, oldest first; empty where all is settled. */
  List<Batch> pending() {
    return pending;
  }

  private void look() {
    List<Batch> next = new ArrayList<>(left.length);
    int room = window;
    long bytes = mostBytes;
    for (int i = 0; i < left.length && room > 0; i++) {
      Batch batch = left[i];
      if (batch == null) {
        continue;
      }
      int live = batch.liveRecords();
      long size = mostBytes == Long.MAX_VALUE ? 0 : batch.liveBytes();
      if (live <= room && size <= bytes) {
        next.add(batch);
        room -= live;
        bytes -= size;
      } else {
        int fits = fitting(batch, room, bytes, next.isEmpty());
        if (fits > 0) {
          next.add(first(batch, fits));
        }
        break;
      }
    }
    pending = next;
  }

  /** How many of the first live records there is room for. */
  private static int fitting(Batch batch, int room, long bytes, boolean least) {
    int fits = 0;
    long left = bytes;
    for (int i = 0; i < batch.size() && fits < room; i++) {
      if (!batch.isDropped(i)) {
        left -= batch.length(i);
        if (left < 0 && !(least && fits == 0)) {
          break;
        }
        fits++;
      }
    }
    return fits;
  }

  private static Batch first(Batch batch, int records) {
    BitSet keep = new BitSet();
    for (int i = 0, found = 0; found < records; i++) {
      if (!batch.isDropped(i)) {
        keep.set(i);
        found++;
      }
    }
    return batch.subset(keep);
  }

  /**
   * What {@link #pending} carried is settled but for the records in {@code again}, numbered through
   * its batches.
   */
  void settle(BitSet again) {
    List<Batch> sent = pending;
    int base = 0;
    int at = 0;
    for (Batch batch : sent) {
      while (left[at] == null) {
        at++;
      }
      BitSet own = again.get(base, base + batch.size());
      Batch rest = rest(left[at], batch, own);
      left[at] = rest;
      parts.get(at).left = rest == null ? 0 : rest.liveRecords();
      base += batch.size();
      at++;
    }
    if (window < Integer.MAX_VALUE && again.isEmpty()) {
      window = window > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : window * 2;
    }
    look();
  }

  /**
   * Numbers records anew after {@link #settle}: what is pending then begins with what was told to
   * come again, in its order.
   *
   * @param again what {@link #settle} was told
   * @param some records among those, as they were numbered before
   */
  List<Outcome.Rejection> renumber(BitSet again, List<Outcome.Rejection> some) {
    int[] now = pendingNumbers().stream().limit(again.cardinality()).toArray();
    List<Outcome.Rejection> renumbered = new ArrayList<>(some.size());
    for (Outcome.Rejection one : some) {
      if (again.get(one.record())) {
        int rank = again.get(0, one.record()).cardinality();
        renumbered.add(new Outcome.Rejection(now[rank], one.why()));
      }
    }
    return renumbered;
  }

  /** The numbers of all records that {@link #pending} has. */
  BitSet pendingNumbers() {
    BitSet numbers = new BitSet();
    int base = 0;
    for (Batch batch : pending) {
      for (int i = 0; i < batch.size(); i++) {
        if (!batch.isDropped(i)) {
          numbers.set(base + i);
        }
      }
      base += batch.size();
    }
    return numbers;
  }

  /** What is left of a batch, of which {@code sent} was sent and {@code again} did not arrive. */
  private static @Nullable Batch rest(@Nullable Batch whole, Batch sent, BitSet again) {
    if (whole == null) {
      return null;
    }
    if (whole == sent) {
      return again.isEmpty() ? null : whole.subset(again);
    }
    BitSet keep = new BitSet();
    for (int i = 0, number = 0; i < whole.size(); i++) {
      // The sent part has the first live records, and none of the others.
      if (!whole.isDropped(i)) {
        if (number >= sent.size() || again.get(number)) {
          keep.set(i);
        }
        number++;
      }
    }
    return keep.isEmpty() ? null : whole.subset(keep);
  }

  /**
   * Lets half as many records through from now on.
   *
   * @return false where it is one record that is too much
   */
  boolean shrink() {
    int records = pendingRecords();
    if (records < 2) {
      return false;
    }
    window = records / 2;
    look();
    return true;
  }

  int pendingRecords() {
    int sum = 0;
    for (Batch batch : pending) {
      sum += batch.liveRecords();
    }
    return sum;
  }

  long pendingBytes() {
    long sum = 0;
    for (Batch batch : pending) {
      sum += batch.liveBytes();
    }
    return sum;
  }

  /** The parts of which nothing is left. */
  List<Queued> through() {
    List<Queued> through = new ArrayList<>(left.length);
    for (int i = 0; i < left.length; i++) {
      if (left[i] == null) {
        through.add(parts.get(i));
      }
    }
    return through;
  }

  /** The parts of which something is left, reduced to that. */
  List<Queued> unsettled() {
    List<Queued> unsettled = new ArrayList<>();
    for (int i = 0; i < left.length; i++) {
      Batch rest = left[i];
      if (rest != null) {
        parts.get(i).reduce(rest);
        unsettled.add(parts.get(i));
      }
    }
    return unsettled;
  }
}
