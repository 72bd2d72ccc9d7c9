package io.logboom.core.spool;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.api.disk.DiskLockedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries on disk, in the order in which they were appended. Safe for use by several threads.
 *
 * <p>The life of an entry: appended, durable (by {@link #sync}), handed out ({@link #read}),
 * settled. Only durable entries are handed out or dropped. An entry that was handed out can be
 * given back: it comes again at its place in the order. After a restart all entries that are not
 * settled are there again, and not handed out.
 */
public final class Spool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  private final Path directory;
  private final Disk disk;
  private final SpoolSettings settings;
  private final InstantSource clock;
  private final Book book;
  private final Writer writer;
  private final Reader reader;
  private final CursorFile cursor;
  private final @Nullable Closeable directoryLock;
  private final Trouble trouble = new Trouble();

  // Taken in this order; the book's monitor comes last.
  private final ReentrantLock flushing = new ReentrantLock();
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile boolean closed;

  private Spool(
      Path directory,
      Disk disk,
      SpoolSettings settings,
      InstantSource clock,
      @Nullable Closeable directoryLock,
      CursorFile cursor)
      throws IOException {
    this.directory = directory;
    this.disk = disk;
    this.settings = settings;
    this.clock = clock;
    this.directoryLock = directoryLock;
    this.cursor = cursor;
    Quarantine quarantine =
        new Quarantine(directory.resolve("quarantine"), disk, settings.quarantineBytes(), clock);
    this.book = new Recovery(directory, disk, settings, quarantine, cursor.load()).run();
    this.writer = new Writer(directory, disk, settings, clock, book);
    this.reader = new Reader(disk, book, quarantine);
  }

  /**
   * Opens the spool in the directory, or begins one. Damage does not keep it from opening: it is
   * cut, skipped, quarantined and counted. A disk that is read-only or full does not either:
   * entries can be read, and appends fail until it is writable.
   *
   * @throws IOException where the directory cannot be read, or is open already, here or in another
   *     process
   */
  public static Spool open(Path directory, Disk disk, SpoolSettings settings, InstantSource clock)
      throws IOException {
    Closeable lock = lock(directory, disk);
    try {
      Spool spool =
          new Spool(directory, disk, settings, clock, lock, new CursorFile(directory, disk));
      spool.cursor.writeTwice(spool.book);
      spool.cursor.force();
      spool.tidy();
      return spool;
    } catch (IOException | RuntimeException e) {
      if (lock != null) {
        lock.close();
      }
      throw e;
    }
  }

  private static @Nullable Closeable lock(Path directory, Disk disk) throws IOException {
    try {
      disk.createDirectories(directory);
      return disk.lock(directory.resolve("lock"));
    } catch (DiskLockedException e) {
      throw e;
    } catch (IOException e) {
      // Nobody can write here, so that nobody can get in the way.
      LOG.warn("{} is not writable at present: {}", directory, e.toString());
      return null;
    }
  }

  /** Appends an entry behind all others. It is not durable before {@link #sync}. */
  public Append append(byte[] payload, int from, int count, int records, int flags) {
    return append(new Writer.Given(payload, from, count, records, flags, false));
  }

  /**
   * Appends an entry that the caller keeps in memory too: it counts as handed out from the start,
   * so that it comes only after {@link #giveBack}, or after a restart.
   */
  public Append appendHeld(byte[] payload, int from, int count, int records, int flags) {
    return append(new Writer.Given(payload, from, count, records, flags, true));
  }

  private Append append(Writer.Given given) {
    if (given.records() < 0) {
      throw new IllegalArgumentException("records: " + given.records());
    }
    int crc = Crc.of(given.bytes(), given.from(), given.count());
    Append result;
    writing.lock();
    try {
      if (closed) {
        return Writer.failed(new IOException(directory + " is closed"));
      }
      result = writer.append(given, crc);
    } finally {
      writing.unlock();
    }
    if (settings.everyAppendSynced() && result instanceof Append.Appended(long sequence)) {
      try {
        sync(sequence);
      } catch (IOException e) {
        return Writer.failed(e);
      }
    }
    return result;
  }

  /**
   * Returns when the entry and all before it are durable. Callers at the same time share one flush
   * of the disk; appending and reading go on meanwhile. Nothing is done where it is durable
   * already.
   *
   * <p>Where the flush fails, no entry since the last one that succeeded can be trusted to be on
   * the disk: all of them are void, whoever appended them. They are gone from the spool, their
   * numbers do not come again, and calls with their numbers do nothing. Whoever appended them still
   * has them in memory and appends them again.
   *
   * @throws IOException where the entry is void, also when it was another thread's call that failed
   */
  public void sync(long sequence) throws IOException {
    if (isDurable(sequence)) {
      return;
    }
    flushing.lock();
    try {
      if (!isDurable(sequence)) {
        flush();
      }
    } finally {
      flushing.unlock();
    }
    tidy();
    cursor.forceNowAndThen(clock.millis());
  }

  private boolean isDurable(long sequence) throws IOException {
    return switch (book.standing(sequence)) {
      case DURABLE -> true;
      case APPENDED -> false;
      case VOID ->
          throw new IOException("entry " + sequence + " is void: a flush failed after its append");
    };
  }

  private void flush() throws IOException {
    Book.Flush flush = book.beginFlush();
    try {
      for (Segment segment : flush.segments()) {
        DiskFile file = segment.file();
        if (file != null) {
          file.force();
        }
      }
      if (flush.directory()) {
        disk.forceDirectory(directory);
      }
    } catch (IOException e) {
      revoke();
      throw e;
    }
    book.flushed(flush).forEach(Spool::closeFile);
    // Before anybody is told: a later loss of these entries is damage, not a tear.
    cursor.write(book);
  }

  private void revoke() {
    reading.lock();
    writing.lock();
    try {
      writer.forgetSegment();
      Book.Revoked revoked = book.revoke();
      for (Segment segment : revoked.cut()) {
        truncate(segment);
        closeFile(segment);
      }
      for (Segment segment : revoked.gone()) {
        reader.release(segment);
        closeFile(segment);
        delete(segment);
      }
    } finally {
      writing.unlock();
      reading.unlock();
    }
  }

  private static void closeFile(Segment segment) {
    DiskFile file = segment.file();
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.warn("{} did not close cleanly: {}", segment, e.toString());
      }
    }
  }

  private static void truncate(Segment segment) {
    DiskFile file = segment.file();
    if (file != null) {
      try {
        file.truncate(segment.length);
      } catch (IOException e) {
        // The next segment says that what is behind is void.
        LOG.warn("{} cannot be cut: {}", segment, e.toString());
      }
    }
  }

  private boolean delete(Segment segment) {
    try {
      disk.delete(segment.path());
      return true;
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", segment, e.toString());
      return false;
    }
  }

  /**
   * The oldest durable entry that is not handed out; null where there is none, or the disk does not
   * let it be read at present. The same again until it is read, settled or dropped.
   */
  public @Nullable Head next() {
    reading.lock();
    try {
      Entry entry = oldest();
      return entry == null ? null : entry.head();
    } finally {
      reading.unlock();
      tidy();
    }
  }

  private @Nullable Entry oldest() {
    if (closed || trouble.pauses(clock.millis())) {
      return null;
    }
    try {
      advance();
      return book.oldest();
    } catch (IOException e) {
      LOG.warn("{} cannot be read at present: {}", directory, e.toString());
      return null;
    }
  }

  private void advance() throws IOException {
    try {
      reader.advance();
    } catch (IOException e) {
      if (!trouble.failed(clock.millis())) {
        throw e;
      }
      reader.skipUnreadable();
      reader.advance();
    }
  }

  /**
   * Reads the payload of an entry that {@link #next} told, and hands it out.
   *
   * @return false where there is nothing to hand out: it turned out damaged, which is counted and
   *     quarantined here, or another thread was faster, or the disk does not let it be read at
   *     present. Go on with {@link #next}
   */
  public boolean read(Head head, byte[] into, int at) {
    reading.lock();
    try {
      Entry entry = closed ? null : book.take(head.sequence());
      return entry != null && load(entry, into, at);
    } finally {
      reading.unlock();
      tidy();
    }
  }

  private boolean load(Entry entry, byte[] into, int at) {
    try {
      if (reader.load(entry, into, at)) {
        trouble.over();
        return true;
      }
      reader.quarantine(entry);
    } catch (IOException e) {
      LOG.warn("{} cannot be read at present: {}", entry.segment(), e.toString());
      if (!trouble.failed(clock.millis()) || !reader.canReadSome(entry.segment())) {
        book.giveBack(entry.sequence());
        return false;
      }
    }
    LOG.error("{}: the entry at {} is damaged", entry.segment(), entry.at());
    book.lose(entry, entry.header().bytes());
    return false;
  }

  /**
   * Says that an entry is done with: one that was handed out, or the one that {@link #next} tells,
   * unread. In any order. It does not come again, also after a kill. Anything else is ignored.
   */
  public void settle(long sequence) {
    book.settle(sequence);
    tidy();
  }

  /** Says that an entry that was handed out is not done: it comes again, at its place. */
  public void giveBack(long sequence) {
    book.giveBack(sequence);
  }

  /**
   * Removes the oldest durable entry that is not handed out, and tells what it was; null where
   * there is none.
   */
  public @Nullable Head dropOldest() {
    reading.lock();
    try {
      Entry entry = oldest();
      if (entry == null) {
        return null;
      }
      book.settle(entry.sequence());
      return entry.head();
    } finally {
      reading.unlock();
      tidy();
    }
  }

  /** Whether every entry is settled or handed out; entries that are not durable yet count. */
  public boolean isEmpty() {
    return book.unread() == 0;
  }

  public Usage usage() {
    if (!isEmpty() && reading.tryLock()) {
      try {
        // So that it is known how old the oldest is.
        oldest();
      } finally {
        reading.unlock();
      }
      tidy();
    }
    return book.usage();
  }

  /** As {@link #usage}, as far as it is known without asking the disk. */
  public Usage known() {
    return book.usage();
  }

  /** Writes the cursor if it has changed, and deletes what is settled. Needs no lock held. */
  private void tidy() {
    boolean goOn = cursor.write(book);
    // Whoever holds the lock comes here afterwards.
    while (goOn && book.hasDoomed() && flushing.tryLock()) {
      try {
        goOn = deleteSettled();
      } finally {
        flushing.unlock();
      }
    }
  }

  private boolean deleteSettled() {
    List<Segment> doomed = book.takeDoomed();
    // Else the cursor that comes back after a crash could say that they are missing.
    boolean mayDelete = cursor.write(book) && cursor.force();
    for (Segment segment : doomed) {
      if (mayDelete) {
        reading.lock();
        try {
          reader.release(segment);
        } finally {
          reading.unlock();
        }
        closeFile(segment);
        mayDelete = delete(segment);
      }
      if (mayDelete) {
        book.deleted(segment);
      } else {
        book.notDeleted(segment);
      }
    }
    return mayDelete;
  }

  /** Makes everything durable and ends. What is not settled is there again at the next open. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    writing.lock();
    try {
      closed = true;
      writer.endSegment();
    } finally {
      writing.unlock();
    }
    flushing.lock();
    try {
      flush();
    } catch (IOException e) {
      LOG.warn("{}: entries that were not flushed are not kept: {}", directory, e.toString());
    } finally {
      flushing.unlock();
    }
    tidy();
    reading.lock();
    try {
      reader.close();
    } finally {
      reading.unlock();
    }
    cursor.writeTwice(book);
    cursor.force();
    cursor.close();
    book.end().forEach(Spool::closeFile);
    closeLock();
  }

  private void closeLock() {
    if (directoryLock != null) {
      try {
        directoryLock.close();
      } catch (IOException e) {
        LOG.warn("{} could not be unlocked: {}", directory, e.toString());
      }
    }
  }
}
