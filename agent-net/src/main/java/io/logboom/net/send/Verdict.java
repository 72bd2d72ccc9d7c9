package io.logboom.net.send;

import io.logboom.api.plugin.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What became of the records of one send, gathered over its requests. A record is open until
 * something certain is known of it, and what is open at the end is sent again. Used again and
 * again.
 */
public final class Verdict {
  /** So many that are refused one by one, and nothing accepted: it is not the records. */
  public static final int MOST_SUSPECTS = 8;

  /** Requests that one send may make beyond those that its size calls for. */
  private static final int MOST_REPEATED = 256;

  private final BitSet open = new BitSet();
  private final BitSet repaired = new BitSet();
  private final List<Outcome.Rejection> rejected = new ArrayList<>();
  private final List<Outcome.Rejection> suspects = new ArrayList<>();
  private int live;
  private int accepted;
  private int repeated;
  private String why = "";
  private boolean whyIsOfOpen;
  private Duration notBefore = Duration.ZERO;
  private Duration notAfter = Outcome.ANY_WAIT;

  public void clear() {
    open.clear();
    repaired.clear();
    rejected.clear();
    suspects.clear();
    live = 0;
    accepted = 0;
    repeated = 0;
    why = "";
    whyIsOfOpen = false;
    notBefore = Duration.ZERO;
    notAfter = Outcome.ANY_WAIT;
  }

  /** This record is part of the send. */
  public void expect(int record) {
    open.set(record);
    live++;
  }

  /** These records are part of the send. */
  public void expect(int first, int count) {
    open.set(first, first + count);
    live += count;
  }

  /** This one is not. */
  public void leaveOut(int record) {
    open.clear(record);
    live--;
  }

  /** Whether nothing certain is known of it yet. */
  public boolean isOpen(int record) {
    return open.get(record);
  }

  public void arrived(int record) {
    open.clear(record);
    accepted++;
  }

  /** The first {@code count} of {@code records}, which are in order, arrived. */
  public void arrived(int[] records, int count) {
    if (count == 0) {
      return;
    }
    int first = records[0];
    if (records[count - 1] - first == count - 1) {
      open.clear(first, first + count);
    } else {
      for (int i = 0; i < count; i++) {
        open.clear(records[i]);
      }
    }
    accepted += count;
  }

  public int accepted() {
    return accepted;
  }

  public int rejections() {
    return rejected.size();
  }

  /** The record is sent with bytes in another form than it has them. */
  public void repaired(int record) {
    repaired.set(record);
  }

  /** How many of the records that arrived did so repaired. */
  public int repairedArrivals() {
    if (repaired.isEmpty()) {
      return 0;
    }
    repaired.andNot(open);
    for (Outcome.Rejection each : rejected) {
      repaired.clear(each.record());
    }
    return repaired.cardinality();
  }

  public void reject(int record, String reason) {
    open.clear(record);
    rejected.add(new Outcome.Rejection(record, reason));
    if (why.isEmpty()) {
      why = reason;
    }
  }

  /**
   * A request of this record alone was refused as a whole. That is the record's fault where others
   * are accepted, and else perhaps that of what all requests have in common.
   */
  public void suspect(int record, String reason) {
    suspects.add(new Outcome.Rejection(record, reason));
  }

  /** Why records stay open. The first reason counts, before one of a rejection. */
  public void open(String reason) {
    if (!whyIsOfOpen) {
      whyIsOfOpen = true;
      why = reason;
    }
  }

  /** A request failed, and what it had stays open. */
  public void open(Outcome.Retry retry) {
    open(retry.why());
    if (retry.notBefore().compareTo(notBefore) > 0) {
      notBefore = retry.notBefore();
    }
    if (retry.notAfter().compareTo(notAfter) < 0) {
      notAfter = retry.notAfter();
    }
  }

  /** No server could be reached. */
  public void unreached(String reason) {
    open(Outcome.Retry.unreached(reason));
  }

  /**
   * Whether the send may make so many requests more than its size calls for. Where it may not, this
   * is why records stay open.
   */
  public boolean mayRepeat(int requests, String reason) {
    repeated += requests;
    if (repeated > MOST_REPEATED) {
      open(reason);
      return false;
    }
    return true;
  }

  /** Whether it makes no sense to go on: all that was tried alone is refused. */
  public boolean isHopeless() {
    return accepted == 0 && suspects.size() >= MOST_SUSPECTS;
  }

  /**
   * Decides on the suspects.
   *
   * @param worked whether requests of this output have been accepted before
   * @return why all are refused, where that is not the records' fault; else empty
   */
  public String judgeSuspects(boolean worked) {
    if (suspects.isEmpty()) {
      return "";
    }
    if (accepted > 0 || (worked && suspects.size() < MOST_SUSPECTS)) {
      for (Outcome.Rejection each : suspects) {
        reject(each.record(), each.why());
      }
      return "";
    }
    open(suspects.getFirst().why());
    return suspects.getFirst().why();
  }

  public Outcome outcome() {
    if (open.isEmpty() && rejected.isEmpty()) {
      return Outcome.DELIVERED;
    }
    if (open.cardinality() == live) {
      return new Outcome.Retry(why, notBefore, notAfter);
    }
    return new Outcome.Mixed(
        (BitSet) open.clone(), List.copyOf(rejected), why, notBefore, notAfter);
  }
}
