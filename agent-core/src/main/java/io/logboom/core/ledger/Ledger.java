package io.logboom.core.ledger;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The books: what became of each record, by source and by output. Entries are made per batch and
 * origin by the threads that move the batches; at rest they add up exactly:
 *
 * <pre>
 *   read + added                  =  filtered + unrouted + routed + again + waiting
 *   routed + recovered + replayed =  all fates + spooled + in flight     (at each output)
 * </pre>
 *
 * <p>A record that is given back to its input is read once more and counted once more. Everything
 * starts at 0 with the process; what an earlier run left in the spool enters as recovered.
 *
 * <p>One per agent, for as long as it lives, through all reloads.
 */
public final class Ledger {
  /** Where the sums of sources stand that have vanished. */
  public static final String GONE = "(gone)";

  /** Where sources stand for which there was no room. */
  public static final String OTHER = "(other)";

  /** Where records stand whose source cannot be told. */
  public static final String UNKNOWN = "(unknown)";

  /** The most sources that have a row of their own. */
  public static final int MAX_SOURCES = 2000;

  /** How long a source that no input has any more keeps its row after its last entry. */
  public static final Duration PATIENCE = Duration.ofMinutes(9);

  /** What one look does not see again after a moment was on its way between two places. */
  private static final int GLANCES = 5;

  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final LongSupplier nanos;
  private final int maxSources;
  private final Map<String, SourceAccount> sources = new ConcurrentHashMap<>();
  private final List<OutputAccount> outputs = new CopyOnWriteArrayList<>();
  private final SourceAccount gone = new SourceAccount(SourceName.plain(GONE));
  private final SourceAccount other = new SourceAccount(SourceName.plain(OTHER));
  private final SourceAccount unknown = new SourceAccount(SourceName.plain(UNKNOWN));

  private final Looks looks = new Looks();
  private volatile @Nullable LongSupplier underWay;

  /** Whether a batch is on its way to the outputs: set by the one thread that routes. */
  private volatile boolean routing;

  /**
   * @param nanos a clock like {@link System#nanoTime}
   */
  public Ledger(LongSupplier nanos) {
    this(nanos, MAX_SOURCES);
  }

  Ledger(LongSupplier nanos, int maxSources) {
    this.nanos = nanos;
    this.maxSources = maxSources;
  }

  /** The account of the output with this name, the same one at each call. */
  public synchronized OutputAccount output(String name) {
    for (OutputAccount known : outputs) {
      if (known.name().equals(name)) {
        return known;
      }
    }
    OutputAccount added = new OutputAccount(this, name, outputs.size());
    outputs.add(added);
    return added;
  }

  public List<OutputAccount> outputs() {
    return List.copyOf(outputs);
  }

  // ---- entries

  /** A batch as an input has given it, before anything has changed it. */
  public Reading reading(Batch batch) {
    return new Reading(batch);
  }

  /** A batch that was read; entered once it is certain that it was taken in. */
  public final class Reading {
    private final Origin[] origins;
    private final Tally tally;

    private Reading(Batch batch) {
      tally = Tally.all(batch);
      origins = new Origin[batch.origins()];
      for (int i = 0; i < origins.length; i++) {
        origins[i] = batch.origin(i);
      }
    }

    /** It is in the agent's hands from now on. */
    public void taken() {
      for (int i = 0; i < origins.length; i++) {
        enter(origins[i], SourceAccount.READ, tally.records(i));
        enter(origins[i], SourceAccount.READ_BYTES, tally.bytes(i));
      }
    }
  }

  /**
   * A batch that was taken in goes back to its input without having been routed.
   *
   * @param taken how many records it had when it was read
   */
  public void returned(Batch batch, int taken) {
    for (int i = 0; i < taken; i++) {
      enter(batch.originOf(i), SourceAccount.AGAIN, 1);
    }
  }

