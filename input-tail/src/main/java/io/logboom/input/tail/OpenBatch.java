package io.logboom.input.tail;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.OnSettled;
import io.logboom.api.plugin.Settlement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one batch that the reader fills, for all files, and the files that have bytes in it. The
 * reader's alone.
 */
final class OpenBatch {
  private final Batches batches;
  private final Intake intake;
  private final TailCounters counters;
  private final List<TailedFile> touched = new ArrayList<>();
  private @Nullable Batch batch;
  private int number;
  private long firstNanos;
  private long takenBytes;

  OpenBatch(Batches batches, Intake intake, TailCounters counters) {
    this.batches = batches;
    this.intake = intake;
    this.counters = counters;
  }

  /** The batch to fill; waits for memory where there is none open. */
  Batch get() throws InterruptedException {
    Batch known = batch;
    if (known == null) {
      known = batches.open();
      batch = known;
    }
    return known;
  }

  /** An empty batch with room for {@code bytes}. What is open is given away first. */
  Batch get(int bytes) throws InterruptedException {
    Batch known = batch;
    if (known != null && known.size() == 0 && known.free() >= bytes) {
      return known;
    }
    seal();
    dropEmpty();
    known = batches.open(bytes);
    batch = known;
    return known;
  }

  /** Whether there is a batch with records that has not this much room for more. */
  boolean lacks(long room) {
    return batch != null && batch.size() > 0 && (batch.isFull() || batch.free() < room);
  }

  /** The batch takes the file further. */
  void touch(TailedFile file, long now) {
    if (touched.isEmpty()) {
      firstNanos = now;
    }
    if (file.state.batch != number) {
      file.state.batch = number;
      touched.add(file);
    }
  }

  boolean holds(TailedFile file) {
    return file.state.batch == number;
  }

  /** Takes note of bytes consumed, at {@code now}. */
  void took(TailedFile file, long bytes, long now) {
    touch(file, now);
    takenBytes += bytes;
  }

  /** For how long something has been waiting in it; 0 where nothing has. */
  long age(long now) {
    return touched.isEmpty() ? 0 : now - firstNanos;
  }

  /** Gives the batch away, with word to each file's ledger when it is settled. */
  void seal() throws InterruptedException {
    if (touched.isEmpty()) {
      return;
    }
    Ledger.Stretch[] stretches = new Ledger.Stretch[touched.size()];
    for (int i = 0; i < stretches.length; i++) {
      TailedFile file = touched.get(i);
      stretches[i] = file.ledger().sent(file.safePlace());
    }
    touched.clear();
    number++;
    counters.readBytes.add(takenBytes);
    takenBytes = 0;
    OnSettled settled = new Settling(stretches);
    Batch full = batch;
    batch = null;
    if (full == null) {
      settled.settled(Settlement.DONE);
    } else if (full.size() == 0) {
      intake.discard(full);
      settled.settled(Settlement.DONE);
    } else {
      counters.readRecords.add(full.size());
      intake.put(full, settled);
    }
  }

  /** Gives back a batch that nothing was put in, so that quiet files hold no memory. */
  void dropEmpty() {
    Batch empty = batch;
    if (empty != null && touched.isEmpty()) {
      batch = null;
      intake.discard(empty);
    }
  }

  private record Settling(Ledger.Stretch[] stretches) implements OnSettled {
    @Override
    public void settled(Settlement settlement) {
      for (Ledger.Stretch stretch : stretches) {
        stretch.settle(settlement);
      }
    }
  }
}
