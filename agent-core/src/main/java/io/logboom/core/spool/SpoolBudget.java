package io.logboom.core.spool;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that the entries of all spools together may have on disk. */
public final class SpoolBudget {
  private final long limitBytes;
  private final AtomicLong used = new AtomicLong();

  public SpoolBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return used.get();
  }

  /** Takes the bytes if they are left. */
  boolean take(long bytes) {
    long before;
    do {
      before = used.get();
      if (before + bytes > limitBytes) {
        return false;
      }
    } while (!used.compareAndSet(before, before + bytes));
    return true;
  }

  /** Takes bytes that are on the disk already, whatever the limit. */
  void charge(long bytes) {
    used.addAndGet(bytes);
  }

  void release(long bytes) {
    used.addAndGet(-bytes);
  }
}
