package io.logboom.core.spool;

import io.logboom.core.spool.Append.Cap;
import io.logboom.core.spool.Usage.Damage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a spool knows without asking the disk: its segments, and which entries are durable, handed
 * out, settled. Its monitor is the innermost lock; nothing is read or written under it.
 */
final class Book {
  private static final Logger LOG = LoggerFactory.getLogger(Book.class);
  private static final int MOST_VOIDS = 1024;

  private final SpoolSettings settings;
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final Settled settled;

  private final UnderWay underWay = new UnderWay();

  private Point next;
  private Point durable;
  // Where the last segment ends, if that is not where the next one begins.
  private @Nullable Point brokenOffAt;
  private final long lifeStart;
  private final TreeMap<Long, Long> voids = new TreeMap<>();

  private final Set<Segment> dirty = new LinkedHashSet<>();
  private boolean directoryDirty;
  private final List<Segment> doomed = new ArrayList<>();

  private long limitedBytes;
  private long diskBytes;
  private Damage damage;
  private long version;

  /**
   * @param end where the entries end that are there
   * @param next the place of the next entry
   */
  Book(
      SpoolSettings settings,
      List<Segment> found,
      Settled settled,
      Point end,
      Point next,
      Damage damage) {
    this.settings = settings;
    this.settled = settled;
    this.next = next;
    this.durable = next;
    this.brokenOffAt = end;
    this.lifeStart = next.sequence();
    this.damage = damage;
    for (Segment segment : found) {
      segments.put(segment.first(), segment);
      segment.charged = Math.max(0, segment.length - SegmentHeader.BYTES);
      diskBytes += segment.length;
      charge(segment.charged);
    }
    found.forEach(this::doomIfSettled);
  }

  private void charge(long bytes) {
    limitedBytes += bytes;
    settings.total().charge(bytes);
  }

  private void release(Segment segment, long bytes) {
    long freed = Math.min(bytes, segment.charged);
    segment.charged -= freed;
    charge(-freed);
  }

  // Appending

  /** Takes room for an entry; what stands against it, or null. */
  synchronized @Nullable Cap reserve(long bytes) {
    if (bytes > settings.limitBytes() || bytes > settings.total().limitBytes()) {
      return Cap.NEVER_FITS;
    }
    long onDisk = diskBytes + bytes + SegmentHeader.BYTES;
    if (limitedBytes + bytes > settings.limitBytes()
        || onDisk > settings.limitBytes() + settings.segmentBytes()) {
      return Cap.OWN;
    }
    if (!settings.total().take(bytes)) {
      return Cap.TOTAL;
    }
    limitedBytes += bytes;
    return null;
  }

  synchronized void unreserve(long bytes) {
    charge(-bytes);
  }

  synchronized Point next() {
    return next;
  }

  /** Where the segments that there are end. */
  synchronized Point segmentsEnd() {
    return brokenOffAt == null ? next : brokenOffAt;
  }

  /** A number is not used: the file that should be called after it cannot be made. */
  synchronized void skipNumber() {
    Point end = segmentsEnd();
    Point after = new Point(next.sequence() + 1, next.records());
    settled.add(Span.between(next, after));
    if (durable.equals(next)) {
      durable = after;
    }
    next = after;
    brokenOffAt = end;
    version++;
  }

  synchronized void begun(Segment segment) {
    segments.put(segment.first(), segment);
    diskBytes += segment.length;
    directoryDirty = true;
    brokenOffAt = null;
  }

  /** An entry for which room was taken has been written. */
  synchronized void appended(Entry entry, boolean held) {
    Segment segment = entry.segment();
    segment.length += entry.header().bytes();
    segment.charged += entry.header().bytes();
    diskBytes += entry.header().bytes();
    next = entry.header().after();
    segment.endAt(next);
    dirty.add(segment);
    if (held) {
      underWay.hand(entry);
    }
  }

  /** Nothing more is appended to the segment. */
  synchronized void seal(Segment segment) {
    segment.sealed = true;
    if (next.sequence() == segment.first()) {
      // Empty: its name is not used again, so that deleting it can never hit another.
      skipNumber();
    }
    // Once more with the next flush, which then closes it.
    dirty.add(segment);
    doomIfSettled(segment);
  }

  // Flushing

  /**
   * What is to be flushed so that everything before {@code to} is durable.
   *
   * @param lengths of the segments, in the same order
   */
  record Flush(Point to, List<Segment> segments, List<Long> lengths, boolean directory) {}