  /**
   * A batch goes to the outputs.
   *
   * @param taken how many records it had when it was read; filters put in those behind
   * @param outputs how many outputs take the records of an origin
   */
  public void routed(Batch batch, int taken, ToIntFunction<Origin> outputs) {
    routing = true;
    int origins = batch.origins();
    long[] added = new long[origins];
    long[] filtered = new long[origins];
    long[] live = new long[origins];
    for (int i = 0; i < batch.size(); i++) {
      int origin = batch.originIndex(i);
      if (i >= taken) {
        added[origin]++;
      }
      if (batch.isDropped(i)) {
        filtered[origin]++;
      } else {
        live[origin]++;
      }
    }
    for (int i = 0; i < origins; i++) {
      Origin origin = batch.origin(i);
      enter(origin, SourceAccount.ADDED, added[i]);
      enter(origin, SourceAccount.FILTERED, filtered[i]);
      int copies = outputs.applyAsInt(origin);
      enter(origin, copies > 0 ? SourceAccount.ROUTED : SourceAccount.UNROUTED, live[i]);
      enter(origin, SourceAccount.GIVEN, copies * live[i]);
    }
  }

  /**
   * A batch that was {@link #routed} does not come to all of its outputs.
   *
   * @param outputs how many outputs miss the records of an origin
   */
  public void withheld(Batch batch, ToIntFunction<Origin> outputs) {
    Tally tally = Tally.live(batch);
    for (int i = 0; i < batch.origins(); i++) {
      Origin origin = batch.origin(i);
      enter(origin, SourceAccount.GIVEN, -outputs.applyAsInt(origin) * tally.records(i));
    }
  }

  /** All outputs have what was routed to them. */
  public void handedOn() {
    routing = false;
  }

  private void enter(Origin origin, int column, long n) {
    if (n != 0) {
      SourceAccount account = account(origin);
      account.counts().add(column, n);
      entered(account);
    }
  }

  void enter(Origin origin, int output, int column, long n) {
    SourceAccount account = account(origin);
    account.cell(output).add(column, n);
    entered(account);
  }

  void unseen(int output, int column, long n) {
    unknown.cell(output).add(column, n);
  }

  /**
   * What the sources have in the spool of this output, which has nothing of them, is what was lost
   * there unread.
   *
   * @param unseen how many were lost, by fate; less by those whose source is known now
   */
  synchronized void nameUnseen(int output, long[] unseen) {
    Counts nobody = unknown.cell(output);
    for (SourceAccount account : accounts()) {
      Counts cell = account == unknown ? null : account.cellOrNull(output);
      for (int fate = 0; cell != null && fate < unseen.length; fate++) {
        long named = Math.min(unseen[fate], cell.of(OutputAccount.SPOOLED));
        if (named > 0) {
          int column = OutputAccount.column(OutputAccount.FATES.get(fate));
          cell.add(OutputAccount.SPOOLED, -named);
          cell.add(column, named);
          nobody.add(OutputAccount.SPOOLED, named);
          nobody.add(column, -named);
          unseen[fate] -= named;
        }
      }
    }
  }

  /** What the sources have in the spool of this output moves to another column. */
  synchronized void leaveSpool(int output, int column) {
    for (SourceAccount account : accounts()) {
      Counts cell = account.cellOrNull(output);
      long left = cell == null ? 0 : cell.of(OutputAccount.SPOOLED);
      if (cell != null && left != 0) {
        cell.add(OutputAccount.SPOOLED, -left);
        cell.add(column, left);
      }
    }
  }

  /** All that there are, by name, and last those of no one source. */
  private List<SourceAccount> accounts() {
    List<SourceAccount> accounts = new ArrayList<>(sources.values());
    accounts.sort((a, b) -> a.name().source().compareTo(b.name().source()));
    accounts.addAll(List.of(other, unknown, gone));
    return accounts;
  }

  private SourceAccount account(Origin origin) {
    return origin.memo(this, this::open);
  }

  private void entered(SourceAccount account) {
    account.activeNanos = nanos.getAsLong();
    // Read after the entry: whoever retires the account sets this first and moves the numbers then,
    // so that either side sees what the other did.
    if (account.retired) {
      reopen(account);
    }
  }

  private synchronized SourceAccount open(Origin origin) {
    SourceName name = SourceName.of(origin);
    SourceAccount known = sources.get(name.source());
    if (known != null) {
      return known;
    }
    if (sources.size() >= maxSources) {
      return other;
    }
    SourceAccount opened = new SourceAccount(name);
    opened.activeNanos = nanos.getAsLong();
    sources.put(name.source(), opened);
    return opened;
  }

