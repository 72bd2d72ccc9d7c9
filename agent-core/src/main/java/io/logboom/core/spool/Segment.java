package io.logboom.core.spool;

import io.logboom.api.disk.DiskFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A segment file. What changes of it is guarded by the {@link Book}. */
final class Segment {
  /** What is said where a count of records cannot be known. */
  static final long UNKNOWN = -1;

  private final Path path;
  private final long first;
  private final @Nullable SegmentHeader header;
  private final @Nullable DiskFile file;

  // Up to where the file holds entries, and which entry follows them.
  long length;
  long end;
  long endRecords;

  // What of it was flushed.
  long durableLength;

  // Bytes of unsettled entries, which count towards the limits.
  long charged;
  boolean sealed;

  /** A segment that this process writes, with nothing in it yet. */
  Segment(Path path, SegmentHeader header, DiskFile file) {
    this.path = path;
    this.first = header.first().sequence();
    this.header = header;
    this.file = file;
    this.length = SegmentHeader.BYTES;
    this.durableLength = SegmentHeader.BYTES;
    this.end = first;
    this.endRecords = header.first().records();
  }

  /** A segment of an earlier process; its header is null where it is damaged. */
  Segment(Path path, long first, @Nullable SegmentHeader header, long length) {
    this.path = path;
    this.first = first;
    this.header = header;
    this.file = null;
    this.length = length;
    this.durableLength = length;
    this.end = Long.MAX_VALUE;
    this.endRecords = UNKNOWN;
    this.sealed = true;
  }

  Path path() {
    return path;
  }

  /** The number of its first entry. */
  long first() {
    return first;
  }

  /** The place of its first entry; null where its header is damaged. */
  @Nullable Point start() {
    return header == null ? null : header.first();
  }

  /** Where the segments before it end; null where its header is damaged. */
  @Nullable Point follows() {
    return header == null ? null : header.follows();
  }

  /** The file as it is written; null where an earlier process wrote it. */
  @Nullable DiskFile file() {
    return file;
  }

  /** Sets the end, where that is known. */
  void endAt(Point point) {
    end = point.sequence();
    endRecords = point.records();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
