package io.logboom.core.spool;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.api.disk.DiskFullException;
import io.logboom.api.disk.DiskLockedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk in memory that can fail, fill up or crash at any call, and that forgets in a crash what
 * was not flushed: sector by sector, in any order, names too.
 */
final class FaultyDisk implements Disk {
  private static final int SECTOR = 512;

  /** What a call can be. */
  enum Call {
    READ,
    WRITE,
    TRUNCATE,
    FORCE,
    FORCE_DIRECTORY,
    CREATE,
    OPEN,
    RENAME,
    DELETE,
    OTHER
  }

  /** What can happen at a call. */
  enum Fault {
    NONE,
    ERROR,
    FULL,
    CRASH
  }

  /** Decides what happens at a call. */
  interface Plan {
    Fault at(int number, Call call, Path file);
  }

  /** The machine stops here. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crash", null, false, false);
    }
  }

  /** Bytes at a place, or a cut where there are none. */
  private record Change(long at, byte[] bytes, boolean cut) {}

  private static final class Image {
    private byte[] bytes = new byte[0];
    private int size;

    void apply(Change change) {
      int at = (int) change.at();
      if (change.cut()) {
        size = Math.min(size, at);
        return;
      }
      int end = at + change.bytes().length;
      if (bytes.length < end) {
        bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
      }
      if (at > size) {
        Arrays.fill(bytes, size, at, (byte) 0);
      }
      System.arraycopy(change.bytes(), 0, bytes, at, change.bytes().length);
      size = Math.max(size, end);
    }

    byte[] content() {
      return Arrays.copyOf(bytes, size);
    }
  }

  private static final class Node {
    private final Image now = new Image();
    private final Image flushed = new Image();
    private final List<Change> pending = new ArrayList<>();
  }

  private final Random random;
  private final Map<Path, Node> names = new TreeMap<>();
  private final Map<Path, Node> flushedNames = new HashMap<>();
  private final Set<Path> directories = new HashSet<>();
  private final Set<Path> locks = new HashSet<>();
  private Plan plan = (number, call, file) -> Fault.NONE;
  private long capacity = Long.MAX_VALUE;
  private int calls;
  private boolean crashed;

  FaultyDisk(Random random) {
    this.random = random;
  }

  synchronized void plan(Plan next) {
    calls = 0;
    plan = next;
  }

  synchronized int calls() {
    return calls;
  }

  synchronized boolean isCrashed() {
    return crashed;
  }

  synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  /** The process is gone; what it had written stays. */
  synchronized void kill() {
    crashed = false;
    locks.clear();
    plan = (number, call, file) -> Fault.NONE;
  }

  /** The machine was switched off; of what was not flushed, anything may be gone. */
  synchronized void losePower() {
    kill();
    Set<Path> all = new LinkedHashSet<>(names.keySet());
    all.addAll(flushedNames.keySet());
    for (Path path : all.stream().sorted().toList()) {
      Node now = names.get(path);
      Node flushed = flushedNames.get(path);
      Node kept = now == flushed || random.nextBoolean() ? now : flushed;
      if (kept == null) {
        names.remove(path);
      } else {
        names.put(path, kept);
      }
    }
    flushedNames.clear();
    flushedNames.putAll(names);
    names.values().forEach(this::lose);
  }

  private void lose(Node node) {
    int keep = random.nextInt(3);
    for (Change change : node.pending) {
      for (Change sector : sectors(change)) {
        if (keep == 0 || (keep == 1 && random.nextBoolean())) {
          node.flushed.apply(sector);
        }
      }
    }
    node.pending.clear();
    if (random.nextBoolean() && node.now.size > node.flushed.size) {
      // The length was noted, the bytes were not.
      node.flushed.apply(new Change(node.now.size, new byte[0], false));
    }
    node.now.size = 0;
    node.now.apply(new Change(0, node.flushed.content(), false));
  }

  private static List<Change> sectors(Change change) {
    if (change.cut()) {
      return List.of(change);
    }
    List<Change> sectors = new ArrayList<>();
    long at = change.at();
    long end = at + change.bytes().length;
    while (at < end) {
      long stop = Math.min(end, (at / SECTOR + 1) * SECTOR);
      sectors.add(
          new Change(
              at,
              Arrays.copyOfRange(
                  change.bytes(), (int) (at - change.at()), (int) (stop - change.at())),
              false));
      at = stop;
    }
    return sectors;
  }

  /** The bytes of a file as they are now. */
  synchronized byte[] content(Path file) {
    return node(file).now.content();
  }

  /** Replaces the bytes of a file, as damage does. */
  synchronized void put(Path file, byte[] bytes) {
    Node node = new Node();
    node.now.apply(new Change(0, bytes, false));
    node.flushed.apply(new Change(0, bytes, false));
    names.put(file, node);
    flushedNames.put(file, node);
  }

  synchronized void remove(Path file) {
    names.remove(file);
    flushedNames.remove(file);
  }

