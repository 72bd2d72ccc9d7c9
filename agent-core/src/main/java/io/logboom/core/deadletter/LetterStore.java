package io.logboom.core.deadletter;

import io.logboom.api.batch.Batch;
import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments: new letters go to the last, and the first is deleted when there is no room. Used
 * under the lock of {@link DeadLetters}.
 */
final class LetterStore {
  private static final Logger LOG = LoggerFactory.getLogger(LetterStore.class);
  private static final long LEAST_SEGMENT = 64 * 1024;
  private static final long MOST_SEGMENT = 4 << 20;

  private final Disk disk;
  private final Path directory;
  private final long limitBytes;
  private final long segmentBytes;
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  // The last segment, where it was made by this process; null where the next letter needs one.
  private @Nullable Segment current;
  private long nextId = 1;
  private long sizeBefore;
  private long idBefore;
  private long dropped;
  private long damaged;
  private long replayed;

  private LetterStore(Disk disk, Path directory, long limitBytes) {
    this.disk = disk;
    this.directory = directory;
    this.limitBytes = limitBytes;
    this.segmentBytes = Math.clamp(limitBytes / 16, LEAST_SEGMENT, MOST_SEGMENT);
  }

  static LetterStore open(Disk disk, Path directory, long limitBytes) throws IOException {
    LetterStore store = new LetterStore(disk, directory, limitBytes);
    List<SegmentName> names = LetterBox.segments(disk, directory);
    for (int i = 0; i < names.size(); i++) {
      long next = i + 1 < names.size() ? names.get(i + 1).first() : 0;
      store.known(Segment.open(disk, directory, names.get(i), next));
    }
    store.sweep();
    if (store.damaged > 0) {
      LOG.error("{} dead letter(s) in {} are damaged and lost", store.damaged, directory);
    }
    return store;
  }

  private void known(Segment segment) throws IOException {
    Segment twin = segments.put(segment.name().first(), segment);
    if (twin != null) {
      // One of the two was begun in place of the other, which had no letters.
      boolean twinIsEmpty = twin.isEmpty();
      (twinIsEmpty ? twin : segment).delete();
      segments.put(segment.name().first(), twinIsEmpty ? segment : twin);
    }
    nextId = Math.max(nextId, segment.next());
    damaged += segment.damaged();
  }

  /** Prepares for letters that are kept together or not at all. */
  void begin() throws IOException {
    Segment segment = current;
    if (segment != null && segment.size() >= segmentBytes) {
      segment.close();
      segment = null;
    }
    if (segment == null) {
      segment = Segment.create(disk, directory, nextId);
      Segment empty = segments.put(nextId, segment);
      if (empty != null) {
        empty.delete();
      }
      current = segment;
    }
    sizeBefore = segment.size();
    idBefore = nextId;
  }

  void add(LetterWriter writer, Envelope envelope, Batch record) throws IOException {
    Segment segment = now();
    DiskFile file = segment.letters();
    long mark = segment.name().mark();
    segment.added(writer.write(file, segment.size(), mark, nextId, envelope, record));
    nextId++;
  }

  void commit() throws IOException {
    now().letters().force();
    while (bytes() > limitBytes && segments.size() > 1) {
      dropOldest();
    }
  }

  private Segment now() {
    Segment segment = current;
    if (segment == null) {
      throw new IllegalStateException("begin comes first");
    }
    return segment;
  }

  /** Takes back what was added since {@link #begin}. */
  void rollBack(Exception cause) {
    Segment segment = now();
    try {
      segment.cutBack(sizeBefore, idBefore);
      nextId = idBefore;
    } catch (IOException e) {
      // What stands there may count or not; the next letters go elsewhere.
      cause.addSuppressed(e);
      current = null;
    }
  }

  private void dropOldest() throws IOException {
    Segment oldest = segments.pollFirstEntry().getValue();
    int lost = oldest.live();
    dropped += lost;
    oldest.delete();
    if (lost > 0) {
      LOG.error(
          "the dead letters have reached their limit of {} bytes: the oldest {} are dropped",
          limitBytes,
          lost);
    }
  }

  /** The segments in the order of their letters. */
  List<Segment> segments() {
    return List.copyOf(segments.values());
  }

  /** The segment that has the letter; null where the letter is gone. */
  @Nullable Segment find(long id) {
    Map.Entry<Long, Segment> entry = segments.floorEntry(id);
    return entry == null || !entry.getValue().has(id) ? null : entry.getValue();
  }

  /** Removes a letter; durable with {@link #sweep}. */
  void remove(long id) throws IOException {
    Segment segment = find(id);
    if (segment != null) {
      segment.remove(id);
    }
  }

  void countReplayed() {
    replayed++;
  }

  /** Counts a letter that could not be read. */
  void countDamaged() {
    damaged++;
  }

  /**
   * Makes durable which letters are gone, and deletes segments that have no others. The last one
   * keeps the number that comes next, so that none comes twice.
   */
  void sweep() throws IOException {
    for (Segment segment : new ArrayList<>(segments.values())) {
      boolean last = segment.name().first() == segments.lastKey();
      if (segment.live() > 0) {
        segment.forceGone();
      } else if (!last) {
        segments.remove(segment.name().first());
        segment.delete();
      } else if (!segment.isEmpty()) {
        current = Segment.create(disk, directory, nextId);
        segments.put(nextId, now());
        segments.remove(segment.name().first());
        segment.delete();
      }
    }
  }

  private long bytes() {
    long sum = 0;
    for (Segment segment : segments.values()) {
      sum += segment.bytes();
    }
    return sum;
  }

  Usage usage() {
    long letters = 0;
    for (Segment segment : segments.values()) {
      letters += segment.live();
    }
    return new Usage(letters, bytes(), dropped, damaged, replayed);
  }

  void close() throws IOException {
    for (Segment segment : segments.values()) {
      segment.close();
    }
  }
}
