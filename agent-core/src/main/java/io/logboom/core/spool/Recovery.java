package io.logboom.core.spool;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.core.spool.SegmentHeader.Parsed;
import io.logboom.core.spool.Usage.Damage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what a spool's directory holds, and mends what a crash or damage has left. */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Path directory;
  private final Disk disk;
  private final SpoolSettings settings;
  private final Quarantine quarantine;
  private final @Nullable Cursor cursor;
  private final List<Segment> segments = new ArrayList<>();
  private long lowestNext;
  private Damage damage = Damage.NONE;

  /**
   * @param cursor what the cursor file says; null where there is none that is valid
   */
  Recovery(
      Path directory,
      Disk disk,
      SpoolSettings settings,
      Quarantine quarantine,
      @Nullable Cursor cursor) {
    this.directory = directory;
    this.disk = disk;
    this.settings = settings;
    this.quarantine = quarantine;
    this.cursor = cursor;
  }

  Book run() throws IOException {
    for (String name : disk.list(directory).stream().sorted().toList()) {
      long first = SegmentHeader.first(name);
      if (first >= 0) {
        find(directory.resolve(name), first);
      }
    }
    setEnds();
    Settled settled = settled();
    SpoolTail tail = new SpoolTail(disk, quarantine, segments, cursor, settled);
    Point end = tail.mend();
    lowestNext = Math.max(lowestNext, tail.lowestNext());
    damage = damage.plus(0, 0, tail.damagedBytes());
    noteLoss(settled, end);
    Point next = next(settled, end);
    settled.add(Span.between(end, next));
    return new Book(settings, segments, settled, end, next, damage);
  }

  private void find(Path path, long first) throws IOException {
    byte[] bytes = new byte[SegmentHeader.BYTES];
    try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
      long length = file.size();
      switch (SegmentHeader.parse(bytes, readStart(file, path, bytes))) {
        case Parsed.Known(SegmentHeader header) when header.first().sequence() == first ->
            segments.add(new Segment(path, first, header, length));
        case Parsed.Newer(int version) -> putAside(path, first, version);
        case Parsed.Known ignored -> segments.add(withoutHeader(file, path, first, length));
        case Parsed.Damaged ignored -> segments.add(withoutHeader(file, path, first, length));
      }
    }
  }

  private static int readStart(DiskFile file, Path path, byte[] bytes) {
    try {
      return file.read(bytes, 0, bytes.length, 0);
    } catch (IOException e) {
      LOG.error("the header of {} cannot be read: {}", path, e.toString());
      return 0;
    }
  }

  /** The first entry says what the header would. */
  private static Segment withoutHeader(DiskFile file, Path path, long first, long length)
      throws IOException {
    LOG.warn("the header of {} is damaged; its entries are read as usual", path);
    EntryHeader entry = new SegmentScan().header(file, SegmentHeader.BYTES, length);
    if (entry == null || entry.sequence() != first) {
      return new Segment(path, first, null, length);
    }
    Point start = new Point(first, entry.recordsBefore());
    return new Segment(
        path, first, new SegmentHeader(start, start, entry.head().appendedMillis()), length);
  }

  private void putAside(Path path, long first, int version) {
    Path aside = path.resolveSibling(path.getFileName() + ".version-" + version);
    damage = damage.plusSegmentPutAside();
    LOG.error(
        "{} is of format version {}, which this program does not know; it is kept as {} and not"
            + " read",
        path,
        version,
        aside);
    try {
      disk.rename(path, aside);
    } catch (IOException e) {
      lowestNext = Math.max(lowestNext, first + 1);
      LOG.warn("{} could not be renamed: {}", path, e.toString());
    }
  }

  /** Where a segment ends, the next one says. One that begins behind that is void. */
  private void setEnds() {
    long bound = Long.MAX_VALUE;
    long boundRecords = Segment.UNKNOWN;
    for (Segment segment : List.copyOf(segments).reversed()) {
      segment.end = bound;
      segment.endRecords = boundRecords;
      if (segment.first() >= bound) {
        remove(segment);
        continue;
      }
      Point follows = segment.follows();
      bound = follows == null ? segment.first() : Math.min(bound, follows.sequence());
      boundRecords = follows == null ? Segment.UNKNOWN : follows.records();
    }
  }

  private void remove(Segment segment) {
    segments.remove(segment);
    try {
      disk.delete(segment.path());
    } catch (IOException e) {
      lowestNext = Math.max(lowestNext, segment.first() + 1);
      LOG.warn("{} holds nothing that counts and cannot be deleted: {}", segment, e.toString());
    }
  }

  private Settled settled() {
    Settled settled = new Settled(cursor == null ? firstPlace() : cursor.settled());
    if (cursor != null) {
      cursor.spans().forEach(settled::add);
    }
    for (Segment segment : segments) {
      Point follows = segment.follows();
      Point start = segment.start();
      if (follows != null && start != null && follows.sequence() < start.sequence()) {
        settled.add(Span.between(follows, start));
      }
    }
    return settled;
  }

  private Point firstPlace() {
    if (segments.isEmpty()) {
      return new Point(1, 0);
    }
    Point start = segments.getFirst().start();
    return start == null ? new Point(segments.getFirst().first(), 0) : start;
  }

  /** What had been flushed, and is not there. */
  private void noteLoss(Settled settled, Point end) {
    if (cursor == null || cursor.durable().sequence() <= end.sequence()) {
      return;
    }
    for (Span lost : settled.unsettledIn(Span.between(end, cursor.durable()))) {
      damage = damage.plus(lost.entries(), lost.records(), 0);
      settled.add(lost);
      LOG.error(
          "{} entries with {} records at the end of {} are lost: the disk does not have them any"
              + " more, or damaged",
          lost.entries(),
          lost.records(),
          directory);
    }
  }

  private Point next(Settled settled, Point end) {
    long sequence = Math.max(lowestNext, Math.max(end.sequence(), settled.prefix().sequence()));
    long records = Math.max(end.records(), settled.prefix().records());
    for (Span span : settled.spans(Integer.MAX_VALUE)) {
      sequence = Math.max(sequence, span.to());
      records = Math.max(records, span.recordsTo());
    }
    if (cursor != null) {
      sequence = Math.max(sequence, Math.max(cursor.next(), cursor.durable().sequence()));
      records = Math.max(records, cursor.durable().records());
    }
    return new Point(sequence, records);
  }
}
