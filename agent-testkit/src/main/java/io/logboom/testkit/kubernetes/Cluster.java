package io.logboom.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The objects and their history, as etcd has them: each change takes the next resource version, and
 * history can be compacted.
 */
final class Cluster {
  /**
   * One change.
   *
   * @param before the object as it was; null where it is new
   * @param after the object as it is; null where it was deleted
   */
  record Change(long version, @Nullable ObjectNode before, @Nullable ObjectNode after) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeMap<String, ObjectNode> pods = new TreeMap<>();
  private final TreeMap<String, ObjectNode> namespaces = new TreeMap<>();
  private final List<Change> history = new ArrayList<>();
  private long version = 1000;
  private long oldest = 1000;
  private long wakes;

  private static String key(JsonNode pod) {
    return pod.at("/metadata/namespace").asText() + "/" + pod.at("/metadata/name").asText();
  }

  void put(ObjectNode pod) {
    lock.lock();
    try {
      ObjectNode after = pod.deepCopy();
      version++;
      after.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
      ObjectNode before = pods.put(key(after), after);
      history.add(new Change(version, before, after));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean edit(String namespace, String name, Consumer<ObjectNode> change) {
    lock.lock();
    try {
      ObjectNode pod = pods.get(namespace + "/" + name);
      if (pod == null) {
        return false;
      }
      ObjectNode next = pod.deepCopy();
      change.accept(next);
      put(next);
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean delete(String namespace, String name) {
    lock.lock();
    try {
      ObjectNode before = pods.remove(namespace + "/" + name);
      if (before == null) {
        return false;
      }
      version++;
      history.add(new Change(version, before, null));
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  void putNamespace(ObjectNode namespace) {
    lock.lock();
    try {
      version++;
      namespaces.put(namespace.at("/metadata/name").asText(), namespace.deepCopy());
    } finally {
      lock.unlock();
    }
  }

  /** Forgets all history: every version before the present one is too old. */
  void compact() {
    lock.lock();
    try {
      version++;
      oldest = version;
      history.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes watchers that wait, so that they look at more than changes. */
  void wake() {
    lock.lock();
    try {
      wakes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long version() {
    lock.lock();
    try {
      return version;
    } finally {
      lock.unlock();
    }
  }

  /** The oldest version from which history is whole. */
  long oldest() {
    lock.lock();
    try {
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  List<ObjectNode> pods() {
    lock.lock();
    try {
      return List.copyOf(pods.values());
    } finally {
      lock.unlock();
    }
  }

  @Nullable ObjectNode pod(String namespace, String name) {
    lock.lock();
    try {
      return pods.get(namespace + "/" + name);
    } finally {
      lock.unlock();
    }
  }

  @Nullable ObjectNode namespace(String name) {
    lock.lock();
    try {
      return namespaces.get(name);
    } finally {
      lock.unlock();
    }
  }

  /** The changes after {@code since}, waiting up to {@code millis} for the first. */
  List<Change> after(long since, long millis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      long woken = wakes;
      while (left > 0
          && woken == wakes
          && (history.isEmpty() || history.getLast().version() <= since)) {
        left = changed.awaitNanos(left);
      }
      int from = history.size();
      while (from > 0 && history.get(from - 1).version() > since) {
        from--;
      }
      return List.copyOf(history.subList(from, history.size()));
    } finally {
      lock.unlock();
    }
  }
}
