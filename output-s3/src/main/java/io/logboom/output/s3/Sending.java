package io.logboom.output.s3;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One send's way into staging: its units, and what became of its records. All units are appended
 * first and then flushed to the disk together. One thread at a time; used again and again.
 */
final class Sending {
  private final Draft draft;
  private final List<Appended> units = new ArrayList<>();
  private final List<Outcome.Rejection> rejected = new ArrayList<>();
  private @Nullable Staging staging;
  private String why = "";
  private int appendedTo;
  private int failedFrom;
  private long staged;

  /**
   * A unit in the log.
   *
   * @param from the number of its first record in the send
   */
  private record Appended(
      StagingLog.Ticket ticket, List<Draft.Note> notes, int from, int records) {}

  Sending(Draft draft) {
    this.draft = draft;
  }

  void begin(Staging to) {
    staging = to;
    units.clear();
    rejected.clear();
    why = "";
    appendedTo = 0;
    failedFrom = Integer.MAX_VALUE;
    staged = 0;
  }

  void reject(int record, String reason) {
    rejected.add(new Outcome.Rejection(record, reason));
  }

  /**
   * Appends the draft, if there is anything in it.
   *
   * @param next the number of the first record behind it
   * @return false where it cannot be
   */
  boolean append(int next) {
    Staging to = staging;
    if (draft.records() == 0 || to == null) {
      appendedTo = next;
      return true;
    }
    int records = draft.records();
    try {
      StagingLog.Ticket ticket = to.append(draft);
      units.add(new Appended(ticket, draft.takeNotes(), appendedTo, records));
      appendedTo = next;
      draft.clear();
      return true;
    } catch (IOException e) {
      failedFrom = appendedTo;
      why = words(e);
      return false;
    }
  }

  /** Flushes what was appended, and judges. */
  Outcome outcome(List<Batch> batches) {
    Staging to = staging;
    staging = null;
    for (Appended unit : units) {
      try {
        if (to != null) {
          to.sync(unit.ticket);
          to.staged(unit.notes);
        }
        staged += unit.records;
      } catch (IOException e) {
        failedFrom = Math.min(failedFrom, unit.from);
        why = words(e);
        break;
      }
    }
    units.clear();
    if (failedFrom == Integer.MAX_VALUE && rejected.isEmpty()) {
      return Outcome.DELIVERED;
    }
    if (failedFrom == 0) {
      return new Outcome.Retry(why);
    }
    BitSet retry = new BitSet();
    int first = 0;
    for (Batch batch : batches) {
      for (int i = Math.max(0, failedFrom - first); i < batch.size(); i++) {
        if (!batch.isDropped(i)) {
          retry.set(first + i);
        }
      }
      first += batch.size();
    }
    List<Outcome.Rejection> certain =
        rejected.stream().filter(one -> one.record() < failedFrom).toList();
    String reason = why.isEmpty() && !certain.isEmpty() ? certain.getFirst().why() : why;
    return new Outcome.Mixed(retry, certain, reason, Duration.ZERO);
  }

  /** How many records of the send are staged. */
  long stagedRecords() {
    return staged;
  }

  private static String words(IOException e) {
    return e instanceof Staging.NoRoomException
        ? String.valueOf(e.getMessage())
        : "the staging directory cannot be written: " + e.getMessage();
  }
}
