package io.logboom.core.spool;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the end of a spool after a crash: the last segments, as far as they may not have been
 * flushed, are gone through, and cut where they are torn.
 */
final class SpoolTail {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolTail.class);

  private final Disk disk;
  private final Quarantine quarantine;
  private final List<Segment> segments;
  private final @Nullable Cursor cursor;
  private final Settled settled;
  private final SegmentScan scan = new SegmentScan();

  // The place behind the last good entry that was seen.
  private Point end = new Point(0, 0);
  private boolean torn;
  private long damagedBytes;
  private long lowestNext;

  SpoolTail(
      Disk disk,
      Quarantine quarantine,
      List<Segment> segments,
      @Nullable Cursor cursor,
      Settled settled) {
    this.disk = disk;
    this.quarantine = quarantine;
    this.segments = segments;
    this.cursor = cursor;
    this.settled = settled;
  }

  /** The bytes that are damaged, and had been flushed. */
  long damagedBytes() {
    return damagedBytes;
  }

  /** A number below which no new segment may begin, since an old one is in its place. */
  long lowestNext() {
    return lowestNext;
  }

  /**
   * Mends the tail; segments behind a torn entry are deleted and leave the list.
   *
   * @return where the spool ends
   */
  Point mend() throws IOException {
    Point none = settled.prefix();
    if (segments.isEmpty()) {
      return none;
    }
    int from = firstToScan();
    end = new Point(0, none.records());
    for (Segment segment : List.copyOf(segments.subList(from, segments.size()))) {
      if (!torn) {
        enter(segment);
      }
      if (torn) {
        drop(segment);
      } else {
        go(segment);
      }
    }
    Segment last = segments.isEmpty() ? null : segments.getLast();
    if (last != null) {
      last.endAt(end);
      segments.subList(Math.min(from, segments.size() - 1), segments.size()).forEach(this::flush);
      flushNames(last);
    }
    return last == null ? none : end;
  }

  private int firstToScan() {
    int from = segments.size() - 1;
    while (from > 0 && (mayBeTorn(segments.get(from).first() - 1) || isHeadless(from))) {
      from--;
    }
    return from;
  }

  private boolean isHeadless(int index) {
    return segments.get(index).start() == null;
  }

  /** Whether an entry with this number need not have been flushed. */
  private boolean mayBeTorn(long sequence) {
    return cursor != null && sequence >= cursor.durable().sequence();
  }

  /** Whether nothing that need not have been flushed is missing in front of this number. */
  private boolean canFollow(long sequence) {
    return cursor == null
        || settled.covers(Math.max(end.sequence(), cursor.durable().sequence()), sequence);
  }

  private void enter(Segment segment) {
    Point follows = segment.follows();
    Point start = segment.start();
    if (!canFollow(follows == null ? segment.first() : follows.sequence())
        || (follows == null && mayBeTorn(segment.first()))) {
      torn = true;
      return;
    }
    end = start == null ? new Point(segment.first(), end.records()) : start;
  }

  private void drop(Segment segment) {
    segments.remove(segment);
    LOG.warn("{} was never flushed and is deleted: what is before it is torn", segment);
    try {
      disk.delete(segment.path());
    } catch (IOException e) {
      lowestNext = Math.max(lowestNext, segment.first() + 1);
      LOG.warn("{} cannot be deleted: {}", segment, e.toString());
    }
  }

  private void go(Segment segment) throws IOException {
    try (DiskFile file = disk.open(segment.path(), Disk.Mode.READ)) {
      long good = SegmentHeader.BYTES;
      long at = good;
      while (at < segment.length && end.sequence() < segment.end) {
        EntryHeader header = header(file, at, segment);
        if (isTorn(file, at, header)) {
          torn = true;
          break;
        }
        if (header == null) {
          at = SegmentScan.find(file, at + 1, segment.length, end.sequence(), segment.end, true);
          continue;
        }
        if (isTornAtTheEnd(file, at, header, segment)) {
          break;
        }
        at += header.bytes();
        good = at;
        end = header.after();
      }
      if (torn || segment == segments.getLast()) {
        cut(segment, file, good);
      }
    }
  }

  private @Nullable EntryHeader header(DiskFile file, long at, Segment segment) {
    try {
      EntryHeader header = scan.header(file, at, segment.length);
      return header == null
              || header.sequence() < end.sequence()
              || header.sequence() >= segment.end
          ? null
          : header;
    } catch (IOException e) {
      LOG.error("{} cannot be read at {}: {}", segment, at, e.toString());
      return null;
    }
  }

  private boolean isTorn(DiskFile file, long at, @Nullable EntryHeader header) {
    if (header == null) {
      return mayBeTorn(end.sequence());
    }
    return !canFollow(header.sequence())
        || (mayBeTorn(header.sequence()) && !holds(file, at, header));
  }

  /** Without a cursor nobody knows what was flushed; only the very last entry is looked at. */
  private boolean isTornAtTheEnd(DiskFile file, long at, EntryHeader header, Segment segment) {
    return cursor == null
        && segment == segments.getLast()
        && at + header.bytes() == segment.length
        && !holds(file, at, header);
  }

  private static boolean holds(DiskFile file, long at, EntryHeader header) {
    try {
      return SegmentScan.payloadHolds(file, at, header);
    } catch (IOException e) {
      LOG.error("an entry cannot be read: {}", e.toString());
      return false;
    }
  }

  /** Cuts what stands behind the last good entry. */
  private void cut(Segment segment, DiskFile file, long good) {
    long rest = segment.length - good;
    if (rest <= 0) {
      return;
    }
    if (lacksWhatWasFlushed()) {
      LOG.error("{}: {} bytes at its end are damaged", segment, rest);
      quarantine.keep(file, segment, good, rest);
      damagedBytes += rest;
    } else {
      LOG.warn("{}: {} bytes at its end were never flushed and are cut off", segment, rest);
    }
    segment.length = good;
    try (DiskFile out = disk.open(segment.path(), Disk.Mode.WRITE)) {
      out.truncate(good);
    } catch (IOException e) {
      LOG.warn("{} cannot be cut: {}", segment, e.toString());
    }
  }

  private void flushNames(Segment segment) {
    Path directory = segment.path().getParent();
    try {
      if (directory != null) {
        disk.forceDirectory(directory);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be flushed: {}", directory, e.toString());
    }
  }

  private boolean lacksWhatWasFlushed() {
    return cursor != null
        && end.sequence() < cursor.durable().sequence()
        && !settled.unsettledIn(Span.between(end, cursor.durable())).isEmpty();
  }

  private void flush(Segment segment) {
    try (DiskFile out = disk.open(segment.path(), Disk.Mode.WRITE)) {
      out.force();
    } catch (IOException e) {
      LOG.warn("{} cannot be flushed: {}", segment, e.toString());
    }
  }
}
