package io.logboom.core.ledger;

import io.logboom.api.batch.Batch;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The account of one output. Every record is in one of these places: in memory (waiting or being
 * sent), in the spool, or at its end with a {@link Fate}. The calls move it:
 *
 * <pre>
 *   routed, recovered, replayed ──►  in memory  ──► settled(fate)
 *                                     │     ▲
 *                              spooled│     │unspooled
 *                                     ▼     │
 *                                    in the spool ──► settledUnseen(fate)
 * </pre>
 *
 * <p>Records of a batch that a filter took out never count. Safe for all threads. Two outputs of
 * the same name, before and after a reload, have one account.
 */
public final class OutputAccount {
  static final int ROUTED = 0;
  static final int RECOVERED = 1;
  static final int REPLAYED = 2;
  static final int SPOOLED = 3;
  static final int DELIVERED_BYTES = 4;
  static final int KEPT_BYTES = 5;
  static final int LOST_BYTES = 6;
  private static final int FIRST_FATE = 7;
  static final List<Fate> FATES = List.of(Fate.values());
  static final int COLUMNS = FIRST_FATE + FATES.size();

  private final Ledger ledger;
  private final String name;
  private final int number;
  private final Counts total = new Counts(COLUMNS);
  private final AtomicLong earlier = new AtomicLong();

  /**
   * By fate, records of this run that ended in the spool unread; their sources are not known yet.
   */
  private final long[] unseen = new long[FATES.size()];

  private final List<Holdings> held = new CopyOnWriteArrayList<>();
  private volatile boolean isHeld;

  OutputAccount(Ledger ledger, String name, int number) {
    this.ledger = ledger;
    this.name = name;
    this.number = number;
  }

  static int column(Fate fate) {
    return FIRST_FATE + FATES.indexOf(fate);
  }

  public String name() {
    return name;
  }

  int number() {
    return number;
  }

  // ---- in

  /** Routing gives it these records. */
  public void routed(Batch batch) {
    move(batch, Tally.live(batch), ROUTED, 1);
  }

  /**
   * The spool was opened and has this many records of an earlier run, or of the output as it was
   * before it was removed. They are entered by their sources when they are read: {@link
   * #recovered}.
   */
  public void found(long records) {
    earlier.addAndGet(records);
  }

  /** Records of an earlier run were read from the spool. Instead of {@link #unspooled}. */
  public void recovered(Batch batch) {
    earlier.addAndGet(-move(batch, Tally.live(batch), RECOVERED, 1));
  }

  /** Dead letters are sent again. */
  public void replayed(Batch batch) {
    move(batch, Tally.live(batch), REPLAYED, 1);
  }

  // ---- to the spool and back

  /** These records are in the spool from now on, not in memory. */
  public synchronized void spooled(Batch batch) {
    move(batch, Tally.live(batch), SPOOLED, 1);
  }

  /** These records were read from the spool, or will not be read from it: they are in memory. */
  public synchronized void unspooled(Batch batch) {
    move(batch, Tally.live(batch), SPOOLED, -1);
    nameUnseen();
  }

  /**
   * The spool is closed. What is in it is not this account's any more; where the spool is opened
   * again, it is {@link #found} there.
   *
   * @param fate what it has come to
   */
  public synchronized void closed(Fate fate) {
    ledger.leaveSpool(number, column(fate));
    long left = total.of(SPOOLED);
    total.add(SPOOLED, -left);
    total.add(column(fate), left);
    earlier.set(0);
    Arrays.fill(unseen, 0);
  }

  // ---- out

  /** The way of all records of the batch ended. */
  public void settled(Fate fate, Batch batch) {
    settled(fate, batch, Tally.live(batch));
  }

  /** The way of all records of the batches ended. */
  public void settled(Fate fate, List<Batch> batches) {
    for (Batch batch : batches) {
      settled(fate, batch);
    }
  }

