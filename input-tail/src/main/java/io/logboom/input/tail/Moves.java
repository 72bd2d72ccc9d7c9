package io.logboom.input.tail;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The files that are settled further than was written down. Settlements add to it and never wait;
 * one thread takes, and sleeps while there is nothing.
 */
final class Moves {
  private final Set<TailedFile> moved = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread taker;

  void add(TailedFile file) {
    moved.add(file);
  }

  /** Lets the taker know, once all of a batch's files are added. */
  void wake() {
    LockSupport.unpark(taker);
  }

  /** Waits until there may be something, or {@link #wake} was called. */
  void await() {
    taker = Thread.currentThread();
    if (moved.isEmpty()) {
      LockSupport.park(this);
    }
  }

  /** Takes all: whoever is settled further from here on is added anew. */
  List<TailedFile> take() {
    List<TailedFile> taken = new ArrayList<>();
    for (Iterator<TailedFile> each = moved.iterator(); each.hasNext(); ) {
      taken.add(each.next());
      each.remove();
    }
    return taken;
  }
}
