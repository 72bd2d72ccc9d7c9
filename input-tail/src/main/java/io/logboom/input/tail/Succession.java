package io.logboom.input.tail;

import io.logboom.input.tail.Rotations.Unread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one file at a path gives way to the next: by rotation, by deletion, by truncation. Nothing
 * that was not read is left behind. The watcher's alone.
 */
final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  private final String instance;
  private final Book book;
  private final Rotations rotations;
  private final Opener opener;
  private final TailCounters counters;
  private final Said said;
  private final long sinceMillis;

  /**
   * @param sinceMillis what was rotated before this at paths never followed is left alone
   */
  Succession(
      String instance,
      Book book,
      Rotations rotations,
      Opener opener,
      TailCounters counters,
      Said said,
      long sinceMillis) {
    this.instance = instance;
    this.book = book;
    this.rotations = rotations;
    this.opener = opener;
    this.counters = counters;
    this.said = said;
    this.sinceMillis = sinceMillis;
  }

  /** Opens what earlier rotations left unread. Returns the last file that stands in for another. */
  @Nullable TailedFile openRotated(Slot slot, Path target, @Nullable TailedFile truncated) {
    TailedFile standIn = null;
    try {
      for (Unread unread : rotations.unread(slot, target, sinceMillis)) {
        boolean instead = truncated != null && unread.known() != null && standIn == null;
        TailedFile opened = opener.rotated(slot, unread, instead ? truncated : null);
        if (opened != null) {
          counters.rotated.add(1);
          standIn = instead ? opened : standIn;
        }
      }
    } catch (IOException e) {
      counters.openFailures.add(1);
      if (said.first("list " + target.getParent())) {
        LOG.error("{}: {} cannot be listed: {}", instance, target.getParent(), e.toString());
      }
    }
    return standIn;
  }

  /** The slot's file is at its path no more. */
  void retire(Slot slot) {
    TailedFile file = slot.current;
    Path target = slot.target;
    slot.current = null;
    if (file == null || target == null) {
      return;
    }
    file.takeHead();
    Path found = nameNow(file, target);
    if (found != null) {
      book.name(file, found);
      counters.rotated.add(1);
    }
    file.gone(found == null);
  }

  /** What a file is called that was at {@code target}; null where it has no name there any more. */
  private @Nullable Path nameNow(TailedFile file, Path target) {
    try {
      List<Path> candidates = Siblings.of(target);
      candidates.addFirst(file.name());
      for (Path each : candidates) {
        if (!Siblings.isPacked(each)
            && Files.exists(each)
            && FileStat.of(each).key().equals(file.key())) {
          return each;
        }
      }
    } catch (IOException e) {
      LOG.debug("{}: looking for {} failed", instance, file, e);
    }
    return null;
  }

  /** A file was truncated: what was not read of it may be in a copy; then it begins anew. */
  void renew(Slot slot, TailedFile old, long nowMillis) {
    counters.truncated.add(1);
    slot.remember(Book.known(old, old.place(), nowMillis));
    TailedFile standIn = openRotated(slot, old.name(), old);
    if (standIn == null) {
      counters.skippedTruncated.add(Math.max(0, old.end() - old.position()));
    }
    if (slot.last == old) {
      slot.last = null;
    }
    TailedFile next = opener.anew(slot, old, standIn == null ? old : null);
    if (old.isGone()) {
      next.gone(old.isDeleted());
    }
    if (slot.current == old) {
      slot.current = next;
    }
  }
}
