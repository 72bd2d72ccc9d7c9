package io.logboom.input.tail;

import io.logboom.input.tail.Rotations.Unread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the paths that are followed and which file is at each: finds new ones, notices rotation,
 * truncation and deletion, and opens what appears before it is gone. One thread calls it; it never
 * waits for the pipeline.
 */
final class Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
  private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long UNWATCHED_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long UNWATCHED_SCAN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long NANOS_PER_SLOT = TimeUnit.MICROSECONDS.toNanos(500);

  private final String instance;
  private final List<FilePattern> patterns;
  private final List<Pattern> excluded;
  private final TagRule tags;
  private final WatchSettings settings;
  private final DirectoryWatch watch;
  private final Book book;
  private final Rotations rotations;
  private final Succession succession;
  private final Opener opener;
  private final TailCounters counters;
  private final Said said;
  private final Waiting waiting;
  private final Map<Path, Slot> slots = new LinkedHashMap<>();
  private final Map<Path, Slot> byTarget = new HashMap<>();
  private boolean firstScan = true;
  private final boolean firstStart;
  private boolean rescan = true;
  private long nextScanNanos;
  private long nextCheckNanos;

  /** What to look for. */
  record Wanted(List<FilePattern> patterns, List<Pattern> excluded, TagRule tags) {}

  /**
   * @param sinceMillis what was rotated before this at paths never followed is left alone: when the
   *     agent was last known to run, or now
   * @param firstStart whether nothing is known from before
   * @param waiting what waits at all paths together
   */
  Watcher(
      String instance,
      Wanted wanted,
      WatchSettings settings,
      DirectoryWatch watch,
      Book book,
      Opener opener,
      TailCounters counters,
      Said said,
      long sinceMillis,
      boolean firstStart,
      Waiting waiting) {
    this.instance = instance;
    this.patterns = wanted.patterns();
    this.excluded = wanted.excluded();
    this.tags = wanted.tags();
    this.settings = settings;
    this.watch = watch;
    this.book = book;
    this.rotations = new Rotations(book);
    this.succession =
        new Succession(instance, book, rotations, opener, counters, said, sinceMillis);
    this.opener = opener;
    this.counters = counters;
    this.said = said;
    this.firstStart = firstStart;
    this.waiting = waiting;
  }

  /** Looks at what changed, waiting for it up to {@code patience}, and at what is due. */
  void step(long patience, long now, long nowMillis) throws InterruptedException {
    List<DirectoryWatch.Change> changes = watch.poll(patience);
    book.settle(nowMillis);
    for (DirectoryWatch.Change change : changes) {
      changed(change, nowMillis);
    }
    if (firstScan) {
      nextCheckNanos = now + checkPause();
    }
    boolean due = nextScanNanos - now <= 0;
    if (firstScan || due || (rescan && nextScanNanos - scanPause() + SOON_NANOS - now <= 0)) {
      scan(nowMillis);
      nextScanNanos = now + scanPause();
    }
    if (nextCheckNanos - now <= 0) {
      checkAll(nowMillis);
      nextCheckNanos = now + checkPause();
    }
    for (TailedFile file : book.open()) {
      if (file.isTruncated()) {
        succession.renew(slotOf(file), file, nowMillis);
      }
    }
  }

  private long scanPause() {
    return watch.isComplete()
        ? settings.refreshNanos()
        : Math.clamp(
            slots.size() * NANOS_PER_SLOT,
            Math.min(settings.refreshNanos(), UNWATCHED_SCAN_NANOS),
            settings.refreshNanos());
  }

  private long checkPause() {
    long wanted =
        watch.isComplete()
            ? settings.checkNanos()
            : Math.min(settings.checkNanos(), UNWATCHED_CHECK_NANOS);
    return Math.max(wanted, slots.size() * NANOS_PER_SLOT);
  }

  private void changed(DirectoryWatch.Change change, long nowMillis) {
    Path name = change.name();
    if (name == null) {
      rescan = true;
      nextCheckNanos = nextCheckNanos - settings.checkNanos();
      return;
    }
    Path path = change.directory().resolve(name);
    Slot slot = byTarget.get(path);
    if (slot == null) {
      slot = slots.get(path);
    }
    if (slot != null) {
      check(slot, nowMillis);
    } else if (matches(path)) {
      discovered(path, nowMillis);
    } else if (!isBesideTarget(path)) {
      rescan = true;
    }
  }

  /** A rotated file's new name needs no look: the old name's change tells. */
  private boolean isBesideTarget(Path path) {
    for (Path original : Siblings.originals(path)) {
      if (byTarget.containsKey(original)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(Path path) {
    for (FilePattern pattern : patterns) {
      if (pattern.matches(path)) {
        return true;
      }
    }
    return false;
  }

  private void scan(long nowMillis) {
    rescan = false;
    List<Path> found = new ArrayList<>();
    FilePattern.Visitor visitor =
        new FilePattern.Visitor() {
          @Override
          public void directory(Path directory) {
            watch.add(directory);
          }

          @Override
          public void missing(Path directory) {
            watchNearest(directory);
          }

          @Override
          public void file(Path path) {
            found.add(path);
          }

          @Override
          public void trouble(Path directory, IOException e) {
            counters.openFailures.add(1);
            if (said.first("list " + directory)) {
              LOG.error("{}: {} cannot be listed: {}", instance, directory, e.toString());
            }
          }
        };
    for (FilePattern pattern : patterns) {
      pattern.walk(visitor);
    }
    for (Path path : found) {
      discovered(path, nowMillis);
    }
    if (firstScan) {
      revive();
    }
    firstScan = false;
  }

  private void watchNearest(Path missing) {
    Path wanted = missing.toAbsolutePath();
    Path at = nearestDirectory(wanted);
    if (at == null) {
      return;
    }
    watch.add(at);
    // What appeared before the watch was there sends no event: look again.
    rescan |= at.equals(wanted) || !at.equals(nearestDirectory(wanted));
  }

  private static @Nullable Path nearestDirectory(Path wanted) {
    Path at = wanted;
    while (at != null && !Files.isDirectory(at)) {
      at = at.getParent();
    }
    return at;
  }

  private void discovered(Path path, long nowMillis) {
    Slot known = slots.get(path);
    if (known != null) {
      if (known.current == null) {
        check(known, nowMillis);
      }
      return;
    }
    String text = path.toString();
    for (Pattern pattern : excluded) {
      if (pattern.matcher(text).matches()) {
        return;
      }
    }
    if (settings.isOwn(text)) {
      if (said.first("own " + text)) {
        LOG.info("{}: {} is the agent's own log and is left alone", instance, path);
      }
      return;
    }
    String tag = tags.tag(text);
    if (tag == null) {
      if (said.first("tag " + text)) {
        LOG.error("{}: {} is not followed: tag_regex does not match it", instance, path);
      }
      return;
    }
    Slot slot = new Slot(path, tag, waiting);
    slot.history = book.hasHistory(text);
    slots.put(path, slot);
    check(slot, nowMillis);
  }

  private void checkAll(long nowMillis) {
    for (Iterator<Slot> each = slots.values().iterator(); each.hasNext(); ) {
      Slot slot = each.next();
      check(slot, nowMillis);
      if (slot.current == null && isOver(slot)) {
        each.remove();
        forget(slot);
      }
    }
  }

  private static boolean isOver(Slot slot) {
    TailedFile last = slot.last;
    return (last == null || last.isClosed()) && !Files.exists(slot.path, LinkOption.NOFOLLOW_LINKS);
  }

  private void forget(Slot slot) {
    Path target = slot.target;
    if (target != null && byTarget.remove(target, slot)) {
      Path directory = target.getParent();
      boolean used =
          byTarget.keySet().stream().anyMatch(t -> t.startsWith(String.valueOf(directory)));
      if (directory != null && !used && !Files.isDirectory(directory)) {
        watch.remove(directory);
      }
    }
  }

  /** Looks which file is at the path now. */
  private void check(Slot slot, long nowMillis) {
    Path target;
    FileStat stat;
    try {
      stat = FileStat.of(slot.path);
      if (isAsBefore(slot, stat)) {
        dropWhereOld(slot, stat, nowMillis);
        return;
      }
      target = slot.path.toRealPath();
      stat = FileStat.of(target);
    } catch (NoSuchFileException e) {
      missing(slot);
      return;
    } catch (IOException e) {
      counters.openFailures.add(1);
      if (said.first("look " + slot)) {
        LOG.error("{}: {} cannot be looked at: {}", instance, slot, e.toString());
      }
      return;
    }
    if (!stat.regular()) {
      return;
    }
    leadsTo(slot, target);
    TailedFile current = slot.current;
    if (current != null && current.key().equals(stat.key())) {
      if (current.isGone() && !current.isClosed()) {
        current.back(target);
      }
    } else if (current != null || !stat.key().equals(slot.seen) || isFree(stat.key())) {
      arrived(slot, target, stat, nowMillis);
    }
  }

  private void dropWhereOld(Slot slot, FileStat stat, long nowMillis) {
    TailedFile current = slot.current;
    if (current != null && settings.dropOlder() && isTooOld(stat, nowMillis)) {
      current.gone(false);
      slot.current = null;
    }
  }

  private static boolean isAsBefore(Slot slot, FileStat stat) {
    TailedFile current = slot.current;
    return current != null && current.key().equals(stat.key()) && !current.isGone();
  }

  /** Whether nobody follows the file, though it was seen: opening it failed, or it was let go. */
  private boolean isFree(FileKey key) {
    return book.open(key) == null;
  }

  private void leadsTo(Slot slot, Path target) {
    if (!target.equals(slot.target)) {
      if (slot.target != null) {
        byTarget.remove(slot.target, slot);
      }
      slot.target = target;
      byTarget.put(target, slot);
      Path directory = target.getParent();
      if (directory != null) {
        watch.add(directory);
      }
    }
  }

  /** Another file than before is at the path, or the first one. */
  private void arrived(Slot slot, Path target, FileStat stat, long nowMillis) {
    boolean fresh = !stat.key().equals(slot.seen);
    slot.seen = stat.key();
    if (slot.current != null) {
      succession.retire(slot);
    }
    TailedFile open = book.open(stat.key());
    if (open != null) {
      if (!open.isClosed() && open.lineage() == slot.lineage) {
        open.back(target);
        slot.current = open;
      }
      return;
    }
    if (isTooOld(stat, nowMillis) || isOthers(slot, target)) {
      return;
    }
    opener.checkKnown(slot, target, stat.key());
    boolean initial = firstScan && fresh;
    boolean head = initial ? settings.readFromHead() || !firstStart : settings.readNewFromHead();
    if (slot.history || !initial || !firstStart) {
      succession.openRotated(slot, target, null);
    }
    slot.current = opener.current(slot, target, stat.key(), slot.history || head);
  }

  private boolean isTooOld(FileStat stat, long nowMillis) {
    return settings.ignoreOlderMillis() > 0
        && nowMillis - stat.modifiedMillis() > settings.ignoreOlderMillis();
  }

  private boolean isOthers(Slot slot, Path target) {
    for (Path original : Siblings.originals(target)) {
      Slot other = byTarget.get(original);
      if (other != null && other != slot && other.history && rotations.isOf(other, target)) {
        return true;
      }
    }
    return rotations.isReadPacked(target);
  }

  /** Nothing is at the path; what was there may lie beside it under other names. */
  private void missing(Slot slot) {
    if (slot.current != null) {
      succession.retire(slot);
    }
    slot.seen = null;
    Path target = slot.target;
    if (Files.isSymbolicLink(slot.path)) {
      try {
        Path link = Files.readSymbolicLink(slot.path);
        target = slot.path.toAbsolutePath().resolveSibling(link).normalize();
        watchNearest(target);
      } catch (IOException e) {
        LOG.debug("{}: {} vanished", instance, slot, e);
      }
    }
    if (target != null) {
      succession.openRotated(slot, target, null);
    }
  }

  /** Goes on with files that were not read to their end and are at their path no more. */
  private void revive() {
    for (Known known : List.copyOf(book.closed())) {
      Path path = Path.of(known.path());
      if (known.complete() || slots.containsKey(path) || !matches(path)) {
        continue;
      }
      String tag = tags.tag(known.path());
      if (tag != null) {
        Slot slot = new Slot(path, tag, waiting);
        slot.history = true;
        slot.target = Path.of(known.name());
        slots.put(path, slot);
        opener.rotated(slot, new Unread(slot.target, known), null);
        missing(slot);
      }
    }
  }

  /** The slot of an open file; one that nothing leads to where its path was given up. */
  private Slot slotOf(TailedFile file) {
    Slot known = slots.get(Path.of(file.path()));
    return known == null ? new Slot(Path.of(file.path()), file.tag(), waiting) : known;
  }
}