  synchronized long usedBytes() {
    return names.values().stream().mapToLong(node -> node.now.size).sum();
  }

  private Node node(Path file) {
    Node node = names.get(file);
    if (node == null) {
      throw new IllegalArgumentException("no " + file);
    }
    return node;
  }

  private void call(Call call, Path file) throws IOException {
    if (crashed) {
      throw new Crash();
    }
    switch (plan.at(++calls, call, file)) {
      case NONE -> {}
      case ERROR -> throw new IOException("Input/output error: " + call + " " + file);
      case FULL -> throw full(file);
      case CRASH -> crash();
    }
  }

  private void crash() {
    crashed = true;
    throw new Crash();
  }

  private static DiskFullException full(Path file) {
    return new DiskFullException(file + ": no space", new IOException("No space left on device"));
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    if (!directories.contains(directory)) {
      call(Call.OTHER, directory);
      directories.add(directory);
    }
  }

  @Override
  public synchronized List<String> list(Path directory) throws IOException {
    call(Call.OTHER, directory);
    return names.keySet().stream()
        .filter(path -> directory.equals(path.getParent()))
        .map(path -> String.valueOf(path.getFileName()))
        .toList();
  }

  @Override
  public synchronized DiskFile open(Path file, Mode mode) throws IOException {
    call(mode == Mode.CREATE ? Call.CREATE : Call.OPEN, file);
    Node node = names.get(file);
    if (mode == Mode.CREATE) {
      if (node != null) {
        throw new FileAlreadyExistsException(file.toString());
      }
      node = new Node();
      names.put(file, node);
    } else if (node == null) {
      throw new NoSuchFileException(file.toString());
    }
    return new Handle(file, node, mode != Mode.READ);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    call(Call.RENAME, from);
    names.put(to, node(from));
    names.remove(from);
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    call(Call.DELETE, file);
    names.remove(file);
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    call(Call.FORCE_DIRECTORY, directory);
    flushedNames.keySet().removeIf(path -> directory.equals(path.getParent()));
    names.forEach(
        (path, node) -> {
          if (directory.equals(path.getParent())) {
            flushedNames.put(path, node);
          }
        });
  }

  @Override
  public synchronized Closeable lock(Path file) throws IOException {
    call(Call.OTHER, file);
    if (!locks.add(file)) {
      throw new DiskLockedException(file + " is locked");
    }
    return () -> {
      synchronized (this) {
        locks.remove(file);
      }
    };
  }

  @Override
  public long usableBytes(Path directory) {
    return Long.MAX_VALUE;
  }

  private final class Handle implements DiskFile {
    private final Path path;
    private final Node node;
    private final boolean writable;
    private boolean closed;

    Handle(Path path, Node node, boolean writable) {
      this.path = path;
      this.node = node;
      this.writable = writable;
    }

    private void use(Call call) throws IOException {
      if (closed) {
        throw new IOException(path + " is closed");
      }
      if (call != Call.READ && !writable) {
        throw new IOException(path + " is open for reading only");
      }
      call(call, path);
    }

    @Override
    public long size() throws IOException {
      synchronized (FaultyDisk.this) {
        use(Call.READ);
        return node.now.size;
      }
    }

    @Override
    public int read(byte[] into, int from, int count, long at) throws IOException {
      synchronized (FaultyDisk.this) {
        use(Call.READ);
        int found = (int) Math.max(0, Math.min(count, node.now.size - at));
        if (found > 0) {
          System.arraycopy(node.now.bytes, (int) at, into, from, found);
        }
        return found;
      }
    }

    @Override
    public void write(byte[] bytes, int from, int count, long at) throws IOException {
      synchronized (FaultyDisk.this) {
        try {
          use(Call.WRITE);
        } catch (IOException | Crash e) {
          if (!closed && writable) {
            // Where a write fails, a part of it may be there.
            change(at, bytes, from, random.nextInt(count + 1));
          }
          throw e;
        }
        long growth = Math.max(0, at + count - node.now.size);
        long room = capacity - usedBytes();
        if (growth > room) {
          change(at, bytes, from, (int) Math.max(0, count - (growth - Math.max(0, room))));
          throw full(path);
        }
        change(at, bytes, from, count);
      }
    }

    private void change(long at, byte[] bytes, int from, int count) {
      Change change = new Change(at, Arrays.copyOfRange(bytes, from, from + count), false);
      node.now.apply(change);
      node.pending.add(change);
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (FaultyDisk.this) {
        use(Call.TRUNCATE);
        Change change = new Change(size, new byte[0], true);
        node.now.apply(change);
        node.pending.add(change);
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (FaultyDisk.this) {
        try {
          use(Call.FORCE);
        } catch (IOException e) {
          // As a kernel does: dropped, and not tried again by the next flush.
          node.pending.clear();
          throw e;
        }
        node.pending.forEach(node.flushed::apply);
        node.pending.clear();
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
