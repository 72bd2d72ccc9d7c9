package io.logboom.core.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Entries on disk, in the order in which they were appended. Safe for use by several threads.
 *
 * <p>The life of an entry: appended, durable (by {@link #sync}), handed out ({@link #read}), settled.
 * Only durable entries are handed out or dropped. An entry that was handed out can be given back: it
 * comes again at its place in the order. After a restart all entries that are not settled are there
 * again, and not handed out.
 */
public final class Spool implements AutoCloseable {
  private Spool() {}

  /**
   * Opens the spool in the directory, or begins one. Damage does not keep it from opening: it is
   * cut, skipped, quarantined and counted. A disk that is read-only or full does not either:
   * entries can be read, and appends fail until it is writable.
   *
   * @throws IOException where the directory cannot be read, or another process has the spool open
   */
  public static Spool open(Path directory, Disk disk, SpoolSettings settings, InstantSource clock)
      throws IOException {
    throw new UnsupportedOperationException("being written");
  }

  /** Appends an entry behind all others. It is not durable before {@link #sync}. */
  public Append append(byte[] payload, int from, int count, int records, int flags) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Appends an entry that the caller keeps in memory too: it counts as handed out from the start,
   * so that it comes only after {@link #giveBack}, or after a restart.
   */
  public Append appendHeld(byte[] payload, int from, int count, int records, int flags) {
    throw new UnsupportedOperationException("being written");
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
    throw new UnsupportedOperationException("being written");
  }

  /**
   * The oldest durable entry that is not handed out; null where there is none, or the disk does not
   * let it be read at present. The same again until it is read, settled or dropped.
   */
  public @Nullable Head next() {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Reads the payload of an entry that {@link #next} told, and hands it out.
   *
   * @return false where there is nothing to hand out: it turned out damaged, which is counted and
   *     quarantined here, or another thread was faster, or the disk does not let it be read at
   *     present. Go on with {@link #next}
   */
  public boolean read(Head head, byte[] into, int at) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Says that an entry is done with: one that was handed out, or the one that {@link #next} tells,
   * unread. In any order. It does not come again, also after a kill. Anything else is ignored.
   */
  public void settle(long sequence) {
    throw new UnsupportedOperationException("being written");
  }

  /** Says that an entry that was handed out is not done: it comes again, at its place. */
  public void giveBack(long sequence) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Removes the oldest durable entry that is not handed out, and tells what it was; null where
   * there is none.
   */
  public @Nullable Head dropOldest() {
    throw new UnsupportedOperationException("being written");
  }

  /** Whether every entry is settled or handed out; entries that are not durable yet count. */
  public boolean isEmpty() {
    throw new UnsupportedOperationException("being written");
  }

  public Usage usage() {
    throw new UnsupportedOperationException("being written");
  }

  /** Makes everything durable and ends. What is not settled is there again at the next open. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("being written");
  }
}
