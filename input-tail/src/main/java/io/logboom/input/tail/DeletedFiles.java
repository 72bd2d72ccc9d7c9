package io.logboom.input.tail;

import io.logboom.api.meter.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the disk space that files hold which were deleted, or packed, before they were read: while
 * the input has them open, they are there, and nobody else can see or remove them. The watcher's
 * alone, but for gauges.
 */
final class DeletedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(DeletedFiles.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int CHUNK = 64 * 1024;

  private final String instance;
  private final Book book;
  private final long limit;
  private final Meters meters;
  private final TailCounters counters;
  private final Map<String, Long> shedNanos = new HashMap<>();
  private long nextLookNanos;
  private boolean looked;
  private volatile long heldBytes;
  private volatile int heldFiles;

  /**
   * @param limit the most bytes that such files may hold; 0 for no limit
   */
  DeletedFiles(String instance, Book book, long limit, Meters meters, TailCounters counters) {
    this.instance = instance;
    this.book = book;
    this.limit = limit;
    this.meters = meters;
    this.counters = counters;
  }

  /** The disk space that such files hold. */
  long heldBytes() {
    return heldBytes;
  }

  /** How many there are. */
  int heldFiles() {
    return heldFiles;
  }

  /** Looks about once a second. */
  void look(long now) {
    if (looked && nextLookNanos - now > 0) {
      return;
    }
    looked = true;
    nextLookNanos = now + LOOK_NANOS;
    List<TailedFile> deleted = find();
    long held = sum(deleted);
    while (limit > 0 && held > limit) {
      TailedFile victim = oldestOfTheNoisiest(deleted);
      if (!goOnPacked(victim)) {
        giveUp(victim, now);
      }
      deleted.remove(victim);
      held = sum(deleted);
    }
    heldBytes = held;
    heldFiles = deleted.size();
    forget(now);
  }

  private List<TailedFile> find() {
    List<TailedFile> found = new ArrayList<>();
    for (TailedFile file : book.open()) {
      if (!file.isGone() || file.isClosed() || file.isGivenUp()) {
        continue;
      }
      if (!file.isDeleted()) {
        lookForName(file);
      }
      if (file.isDeleted()) {
        found.add(file);
      }
    }
    found.sort(Comparator.comparingLong(TailedFile::order));
    return found;
  }

  /** Rotated files are renamed again, and deleted in the end. */
  private void lookForName(TailedFile file) {
    Path name = file.name();
    if (FileStat.isAt(name, file.key())) {
      return;
    }
    for (Path original : Siblings.originals(name)) {
      try {
        for (Path each : Siblings.of(original)) {
          if (FileStat.isAt(each, file.key())) {
            book.name(file, each);
            return;
          }
        }
      } catch (IOException e) {
        LOG.debug("looking for {} failed", file, e);
        return;
      }
    }
    file.gone(true);
  }

  private static long sum(List<TailedFile> files) {
    return files.stream().mapToLong(DeletedFiles::held).sum();
  }

  private static long held(TailedFile file) {
    try {
      return file.content().held();
    } catch (IOException e) {
      return 0;
    }
  }

  private static TailedFile oldestOfTheNoisiest(List<TailedFile> oldestFirst) {
    Map<Lineage, Long> bytes = new HashMap<>();
    for (TailedFile file : oldestFirst) {
      bytes.merge(file.lineage(), held(file), Long::sum);
    }
    TailedFile found = oldestFirst.getFirst();
    for (TailedFile file : oldestFirst) {
      if (bytes.getOrDefault(file.lineage(), 0L) > bytes.getOrDefault(found.lineage(), 0L)) {
        found = file;
      }
    }
    return found;
  }

  /** What was packed is there still: reading goes on in that. */
  private boolean goOnPacked(TailedFile file) {
    Path packed = file.name().resolveSibling(file.name().getFileName() + Siblings.PACKED);
    if (file.content().isFinal() || !Files.exists(packed)) {
      return false;
    }
    @Nullable Content opened = null;
    try {
      FileKey key = FileStat.of(packed).key();
      opened = Rotations.open(packed);
      boolean same =
          file.head().length() > 0
              && file.head().isHeadOf(opened)
              && FileStat.of(packed).key().equals(key)
              && book.open(key) == null;
      if (same) {
        Content old = file.content();
        book.goOn(file, key, packed, opened);
        opened = null;
        old.close();
        LOG.info("{}: {} was packed while it was read; reading goes on in that", instance, file);
      }
      return same;
    } catch (IOException e) {
      LOG.debug("{}: {} cannot be used", instance, packed, e);
      return false;
    } finally {
      closeQuietly(opened);
    }
  }

  private static void closeQuietly(@Nullable Content content) {
    if (content != null) {
      try {
        content.close();
      } catch (IOException e) {
        LOG.debug("closing {} failed", content, e);
      }
    }
  }

  private void giveUp(TailedFile file, long now) {
    Content content = file.content();
    file.giveUp();
    long from = file.position();
    long lines = 0;
    long bytes = 0;
    try {
      byte[] chunk = new byte[CHUNK];
      int n = content.read(chunk, 0, CHUNK, from);
      while (n > 0) {
        for (int i = 0; i < n; i++) {
          lines += chunk[i] == '\n' ? 1 : 0;
        }
        bytes += n;
        n = content.read(chunk, 0, CHUNK, from + bytes);
      }
    } catch (IOException e) {
      LOG.debug("{}: {} cannot be read to its end", instance, file, e);
    }
    long undelivered = from - file.ledger().settled().position();
    closeQuietly(content);
    counters.skippedDeleted.add(bytes);
    meters.counter(TailMeter.SHED_BYTES, "path", file.path()).add(bytes);
    meters.counter(TailMeter.SHED_LINES, "path", file.path()).add(lines);
    shedNanos.put(file.path(), now);
    LOG.error(
        "{}: {} is given up at byte {}: files that were deleted before they were read hold more"
            + " than deleted_files_limit. {} bytes in {} lines of it are lost{}",
        instance,
        file,
        from,
        bytes,
        lines,
        undelivered > 0
            ? "; " + undelivered + " more were read, are under way, and can not be read again"
            : "");
  }

  /** Takes meters of paths out of which nothing was given up for long. */
  private void forget(long now) {
    shedNanos
        .entrySet()
        .removeIf(
            each -> {
              boolean old = now - each.getValue() > REMEMBERED_NANOS;
              if (old) {
                meters.remove(TailMeter.SHED_BYTES, "path", each.getKey());
                meters.remove(TailMeter.SHED_LINES, "path", each.getKey());
              }
              return old;
            });
  }
}
