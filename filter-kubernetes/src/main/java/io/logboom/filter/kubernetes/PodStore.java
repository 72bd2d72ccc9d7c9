package io.logboom.filter.kubernetes;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pods that are known, by UID and by name, bounded in number and bytes. Deleted pods stay for
 * {@link #REMEMBERED_NANOS}, for the last lines of their logs. Safe for all threads.
 */
final class PodStore {
  /** How long a deleted pod is remembered: 10 minutes. */
  static final long REMEMBERED_NANOS = 600_000_000_000L;

  /** How long a pod may take until it has its address: 1 minute. */
  static final long STARTING_NANOS = 60_000_000_000L;

  private final LongSupplier nanos;
  private final int mostPods;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Entry> byUid = new HashMap<>();
  private final Map<String, List<Entry>> byName = new HashMap<>();
  private final Map<InetAddress, Entry> byAddress = new HashMap<>();
  private final Deque<Entry> gone = new ArrayDeque<>();
  private long bytes;
  private final AtomicLong version = new AtomicLong();

  private static final class Entry {
    Pod pod;
    // As they are now; the pod is another object only where what shows has changed.
    List<InetAddress> addresses;
    boolean starting;
    boolean watched;
    boolean live = true;
    long goneAt;
    final long cameAt;

    Entry(Pod pod, long now) {
      this.pod = pod;
      this.addresses = pod.addresses();
      this.starting = pod.starting();
      this.cameAt = now;
    }
  }

  PodStore(LongSupplier nanos, int mostPods, long mostBytes) {
    this.nanos = nanos;
    this.mostPods = mostPods;
    this.mostBytes = mostBytes;
  }

  /** Changes whenever an answer of {@link #find} may have changed, and at each {@link #signal}. */
  long version() {
    return version.get();
  }

  /** The name under which a pod is kept: its UID, else its name. */
  static String key(Pod pod) {
    return pod.hasUid() ? pod.uid() : name(pod.namespace(), pod.name());
  }

  private static String name(String namespace, String pod) {
    return namespace + "/" + pod;
  }

  /**
   * Takes in a pod as it is now.
   *
   * @param watched whether its changes will be told
   * @return false where there is no room for it
   */
  boolean put(Pod pod, boolean watched) {
    lock.lock();
    try {
      forget();
      Entry known = byUid.get(key(pod));
      if (known != null) {
        known.watched |= watched;
        revive(known);
        move(known, pod);
        if (!same(known.pod, pod)) {
          bytes += pod.weight() - known.pod.weight();
          known.pod = pod;
          changed();
        }
        return true;
      }
      if (!room(pod.weight())) {
        return false;
      }
      Entry entry = new Entry(pod, nanos.getAsLong());
      entry.watched = watched;
      bytes += pod.weight();
      byUid.put(key(pod), entry);
      if (pod.pathUid() != null) {
        byUid.put(pod.pathUid(), entry);
      }
      List<Entry> namesakes =
          byName.computeIfAbsent(name(pod.namespace(), pod.name()), _ -> new ArrayList<>(1));
      for (Entry other : namesakes) {
        bury(other);
      }
      namesakes.add(entry);
      list(entry);
      changed();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The pod was deleted. */
  void delete(Pod pod) {
    lock.lock();
    try {
      Entry entry = byUid.get(key(pod));
      if (entry != null) {
        bury(entry);
        changed();
      }
      forget();
    } finally {
      lock.unlock();
    }
  }

  /** The pod that had this name is deleted, unless it is watched, which would tell it. */
  void deleteUnwatched(String namespace, String pod) {
    lock.lock();
    try {
      for (Entry entry : byName.getOrDefault(name(namespace, pod), List.<Entry>of())) {
        if (!entry.watched) {
          bury(entry);
        }
      }
      changed();
    } finally {
      lock.unlock();
    }
  }

  /** Of the watched pods just those in {@code keys} are left. */
  void keepWatched(Set<String> keys) {
    lock.lock();
    try {
      for (Entry entry : List.copyOf(byUid.values())) {
        if (entry.watched && !keys.contains(key(entry.pod))) {
          bury(entry);
        }
      }
      forget();
      changed();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The pod whose container wrote the log; null where it is not known for certain. A log without a
   * UID in its path is a pod's only where the pod has reported the container's id, or has reported
   * no container under that name yet and no other pod had its name.
   */
  @Nullable Pod find(LogName log) {
    lock.lock();
    try {
      List<Entry> namesakes =
          byName.getOrDefault(name(log.namespace(), log.pod()), List.<Entry>of());
      String uid = log.uid();
      if (uid != null) {
        Entry entry = byUid.get(uid);
        if (entry != null) {
          return entry.pod;
        }
        for (Entry other : namesakes) {
          if (!other.pod.hasUid()) {
            return other.pod;
          }
        }
        return null;
      }
      return findByContainer(log, namesakes);
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable Pod findByContainer(LogName log, List<Entry> namesakes) {
    Entry live = null;
    for (Entry entry : namesakes) {
      if (!log.containerId().isEmpty() && entry.pod.hasContainerId(log.containerId())) {
        return entry.pod;
      }
      if (entry.live) {
        live = entry;
      }
    }
    if (live == null || log.containerId().isEmpty()) {
      return live == null ? null : live.pod;
    }
    if (namesakes.size() > 1) {
      return null;
    }
    Container container = live.pod.container(log.container());
    return container != null && container.id() == null ? live.pod : null;
  }

  /** The watched pod that has the address now; null where none has. */
  @Nullable Pod at(InetAddress address) {
    lock.lock();
    try {
      Entry entry = byAddress.get(address);
      return entry == null ? null : entry.pod;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is a young pod that has no address yet. */
  boolean expectsAddresses() {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      for (List<Entry> namesakes : byName.values()) {
        for (Entry entry : namesakes) {
          if (entry.live
              && entry.watched
              && entry.starting
              && now - entry.cameAt < STARTING_NANOS) {
            return true;
          }
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets a pod be found by its addresses, where its end would be told. One that was another pod's
   * is that of the pod that was heard of last.
   */
  private void list(Entry entry) {
    if (entry.live && entry.watched) {
      entry.addresses.forEach(address -> byAddress.put(address, entry));
    }
  }

  /** The pod has the addresses that it is said to have now. */
  private void move(Entry entry, Pod now) {
    if (!entry.addresses.equals(now.addresses()) || entry.starting != now.starting()) {
      unlist(entry);
      entry.addresses = now.addresses();
      entry.starting = now.starting();
      changed();
    }
    list(entry);
  }

  private void unlist(Entry entry) {
    entry.addresses.forEach(address -> byAddress.remove(address, entry));
  }

  /** Wakes who waits, so that they ask again. */
  void signal() {
    lock.lock();
    try {
      changed();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the version is not {@code seen} any more, for at most {@code patience} ns. */
  void await(long seen, long patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patience;
      while (version.get() == seen && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      int n = 0;
      for (List<Entry> entries : byName.values()) {
        n += entries.size();
      }
      return n;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private void changed() {
    version.incrementAndGet();
    changed.signalAll();
  }

  private void bury(Entry entry) {
    if (entry.live) {
      entry.live = false;
      entry.goneAt = nanos.getAsLong();
      unlist(entry);
      gone.add(entry);
    }
  }

  private void revive(Entry entry) {
    if (!entry.live) {
      entry.live = true;
      gone.remove(entry);
    }
  }

  private void forget() {
    long before = nanos.getAsLong() - REMEMBERED_NANOS;
    for (Entry e = gone.peek(); e != null && e.goneAt - before < 0; e = gone.peek()) {
      remove(gone.remove());
    }
  }

  private boolean room(int weight) {
    while ((byUid.size() >= mostPods || bytes + weight > mostBytes) && !gone.isEmpty()) {
      remove(gone.remove());
    }
    return byUid.size() < mostPods && bytes + weight <= mostBytes;
  }

  private void remove(Entry entry) {
    Pod pod = entry.pod;
    bytes -= pod.weight();
    byUid.remove(key(pod), entry);
    if (pod.pathUid() != null) {
      byUid.remove(pod.pathUid(), entry);
    }
    String name = name(pod.namespace(), pod.name());
    List<Entry> namesakes = byName.get(name);
    if (namesakes != null) {
      namesakes.remove(entry);
      if (namesakes.isEmpty()) {
        byName.remove(name);
      }
    }
  }

  private static boolean same(Pod a, Pod b) {
    return a.containers().equals(b.containers())
        && Arrays.equals(a.labels(), b.labels())
        && Arrays.equals(a.annotations(), b.annotations())
        && Arrays.equals(a.owners(), b.owners())
        && a.directives().equals(b.directives())
        && Objects.equals(a.node(), b.node())
        && Objects.equals(a.ip(), b.ip());
  }
}