  /**
   * The way of some records ended.
   *
   * @param numbers counted through all batches, as in {@link io.logboom.api.plugin.Outcome.Mixed}
   */
  public void settled(Fate fate, List<Batch> batches, BitSet numbers) {
    int base = 0;
    for (Batch batch : batches) {
      settled(fate, batch, Tally.live(batch, numbers, base));
      base += batch.size();
    }
  }

  /**
   * Records in the spool ended without having been read, so that their sources are not known: they
   * are entered under {@link Ledger#UNKNOWN}. Those of this run move to their sources once nothing
   * of it is in the spool any more: what a source still has there then is what it has lost.
   *
   * @param ofEarlierRun whether they are among those {@link #found}
   */
  public synchronized void settledUnseen(Fate fate, long records, boolean ofEarlierRun) {
    int from = ofEarlierRun ? RECOVERED : SPOOLED;
    long sign = ofEarlierRun ? 1 : -1;
    if (ofEarlierRun) {
      earlier.addAndGet(-records);
    }
    ledger.unseen(number, from, sign * records);
    ledger.unseen(number, column(fate), records);
    total.add(from, sign * records);
    total.add(column(fate), records);
    if (!ofEarlierRun) {
      unseen[FATES.indexOf(fate)] += records;
      nameUnseen();
    }
  }

  private void nameUnseen() {
    if (total.of(SPOOLED) == 0 && Arrays.stream(unseen).anyMatch(n -> n != 0)) {
      ledger.nameUnseen(number, unseen);
    }
  }

  /** What a way out to this output really holds, to compare the books with. */
  public void holds(Holdings holdings) {
    held.add(holdings);
    isHeld = true;
  }

  // ---- reading

  /** All of its sources together. */
  public OutputRow row() {
    return new OutputRow(total.toArray());
  }

  /** Records of an earlier run that are still unread in the spool. */
  public long earlier() {
    return earlier.get();
  }

  /** A count that grows whenever the receiver took or refused something for good. */
  public long answers() {
    long sum = 0;
    for (Fate fate : FATES) {
      if (fate.isAnswer()) {
        sum += total.of(column(fate));
      }
    }
    return sum;
  }

  /** A count that grows whenever there is more to send. */
  public long offers() {
    return total.of(ROUTED) + total.of(RECOVERED) + total.of(REPLAYED);
  }

  /** Records that it has still to send: in memory, in the spool, and of an earlier run. */
  public long outstanding() {
    OutputRow now = row();
    return now.inFlight() + now.spooled() + earlier();
  }

  /** Whether anybody knows what is really held. */
  boolean isHeld() {
    return isHeld;
  }

  long heldInMemory() {
    return held.stream().mapToLong(Holdings::memory).sum();
  }

  long heldInSpool() {
    return held.stream().mapToLong(Holdings::spool).sum();
  }

  /** Ways out that were closed and are empty are not asked any more. */
  void forgetHeld() {
    held.removeIf(each -> each.isOver() && each.memory() == 0);
  }

  private void settled(Fate fate, Batch batch, Tally tally) {
    move(batch, tally, column(fate), 1);
    int column =
        switch (fate.kind()) {
          case ARRIVED -> DELIVERED_BYTES;
          case KEPT -> KEPT_BYTES;
          case LOST -> LOST_BYTES;
          case DISCARDED, AGAIN, LEFT -> -1;
        };
    for (int i = 0; column >= 0 && i < batch.origins(); i++) {
      long bytes = tally.bytes(i);
      if (bytes != 0) {
        ledger.enter(batch.origin(i), number, column, bytes);
        total.add(column, bytes);
      }
    }
  }

  private long move(Batch batch, Tally tally, int column, long sign) {
    long sum = 0;
    for (int i = 0; i < batch.origins(); i++) {
      long records = tally.records(i);
      if (records != 0) {
        ledger.enter(batch.origin(i), number, column, sign * records);
        sum += records;
      }
    }
    total.add(column, sign * sum);
    return sum;
  }
}
