package io.logboom.input.tail;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of names that appear in and vanish from directories, as the kernel tells it (inotify). It
 * does not watch for writes: a busy file would cost an event for each. Where the kernel's limits
 * forbid a watch, that is said once, and whoever uses this looks by itself. The watcher's alone.
 */
final class DirectoryWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

  private final String instance;
  private final TailCounters counters;
  private final @Nullable WatchService service;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  // One directory by several paths has one key.
  private final IdentityHashMap<WatchKey, List<Path>> paths = new IdentityHashMap<>();
  private final Set<Path> refused = new HashSet<>();
  private boolean limited;

  /**
   * A change in a directory.
   *
   * @param name what appeared or vanished; null where events were dropped and anything may have
   */
  record Change(Path directory, @Nullable Path name) {}

  private DirectoryWatch(String instance, TailCounters counters, @Nullable WatchService service) {
    this.instance = instance;
    this.counters = counters;
    this.service = service;
  }

  /**
   * @param wanted false for one that never tells anything
   * @param base any path of the file system
   */
  static DirectoryWatch open(String instance, TailCounters counters, boolean wanted, Path base) {
    WatchService service = null;
    if (wanted) {
      try {
        service = base.getFileSystem().newWatchService();
      } catch (IOException | UnsupportedOperationException e) {
        LOG.warn(
            "{}: directories cannot be watched ({}); new files are found by looking every second",
            instance,
            e.getMessage());
      }
    }
    return new DirectoryWatch(instance, counters, service);
  }

  /** Whether every directory that was added is watched. */
  boolean isComplete() {
    return service != null && refused.isEmpty();
  }

  /** Watches a directory from now on, if that is possible. */
  void add(Path directory) {
    if (service == null || keys.containsKey(directory)) {
      return;
    }
    try {
      Path real = directory.toString().isEmpty() ? Path.of(".") : directory;
      WatchKey key =
          real.register(
              service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
      keys.put(directory, key);
      paths.computeIfAbsent(key, _ -> new ArrayList<>()).add(directory);
      refused.remove(directory);
    } catch (IOException e) {
      if (refused.add(directory) && !limited) {
        limited = true;
        LOG.warn(
            "{}: {} cannot be watched ({}); files there are found by looking every second. A limit"
                + " of the kernel may be too low: fs.inotify.max_user_watches",
            instance,
            directory,
            e.getMessage());
      }
    }
  }

  /** Watches a directory no longer. */
  void remove(Path directory) {
    refused.remove(directory);
    WatchKey key = keys.remove(directory);
    List<Path> shared = key == null ? null : paths.get(key);
    if (key != null && shared != null) {
      shared.remove(directory);
      if (shared.isEmpty()) {
        paths.remove(key);
        key.cancel();
      }
    }
  }

  /** What changed; waits for something up to {@code nanos}. */
  List<Change> poll(long nanos) throws InterruptedException {
    List<Change> changes = new ArrayList<>();
    if (service == null) {
      LockSupport.parkNanos(nanos);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return changes;
    }
    try {
      WatchKey key = service.poll(nanos, TimeUnit.NANOSECONDS);
      while (key != null) {
        take(key, changes);
        key = service.poll();
      }
    } catch (ClosedWatchServiceException e) {
      return changes;
    }
    return changes;
  }

  private void take(WatchKey key, List<Change> changes) {
    List<Path> directories = paths.getOrDefault(key, List.of());
    for (WatchEvent<?> event : key.pollEvents()) {
      boolean overflow = event.kind().equals(StandardWatchEventKinds.OVERFLOW);
      if (overflow) {
        counters.overflows.add(1);
      }
      for (Path directory : directories) {
        changes.add(new Change(directory, overflow ? null : (Path) event.context()));
      }
    }
    if (!key.reset()) {
      paths.remove(key);
      for (Path directory : directories) {
        keys.remove(directory);
        changes.add(new Change(directory, null));
      }
    }
  }

  @Override
  public void close() {
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        LOG.debug("{}: closing the directory watch failed", instance, e);
      }
    }
  }
}
