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
  private final Moves moves;
  private final List<TailedFile> touched = new ArrayList<>();
  private @Nullable Batch batch;
  private int number;
  private long firstNanos;
  private long takenBytes;

  /**
   * @param moves is told of each file that is settled further
   */
  OpenBatch(Batches batches, Intake intake, TailCounters counters, Moves moves) {
    this.batches = batches;
    this.intake = intake;
    this.counters = counters;
    this.moves = moves;
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

  /**
   * Whether there is a batch, with something of files in it, that has not this much room for more.
   * It need not have records: all that was read may be lines that wait.
   */
  boolean lacks(long room) {
    return batch != null && !touched.isEmpty() && (batch.isFull() || batch.free() < room);
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
    List<Part> parts = new ArrayList<>(touched.size());
    for (TailedFile file : touched) {
      parts.add(new Part(file, file.ledger().sent(file.safePlace())));
    }
    touched.clear();
    number++;
    counters.readBytes.add(takenBytes);
    takenBytes = 0;
    OnSettled settled = new Settling(parts, moves);
    Batch full = batch;
    batch = null;
    if (full == null) {
      settled.settled(Settlement.DONE);
    } else if (full.size() == 0) {
      intake.discard(full);
      settled.settled(Settlement.DONE);
    } else {
      counters.readRecords.add(full.size());
      try {
        intake.put(full, settled);
      } catch (RuntimeException e) {
        // It may have been told before the defect, and may not.
        settled.settled(Settlement.AGAIN);
        throw e;
      }
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

  /** A file's part of the batch. */
  private record Part(TailedFile file, Ledger.Stretch stretch) {}

  private record Settling(List<Part> parts, Moves moves) implements OnSettled {
    @Override
    public void settled(Settlement settlement) {
      boolean any = false;
      for (Part part : parts) {
        if (part.stretch.settle(settlement)) {
          moves.add(part.file);
          any = true;
        }
      }
      if (any) {
        moves.wake();
      }
    }
  }
}