  /** A source that had vanished is back, while its origin still knows its old account. */
  private synchronized void reopen(SourceAccount account) {
    if (!account.retired) {
      return;
    }
    SourceAccount current = sources.putIfAbsent(account.name().source(), account);
    if (current == null) {
      account.retired = false;
    } else {
      account.moveTo(current);
      current.activeNanos = nanos.getAsLong();
    }
  }

  // ---- time

  /**
   * Closes the accounts of sources that have vanished: nothing was entered for a while, nothing is
   * on its way, and no input has them. Their sums go to the row {@link #GONE}.
   *
   * @param alive whether an input still has the source, by {@link SourceName#source}
   */
  public synchronized void expire(Predicate<String> alive) {
    long now = nanos.getAsLong();
    for (SourceAccount account : List.copyOf(sources.values())) {
      String source = account.name().source();
      if (now - account.activeNanos >= PATIENCE.toNanos() && !alive.test(source)) {
        account.retired = true;
        if (account.moveAtRest(gone)) {
          sources.remove(source);
        } else {
          account.retired = false;
        }
      }
    }
  }

  // ---- reading

  /** A row for each source, by name, and last those of no one source, where they are in use. */
  public synchronized List<SourceRow> sources() {
    List<SourceRow> rows = new ArrayList<>();
    for (SourceAccount account : accounts()) {
      SourceRow row = row(account);
      if (row.read() != 0 || row.waiting() != 0 || !row.outputs().isEmpty()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private SourceRow row(SourceAccount account) {
    Map<String, OutputRow> atOutputs = new LinkedHashMap<>();
    for (OutputAccount output : outputs) {
      Counts cell = account.cellOrNull(output.number());
      if (cell != null) {
        OutputRow row = new OutputRow(cell.toArray());
        if (!row.isEmpty()) {
          atOutputs.put(output.name(), row);
        }
      }
    }
    return SourceRow.of(account.name(), account.counts().toArray(), atOutputs);
  }

  /**
   * What does not add up, a sentence each; empty at rest. While records move it may have entries
   * that the next call does not have, since the numbers are not read in one instant.
   */
  public List<String> differences() {
    return compare().stream().map(Discrepancy::text).toList();
  }

  private List<Discrepancy> compare() {
    boolean onTheWay = routing;
    List<SourceRow> rows = sources();
    List<Discrepancy> found = Differences.of(rows, outputs, onTheWay || routing);
    long waiting = rows.stream().mapToLong(SourceRow::waiting).sum();
    LongSupplier batches = underWay;
    if (waiting != 0 && batches != null && batches.getAsLong() == 0) {
      String text = waiting + " record(s) said to wait for filters are not there";
      found.add(new Discrepancy("waiting", waiting, waiting, text));
    }
    return found;
  }

  /** How many batches the inputs know of that are not settled, to compare the books with. */
  public void underWay(LongSupplier batches) {
    underWay = batches;
  }

  /**
   * Compares the books with themselves and with what the outputs really hold; to be called once a
   * second. What is found at each of a number of calls is no matter of the moment: it is logged,
   * and told by {@link #discrepancies}.
   */
  public void look() {
    outputs.forEach(OutputAccount::forgetHeld);
    List<Discrepancy> found = compare();
    for (int more = 1; more < GLANCES && !found.isEmpty(); more++) {
      LockSupport.parkNanos(GLANCE_NANOS);
      List<Discrepancy> now = compare();
      Set<String> before = found.stream().map(Discrepancy::place).collect(Collectors.toSet());
      found = now.stream().filter(each -> before.contains(each.place())).toList();
    }
    looks.note(found);
  }

  /** What does not add up, a sentence each, whatever moves: empty, or there is a defect. */
  public List<String> discrepancies() {
    return looks.certain().stream().map(Discrepancy::text).toList();
  }

  /** How many records those are about. */
  public long discrepancyRecords() {
    return looks.certain().stream().mapToLong(each -> Math.abs(each.records())).sum();
  }
}