  synchronized Flush beginFlush() {
    List<Segment> all = List.copyOf(dirty);
    Flush flush = new Flush(next, all, all.stream().map(s -> s.length).toList(), directoryDirty);
    dirty.clear();
    directoryDirty = false;
    return flush;
  }

  /** The flush has succeeded. Returns the segments that are flushed for good. */
  synchronized List<Segment> flushed(Flush flush) {
    durable = flush.to();
    version++;
    List<Segment> complete = new ArrayList<>();
    for (int i = 0; i < flush.segments().size(); i++) {
      Segment segment = flush.segments().get(i);
      segment.durableLength = flush.lengths().get(i);
      if (segment.sealed && !dirty.contains(segment)) {
        complete.add(segment);
      }
    }
    return complete;
  }

  /**
   * What a failed flush leaves.
   *
   * @param gone segments with void entries only; they are no longer part of the spool
   * @param cut segments that ended with void entries; they are shorter now
   */
  record Revoked(List<Segment> gone, List<Segment> cut) {}

  /** A flush has failed: all entries that are not durable are void. */
  synchronized Revoked revoke() {
    long from = durable.sequence();
    Point end = durableEnd();
    // One more, so that no name of a segment that may still be there is used again.
    next = new Point(next.sequence() + 1, next.records());
    settled.add(Span.between(durable, next));
    voids.put(from, next.sequence());
    if (voids.size() > MOST_VOIDS) {
      voids.pollFirstEntry();
    }
    underWay.removeFrom(from);
    dirty.clear();
    directoryDirty = true;
    List<Segment> gone = new ArrayList<>(segments.tailMap(from).values());
    gone.forEach(this::forget);
    List<Segment> cut = segments.values().stream().filter(s -> s.end > from).toList();
    cut.forEach(segment -> cutTo(segment, durable));
    brokenOffAt = end;
    durable = next;
    version++;
    return new Revoked(gone, cut);
  }

  /** Where the segments end that have anything durable in them. */
  private Point durableEnd() {
    Map.Entry<Long, Segment> gone = segments.ceilingEntry(durable.sequence());
    Point follows = gone == null ? segmentsEnd() : gone.getValue().follows();
    return follows != null && follows.sequence() < durable.sequence() ? follows : durable;
  }

  private void forget(Segment segment) {
    segments.remove(segment.first());
    release(segment, segment.charged);
    diskBytes -= segment.length;
    doomed.remove(segment);
  }

  private void cutTo(Segment segment, Point end) {
    long cut = segment.length - segment.durableLength;
    segment.length = segment.durableLength;
    segment.endAt(end);
    release(segment, cut);
    diskBytes -= cut;
    segment.sealed = true;
    doomIfSettled(segment);
  }

  /** What may be said of an entry that was appended. */
  enum Standing {
    APPENDED,
    DURABLE,
    VOID
  }

  /** In one look: a flush that fails makes void entries count as passed at the same time. */
  synchronized Standing standing(long sequence) {
    Map.Entry<Long, Long> low = voids.floorEntry(sequence);
    if (low != null && sequence < low.getValue()) {
      return Standing.VOID;
    }
    return isDurable(sequence) ? Standing.DURABLE : Standing.APPENDED;
  }

  private boolean isDurable(long sequence) {
    return sequence < durable.sequence();
  }

  // Reading

  /**
   * What of a segment may be read.
   *
   * @param end where its entries end; UNKNOWN records where that is not known
   * @param readable the number up to which its entries are durable
   * @param finished whether no more entries will come
   * @param deleted whether it is not part of the spool any more, since all of it is settled
   */
  record Bounds(
      long length, long end, long endRecords, long readable, boolean finished, boolean deleted) {}

  synchronized Bounds bounds(Segment segment) {
    return new Bounds(
        segment.length,
        segment.end,
        segment.endRecords,
        Math.min(segment.end, durable.sequence()),
        segment.sealed,
        segments.get(segment.first()) != segment);
  }

  /** The segment behind the one whose first entry has this number. */
  synchronized @Nullable Segment segmentAfter(long first) {
    Map.Entry<Long, Segment> after = segments.higherEntry(first);
    return after == null ? null : after.getValue();
  }

  synchronized Point settledPrefix() {
    return settled.prefix();
  }

  /** Whether all entries from {@code from} up to {@code to} are settled, or there are none. */
  synchronized boolean isSettled(long from, long to) {
    return settled.covers(from, to);
  }

  /** The reader leaves out the rest of a segment, since all of it is settled. */
  synchronized void passed(Segment segment, long bytes) {
    if (segment.first() < lifeStart) {
      // Settled in an earlier life; what is settled in this one is released already.
      release(segment, bytes);
    }
  }

