package io.logboom.output.s3;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.api.disk.DiskLockedException;
import io.logboom.output.s3.Multipart.Part;
import io.logboom.output.s3.Staged.Coding;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits on disk for its upload: a log of records, and a file for each object. Safe for all
 * threads; {@link #turn} is one thread's.
 */
final class Staging implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Staging.class);

  /** Left free on the disk, so that what is in the log can move to objects. */
  private static final long RESERVE = 4 << 20;

  private final Settings settings;
  private final Path directory;
  private final Disk disk;
  private final InstantSource clock;
  private final Known known = new Known();
  private final Closeable lock;
  private final Journal journal;
  private final PositionFiles positions;
  private final StagingLog log;

  private byte[] unitBytes = new byte[0];

  // Under the monitor:
  private final Map<Staged.Group, Staged> open = new HashMap<>();
  private final Set<Staged> busy = new HashSet<>();
  private long objectBytes;
  private boolean closed;
  private volatile boolean pressed;
  private final long tornBytes;
  private final AtomicLong damagedBytes = new AtomicLong();

  /**
   * How things are staged.
   *
   * @param objectBytes an object is full when more would make it larger
   * @param timeout an object is full when its first record has waited this long
   * @param limitBytes the most that may be on disk; 0 for no limit
   * @param segmentBytes the log goes to objects when it has this many bytes
   * @param partBytes objects will be uploaded in parts of this size; {@link Long#MAX_VALUE} where
   *     each is uploaded whole
   */
  record Settings(
      KeyFormat keys,
      Coding coding,
      long objectBytes,
      Duration timeout,
      long limitBytes,
      long segmentBytes,
      long partBytes) {}

  /** There is no room: not an error, but a reason to wait. */
  static final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1;

    NoRoomException(String why) {
      super(why);
    }
  }

  /** Opens a directory and finds what an earlier life left in it. */
  Staging(Settings settings, Path directory, Disk disk, InstantSource clock) throws IOException {
    this.settings = settings;
    this.directory = directory;
    this.disk = disk;
    this.clock = clock;
    disk.createDirectories(directory);
    this.lock = lock(disk, directory);
    try {
      this.journal = new Journal(directory, disk);
      this.positions = new PositionFiles(directory, disk);
      Recovery recovery = new Recovery(directory, disk, journal);
      recovery.objects().forEach(this::adopt);
      positions.read(journal.nextSegment(), known);
      this.log = new StagingLog(directory, disk, settings.segmentBytes, journal.nextSegment());
      recovery.log(log, known);
      tornBytes = journal.cutBytes() + recovery.tornBytes();
      damagedBytes.set(recovery.damagedBytes());
    } catch (IOException | RuntimeException e) {
      unlock();
      throw e;
    }
  }

  private static Closeable lock(Disk disk, Path directory) throws IOException {
    try {
      return disk.lock(directory.resolve("lock"));
    } catch (DiskLockedException e) {
      throw new NoRoomException(directory + " is in use by another output or process");
    }
  }

  private void unlock() {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.debug("the lock of {} was not given back cleanly", directory, e);
    }
  }

  private void adopt(Staged object) {
    objectBytes += object.length;
    if (!object.sealed) {
      Staged older = open.put(object.group(), object);
      if (older != null) {
        seal(older);
      }
    }
  }

  Path path(Staged object) {
    return path(directory, object);
  }

  static Path path(Path directory, Staged object) {
    return directory.resolve(String.format(Locale.ROOT, "%016d.object", object.id));
  }

  DiskFile openFile(Staged object) throws IOException {
    return disk.open(path(object), Disk.Mode.ENSURE);
  }

  // ---- records come

  /** What is staged already. */
  Known known() {
    return known;
  }

  /**
   * Appends a unit; {@link #sync} makes it durable.
   *
   * @throws NoRoomException where the disk, or the limit, is full
   */
  StagingLog.Ticket append(Draft unit) throws IOException {
    long millis = clock.millis();
    unit.seal(millis);
    long more = unit.length();
    if (settings.limitBytes > 0 && bytes() + more > settings.limitBytes) {
      pressed = true;
      throw new NoRoomException(
          "store_dir_limit_size is reached: " + bytes() + " bytes wait for their upload");
    }
    if (disk.usableBytes(directory) < log.bytes() + more + RESERVE) {
      pressed = true;
      throw new NoRoomException("the disk of " + directory + " is full");
    }
    return log.append(unit.array(), unit.length(), millis);
  }

  void sync(StagingLog.Ticket ticket) throws IOException {
    log.sync(ticket);
  }

  /** These records are durable. */
  void staged(Collection<Draft.Note> notes) {
    for (Draft.Note note : notes) {
      byte[] b = note.positions();
      known.add(note.place().tag(), note.place().source(), b, 0, b.length);
    }
  }

  // ---- the log goes to objects

  Coding coding() {
    return settings.coding;
  }

  long mostObjectBytes() {
    return settings.objectBytes;
  }

  synchronized @Nullable Staged openObject(Staged.Group group) {
    return open.get(group);
  }

  /**
   * @param ahead how many are made before it that the journal does not know
   */
  synchronized Staged newObject(Staged.Group group, long second, long millis, int ahead) {
    String key = settings.keys.key(group.tag(), second, journal.nextIndex() + ahead);
    Staged made =
        new Staged(
            journal.nextObject() + ahead, group.period(), millis, group.coding(), group.tag(), key);
    made.hashes = new PartHashes(settings.partBytes);
    return made;
  }

  /**
   * Moves what is due from the log to objects, and closes objects that are full or due.
   *
   * @param all whether all of it is due
   */
  void turn(boolean all) throws IOException {
    boolean everything = all || pressed;
    long before = clock.millis() - settings.timeout.toMillis();
    if (everything || log.oldestMillis() <= before || isObjectDue(before)) {
      log.seal();
    }
    StagingLog.Segment segment = log.oldestSealed();
    while (segment != null) {
      move(segment);
      segment = log.oldestSealed();
    }
    closeDue(everything ? Long.MAX_VALUE : before);
    if (everything) {
      pressed = false;
    }
  }

  private synchronized boolean isObjectDue(long before) {
    return open.values().stream().anyMatch(o -> o.createdMillis <= before);
  }

  /** The bytes in memory that it keeps: only for the thread that takes turns. */
  long heldBytes() {
    return known.bytes() + unitBytes.length;
  }

  /** What units of the log are read into, one at a time: only for the thread that takes turns. */
  byte[] unitBytes() {
    return unitBytes;
  }

  /** Keeps what the last one was read into, but where that was uncommonly long. */
  void unitBytes(byte[] last) {
    unitBytes = last.length > 2 * Draft.FULL ? new byte[0] : last;
  }

  private void move(StagingLog.Segment segment) throws IOException {
    Flush flush = new Flush(this, segment);
    flush.run();
    positions.append(segment.number, flush.positions());
    commit(segment, flush);
    if (flush.damagedBytes() > 0) {
      damagedBytes.addAndGet(flush.damagedBytes());
      Path aside = segment.path.resolveSibling(segment.path.getFileName() + ".damaged");
      Files.copy(segment.path, aside);
      LOG.error(
          "{} bytes of {} came back damaged from the disk; it is kept as {}",
          flush.damagedBytes(),
          segment.path,
          aside);
    }
    log.remove(segment);
  }

  private synchronized void commit(StagingLog.Segment segment, Flush flush) throws IOException {
    List<String> states = new ArrayList<>();
    for (Flush.Grown each : flush.grown()) {
      Staged o = each.object();
      states.add(o.id + ":" + each.length() + ":" + each.records());
    }
    disk.forceDirectory(directory);
    journal.flushed(
        segment.number, journal.nextIndex() + flush.made().size(), flush.made(), states);
    for (Flush.Grown each : flush.grown()) {
      Staged o = each.object();
      objectBytes += each.length() - o.length;
      o.length = each.length();
      o.records = each.records();
      o.hashes = each.hashes();
      if (each.full()) {
        seal(o);
      } else {
        open.put(o.group(), o);
      }
    }
  }

  private synchronized void closeDue(long before) {
    for (Staged object : List.copyOf(open.values())) {
      if (object.createdMillis <= before) {
        seal(object);
      }
    }
  }

  /**
   * Nothing is added to the object any more. Where the journal misses it, it is found out again.
   */
  private void seal(Staged object) {
    object.sealed = true;
    PartHashes hashes = object.hashes;
    if (hashes != null) {
      hashes.end();
    }
    open.remove(object.group(), object);
    try {
      journal.note(object, false, "sealed");
    } catch (IOException e) {
      LOG.debug("{} could not be noted as sealed", object.key, e);
    }
  }

  // ---- objects go

  /** Takes the oldest object that can be uploaded now; null for none. */
  synchronized @Nullable Staged take(long nowNanos) {
    if (closed) {
      return null;
    }
    for (Staged object : journal.objects().values()) {
      if (object.sealed && !busy.contains(object) && object.notBeforeNanos - nowNanos <= 0) {
        busy.add(object);
        return object;
      }
    }
    return null;
  }

  /** The object is not to be taken before. */
  synchronized void delay(Staged object, long untilNanos) {
    object.notBeforeNanos = untilNanos;
  }

  synchronized void giveBack(Staged object) {
    busy.remove(object);
  }

  /** A multipart upload is about to begin: a crash from here on may leave one. */
  synchronized void intend(Staged object) throws IOException {
    journal.note(object, true, "intended");
    object.intended = true;
  }

  synchronized void begun(Staged object, long partBytes, Multipart upload) throws IOException {
    object.partBytes = partBytes;
    object.upload = upload;
    journal.note(object, false, Journal.begun(object, upload));
  }

  synchronized void part(Staged object, Part part) throws IOException {
    object.parts.add(part);
    journal.note(object, false, Journal.part(object.parts.size(), part));
  }

  /** The upload is no more; the next try begins another. */
  synchronized void forget(Staged object) throws IOException {
    object.intended = false;
    object.upload = null;
    object.parts = new ArrayList<>();
    journal.note(object, false, "void");
  }

  /** Sees whether the object's file is what was written, and forgets the hashes of that. */
  void distrust(Staged object) throws IOException {
    PartHashes written = object.hashes;
    object.hashes = null;
    if (written == null) {
      return;
    }
    long damaged;
    try (DiskFile file = openFile(object)) {
      damaged = PartHashes.of(file, object.length, settings.partBytes).differences(written);
    }
    if (damaged > 0) {
      damagedBytes.addAndGet(damaged);
      LOG.error(
          "{} came back damaged from the disk, somewhere in {} bytes; it is uploaded as it is",
          path(object),
          damaged);
    }
  }

  /** The object is where it should be. */
  synchronized void done(Staged object) throws IOException {
    journal.done(object);
    objectBytes -= object.length;
    disk.delete(path(object));
  }

  // ---- what there is

  /** The bytes on disk. */
  long bytes() {
    long inObjects;
    synchronized (this) {
      inObjects = objectBytes;
    }
    return log.bytes() + inObjects;
  }

  synchronized int objects() {
    return journal.objects().size();
  }

  synchronized List<Staged> all() {
    return List.copyOf(journal.objects().values());
  }

  boolean isEmpty() {
    return objects() == 0 && log.oldestMillis() == Long.MAX_VALUE;
  }

  /** When the oldest record that is here was staged; {@link Long#MAX_VALUE} for none. */
  long oldestMillis() {
    long oldest = log.oldestMillis();
    synchronized (this) {
      for (Staged object : journal.objects().values()) {
        oldest = Math.min(oldest, object.createdMillis);
      }
    }
    return oldest;
  }

  /** Bytes that were cut off as torn when it was opened. */
  long tornBytes() {
    return tornBytes;
  }

  /** Bytes that came back damaged. */
  long damagedBytes() {
    return damagedBytes.get();
  }

  /** Whether records wait for room. */
  boolean isPressed() {
    return pressed;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    log.close();
    try {
      positions.close();
      journal.close();
    } catch (IOException e) {
      LOG.debug("{} did not close cleanly", directory, e);
    }
    unlock();
  }
}
