package io.logboom.input.tail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far files are settled, on disk: a checkpoint of all of them about once a second, and between
 * two checkpoints a journal of those that have moved. {@link #save}, {@link #due} and {@link
 * #close} are the watcher thread's, {@link #journal} is another's: a disk that takes its time with
 * a checkpoint does not hold up the journal.
 */
final class Positions {
  private static final Logger LOG = LoggerFactory.getLogger(Positions.class);
  private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String instance;
  private final CheckpointFile file;
  private final Journal journal;
  private final Book book;
  private final TailCounters counters;
  private final Said said;
  private List<Known> saved = List.of();
  private boolean everSaved;
  private volatile boolean failed;
  private long number;
  private long nextNanos;

  /** What was saved by the last run, and when. */
  record Saved(long millis, Collection<Known> files) {}

  Positions(String instance, Path path, Book book, TailCounters counters, Said said) {
    this.instance = instance;
    this.file = CheckpointFile.at(path);
    this.journal = new Journal(file.path());
    this.book = book;
    this.counters = counters;
    this.said = said;
  }

  /** Where word of what has moved goes. */
  Moves moves() {
    return book.moves();
  }

  /** What was saved before; null where nothing was, or it cannot be used. */
  @Nullable Saved load(long nowMillis) {
    CheckpointFile.Content content = file.load(nowMillis);
    if (content == null) {
      return null;
    }
    Map<FileKey, Known> files = new LinkedHashMap<>();
    for (Known each : content.files()) {
      files.put(each.key(), each);
    }
    for (Known each : journal.load(content.journal())) {
      files.merge(each.key(), each, (old, next) -> old.isAheadOf(next) ? old : next);
    }
    return new Saved(content.savedMillis(), files.values());
  }

  /** Whether a checkpoint was written since the start. */
  boolean everSaved() {
    return everSaved;
  }

  /** Whether it is time for a checkpoint. */
  boolean due(long now) {
    if (nextNanos - now > 0 && everSaved) {
      return false;
    }
    nextNanos = now + CHECKPOINT_NANOS;
    return true;
  }

  /** Writes a checkpoint, where anything has changed. */
  void save(long nowMillis) {
    // Whatever is settled from here on goes to a journal that the new checkpoint names, so that it
    // counts although the list below may not have it.
    number = failed ? number : journal.next();
    List<Known> now = book.snapshot(nowMillis);
    if (everSaved && !failed && isSame(now)) {
      return;
    }
    try {
      file.save(nowMillis, number, now);
      saved = now;
      everSaved = true;
      failed = false;
      counters.checkpoints.add(1);
      said.over("checkpoint");
    } catch (IOException e) {
      failed = true;
      counters.checkpointFailures.add(1);
      if (said.first("checkpoint")) {
        LOG.error(
            "{}: positions cannot be saved to {} ({}); after a restart more would be read again",
            instance,
            file.path(),
            e.toString());
      }
      return;
    }
    journal.keepFrom(number);
  }

  private boolean isSame(List<Known> now) {
    if (now.size() != saved.size()) {
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      if (!now.get(i).key().equals(saved.get(i).key()) || !now.get(i).sameAs(saved.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Appends what has moved to the journal. */
  void journal(long nowMillis) {
    List<Known> entries = new ArrayList<>();
    for (TailedFile each : book.moves().take()) {
      TailedFile open = book.open(each.key());
      // Of a file that was begun anew, what was settled before says nothing any more.
      if (open == null || open == each) {
        entries.add(Book.known(each, each.ledger().settled(), nowMillis));
      }
    }
    if (entries.isEmpty()) {
      return;
    }
    try {
      journal.append(entries);
      counters.journalEntries.add(entries.size());
      said.over("journal");
    } catch (IOException e) {
      counters.checkpointFailures.add(1);
      if (said.first("journal")) {
        LOG.error(
            "{}: positions cannot be added to the journal of {} ({}); after a crash up to a second"
                + " of lines would be read again",
            instance,
            file.path(),
            e.toString());
      }
    }
  }

  /** What stands in the way of saving; null where nothing does. */
  @Nullable String problem() {
    return failed ? "positions cannot be saved to " + file.path() : null;
  }

  void close() {
    journal.close();
  }
}