  synchronized boolean hasOffer() {
    return underWay.hasOffer();
  }

  /** The reader came upon an entry; false where it is not one to hand out. */
  synchronized boolean offer(Entry entry) {
    long sequence = entry.sequence();
    if (settled.contains(sequence)) {
      if (sequence < lifeStart) {
        // Settled in an earlier life; only now it is known how large it is.
        release(entry.segment(), entry.header().bytes());
      }
      return false;
    }
    if (underWay.contains(sequence)) {
      return false;
    }
    underWay.offer(entry);
    return true;
  }

  /** The reader found that all between two places is gone. What was not settled of it is lost. */
  synchronized void gone(Point from, Point to) {
    Span gap = Span.between(from, to);
    underWay.notIn(settled.unsettledIn(gap), gap).forEach(this::lose);
  }

  private void lose(Span span) {
    damage = damage.plus(span.entries(), span.records(), 0);
    settled.add(span);
    version++;
    LOG.error(
        "{} entries with {} records, from number {} on, are lost: the disk does not have them any"
            + " more, or damaged",
        span.entries(),
        span.records(),
        span.from());
    Map.Entry<Long, Segment> low = segments.floorEntry(span.from());
    long from = low == null ? span.from() : low.getKey();
    if (from < span.to()) {
      List.copyOf(segments.subMap(from, span.to()).values()).forEach(this::doomIfSettled);
    }
  }

  /** The reader passed bytes that are no entry. */
  synchronized void damaged(Segment segment, long bytes) {
    damage = damage.plus(0, 0, bytes);
    release(segment, bytes);
  }

  /** The oldest durable entry to be handed out, of those that are known. */
  synchronized @Nullable Entry oldest() {
    Entry found = underWay.oldest();
    return found == null || !isDurable(found.sequence()) ? null : found;
  }

  /** Hands out an entry that was the oldest; null where it is not there any more. */
  synchronized @Nullable Entry take(long sequence) {
    return underWay.take(sequence);
  }

  synchronized void giveBack(long sequence) {
    underWay.giveBack(sequence);
  }

  /** An entry that was handed out turned out damaged. */
  synchronized void lose(Entry entry, long bytes) {
    if (underWay.removeHanded(entry.sequence()) != null) {
      lose(entry.header().span());
      release(entry.segment(), entry.header().bytes());
    }
    damage = damage.plus(0, 0, bytes);
  }

  // Settling

  synchronized void settle(long sequence) {
    Entry entry = underWay.remove(sequence);
    if (entry != null) {
      settled.add(entry.header().span());
      release(entry.segment(), entry.header().bytes());
      version++;
      doomIfSettled(entry.segment());
    }
  }

  private void doomIfSettled(Segment segment) {
    if (segment.sealed
        && segments.containsKey(segment.first())
        && settled.covers(segment.first(), segment.end)) {
      segments.remove(segment.first());
      dirty.remove(segment);
      doomed.add(segment);
    }
  }

  synchronized boolean hasDoomed() {
    return !doomed.isEmpty();
  }

  /** The segments with nothing in them that is not settled; the caller deletes them. */
  synchronized List<Segment> takeDoomed() {
    List<Segment> all = List.copyOf(doomed);
    doomed.clear();
    return all;
  }

  synchronized void notDeleted(Segment segment) {
    doomed.add(segment);
  }

  synchronized void deleted(Segment segment) {
    diskBytes -= segment.length;
    release(segment, segment.charged);
  }

  /** The spool is closed: its bytes no longer count towards what all spools may have. */
  synchronized List<Segment> end() {
    settings.total().release(limitedBytes);
    return List.copyOf(segments.values());
  }

  // What others are told

  /** Goes up with each change that the cursor tells. */
  synchronized long version() {
    return version;
  }

  synchronized Cursor cursor(long generation) {
    return new Cursor(
        generation, settled.prefix(), durable, next.sequence(), settled.spans(Cursor.MOST_SPANS));
  }

  /** How many entries are neither settled nor handed out. */
  synchronized long unread() {
    return settled.unsettledEntries(next) - underWay.handedEntries();
  }

  synchronized Usage usage() {
    long entries = settled.unsettledEntries(next);
    long records = settled.unsettledRecords(next);
    return new Usage(
        diskBytes,
        limitedBytes,
        entries,
        records,
        entries - underWay.handedEntries(),
        Math.max(0, records - underWay.handedRecords()),
        underWay.oldestMillis(),
        damage);
  }
}
