package io.logboom.core.deadletter;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A disk in memory that keeps apart what was flushed, and can die at any call: of what was not
 * flushed, any part is there afterwards or not.
 */
final class MortalDisk implements Disk {
  private static final class Content {
    private byte[] now = new byte[0];
    private byte[] flushed = new byte[0];
  }

  private final SplittableRandom random;
  private final Set<Path> locked = new HashSet<>();
  private Map<Path, Content> names = new TreeMap<>();
  private Map<Path, Content> flushedNames = new TreeMap<>();
  private int callsLeft = Integer.MAX_VALUE;
  private boolean onceOnly;

  MortalDisk(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** The call after so many further ones fails, and all behind it. */
  void dieAfter(int calls) {
    callsLeft = calls;
    onceOnly = false;
  }

  /** The call after so many further ones fails, and those behind it work again. */
  void failOnceAfter(int calls) {
    callsLeft = calls;
    onceOnly = true;
  }

  /** The machine starts again with what is on the disk. */
  void restart() {
    Map<Path, Content> found = new TreeMap<>();
    Set<Path> all = new HashSet<>(names.keySet());
    all.addAll(flushedNames.keySet());
    for (Path path : all) {
      Content content = random.nextBoolean() ? names.get(path) : flushedNames.get(path);
      if (content != null) {
        found.put(path, content);
      }
    }
    for (Content content : new HashSet<>(found.values())) {
      content.now = survivor(content);
      content.flushed = content.now;
    }
    names = found;
    flushedNames = new TreeMap<>(found);
    locked.clear();
    callsLeft = Integer.MAX_VALUE;
  }

  /** The file's flushed bytes, with some of the pages that were written since. */
  private byte[] survivor(Content content) {
    int length = random.nextBoolean() ? content.now.length : content.flushed.length;
    byte[] bytes = Arrays.copyOf(content.flushed, length);
    int page = 16;
    for (int at = 0; at < length; at += page) {
      if (random.nextBoolean() && at < content.now.length) {
        int count = Math.min(page, Math.min(length, content.now.length) - at);
        System.arraycopy(content.now, at, bytes, at, count);
      }
    }
    return bytes;
  }

  /** Changes a bit of a file. */
  void damage(Path file, long at) {
    Content content = Objects.requireNonNull(names.get(file));
    content.now = content.now.clone();
    content.now[(int) at] ^= 4;
    content.flushed = content.now;
  }

  long size(Path file) {
    return Objects.requireNonNull(names.get(file)).now.length;
  }

  private void call() throws IOException {
    if (callsLeft <= 0) {
      callsLeft = onceOnly ? Integer.MAX_VALUE : 0;
      throw new IOException("the disk is gone");
    }
    callsLeft--;
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    call();
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    call();
    return names.keySet().stream().map(path -> path.getFileName().toString()).toList();
  }

  @Override
  public DiskFile open(Path file, Mode mode) throws IOException {
    call();
    Content content = names.get(file);
    if (mode == Mode.CREATE) {
      if (content != null) {
        throw new FileAlreadyExistsException(file.toString());
      }
      content = new Content();
      names.put(file, content);
    }
    if (content == null) {
      throw new NoSuchFileException(file.toString());
    }
    return new OpenFile(content);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    call();
    names.put(to, Objects.requireNonNull(names.remove(from)));
  }

  @Override
  public void delete(Path file) throws IOException {
    call();
    names.remove(file);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    call();
    flushedNames = new TreeMap<>(names);
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    call();
    if (!locked.add(file)) {
      throw new IOException(file + " is locked");
    }
    return () -> locked.remove(file);
  }

  @Override
  public long usableBytes(Path directory) {
    return Long.MAX_VALUE;
  }

  private final class OpenFile implements DiskFile {
    private final Content content;

    OpenFile(Content content) {
      this.content = content;
    }

    @Override
    public long size() throws IOException {
      call();
      return content.now.length;
    }

    @Override
    public int read(byte[] into, int from, int count, long at) throws IOException {
      call();
      int length = Math.clamp(content.now.length - at, 0, count);
      if (length > 0) {
        System.arraycopy(content.now, (int) at, into, from, length);
      }
      return length;
    }

    @Override
    public void write(byte[] bytes, int from, int count, long at) throws IOException {
      int done = count;
      try {
        call();
      } catch (IOException e) {
        done = random.nextInt(count + 1);
        throw e;
      } finally {
        int end = (int) at + done;
        byte[] next = Arrays.copyOf(content.now, Math.max(content.now.length, end));
        System.arraycopy(bytes, from, next, (int) at, done);
        content.now = next;
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      call();
      content.now = Arrays.copyOf(content.now, (int) Math.min(size, content.now.length));
    }

    @Override
    public void force() throws IOException {
      call();
      content.flushed = content.now.clone();
    }

    @Override
    public void close() {}
  }
}
