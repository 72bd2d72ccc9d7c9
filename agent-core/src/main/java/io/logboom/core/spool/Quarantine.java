package io.logboom.core.spool;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies of damaged bytes, for whoever wants to look at them; the oldest go first. */
final class Quarantine {
  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
  private static final int CHUNK = 64 * 1024;
  private static final int DIGITS = 15;

  private final Path directory;
  private final Disk disk;
  private final long limitBytes;
  private final InstantSource clock;
  private @Nullable SortedMap<String, Long> sizes;
  private long bytes;

  Quarantine(Path directory, Disk disk, long limitBytes, InstantSource clock) {
    this.directory = directory;
    this.disk = disk;
    this.limitBytes = limitBytes;
    this.clock = clock;
  }

  /** Copies the bytes at {@code at}, or as many as there is room for. What fails is logged only. */
  synchronized void keep(DiskFile from, Segment segment, long at, long count) {
    long kept = Math.min(count, limitBytes);
    if (kept <= 0) {
      return;
    }
    String name = digits(clock.millis()) + "-" + segment.first() + "-" + at;
    try {
      makeRoom(kept);
      copy(from, at, kept, directory.resolve(name));
      sizes().merge(name, kept, Long::sum);
      bytes += kept;
    } catch (IOException e) {
      LOG.warn("damaged bytes of {} could not be kept: {}", segment, e.toString());
    }
  }

  private static String digits(long millis) {
    String text = Long.toString(millis);
    return "0".repeat(Math.max(0, DIGITS - text.length())) + text;
  }

  private void makeRoom(long wanted) throws IOException {
    SortedMap<String, Long> all = sizes();
    while (!all.isEmpty() && bytes + wanted > limitBytes) {
      String oldest = all.firstKey();
      disk.delete(directory.resolve(oldest));
      bytes -= all.getOrDefault(oldest, 0L);
      all.remove(oldest);
    }
  }

  private SortedMap<String, Long> sizes() throws IOException {
    SortedMap<String, Long> known = sizes;
    if (known == null) {
      known = new TreeMap<>();
      disk.createDirectories(directory);
      for (String name : disk.list(directory)) {
        try (DiskFile file = disk.open(directory.resolve(name), Disk.Mode.READ)) {
          known.put(name, file.size());
        }
      }
      bytes = known.values().stream().mapToLong(Long::longValue).sum();
      sizes = known;
    }
    return known;
  }

  private void copy(DiskFile from, long at, long count, Path to) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK, count)];
    disk.delete(to);
    try (DiskFile out = disk.open(to, Disk.Mode.CREATE)) {
      long done = 0;
      while (done < count) {
        int read = from.read(chunk, 0, (int) Math.min(chunk.length, count - done), at + done);
        if (read <= 0) {
          return;
        }
        out.write(chunk, 0, read, done);
        done += read;
      }
    }
  }
}
