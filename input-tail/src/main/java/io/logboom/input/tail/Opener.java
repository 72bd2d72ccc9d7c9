package io.logboom.input.tail;

import io.logboom.input.tail.Rotations.Unread;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens files, decides where reading begins, and brings them to the reader. The watcher's alone.
 */
final class Opener {
  private static final Logger LOG = LoggerFactory.getLogger(Opener.class);
  private static final int TRIES = 5;

  private final String instance;
  private final Book book;
  private final Consumer<TailedFile> reader;
  private final TailCounters counters;
  private final Said said;

  /** A file, and surely the one that was open when it was looked at. */
  private record Opened(Content content, FileKey key) {}

  /** Decides where reading begins. */
  private interface Making {
    /** Null where it is not to be read. */
    @Nullable TailedFile of(Opened opened) throws IOException;
  }

  Opener(
      String instance, Book book, Consumer<TailedFile> reader, TailCounters counters, Said said) {
    this.instance = instance;
    this.book = book;
    this.reader = reader;
    this.counters = counters;
    this.said = said;
  }

  /** Opens what rotation left unread. Returns null where it is gone by now or cannot be opened. */
  @Nullable TailedFile rotated(Slot slot, Unread unread, @Nullable TailedFile replaces) {
    try {
      TailedFile file = make(unread.path(), opened -> rotated(slot, unread, opened));
      if (file != null) {
        file.gone(false);
        file.state.replaces = replaces;
        follow(slot, file);
      }
      return file;
    } catch (IOException e) {
      trouble(unread.path(), e);
      return null;
    }
  }

  private @Nullable TailedFile rotated(Slot slot, Unread unread, Opened opened) throws IOException {
    Known known = unread.known();
    if (known != null && !known.isIn(opened.content())) {
      return null;
    }
    TailedFile file;
    if (known == null) {
      file = fresh(slot, unread.path(), opened, Place.START);
    } else {
      file = goingOn(slot, unread.path(), opened, known);
      book.forget(known.key());
    }
    book.displace(opened.key());
    return file;
  }

  /**
   * Opens the file that is at the slot's path. Returns null where it cannot be opened, and where it
   * is another one by now: the one that was there comes first, and is a rotated one at the next
   * look.
   *
   * @param key the file that is expected there: what is older was looked for after it was seen
   * @param fromHead where a file that is not known begins
   */
  @Nullable TailedFile current(Slot slot, Path target, FileKey key, boolean fromHead) {
    try {
      TailedFile file =
          make(
              target,
              opened -> opened.key().equals(key) ? current(slot, target, opened, fromHead) : null);
      if (file != null) {
        follow(slot, file);
        said.over("open " + target);
      }
      return file;
    } catch (IOException e) {
      trouble(target, e);
      return null;
    }
  }

  private TailedFile current(Slot slot, Path target, Opened opened, boolean fromHead)
      throws IOException {
    TailedFile file = resumed(slot, target, opened);
    if (file == null) {
      Place place = Place.START;
      if (!fromHead && !opened.content().isFinal()) {
        long end = opened.content().end();
        place = new Place(end, Sample.before(opened.content(), end));
      }
      file = fresh(slot, target, opened, place);
      book.displace(opened.key());
    }
    return file;
  }

  /** Opens a file; where it is followed already, or nothing is made of it, it is closed. */
  private @Nullable TailedFile make(Path path, Making making) throws IOException {
    Opened opened = open(path);
    TailedFile made = null;
    try {
      if (book.open(opened.key()) == null) {
        made = making.of(opened);
      }
      return made;
    } finally {
      if (made == null) {
        opened.content().close();
      }
    }
  }

  /** Where the file was read before, it goes on there; else null. */
  private @Nullable TailedFile resumed(Slot slot, Path target, Opened opened) throws IOException {
    Known known = book.closed(opened.key());
    if (known == null) {
      return null;
    }
    if (!known.isIn(opened.content())) {
      slot.remember(known);
      return null;
    }
    return goingOn(slot, target, opened, known);
  }

  /** The same descriptor again, from its start: it was truncated. */
  TailedFile anew(Slot slot, TailedFile old, @Nullable TailedFile replaces) {
    Path name = old.name();
    Opened opened = new Opened(old.content(), old.key());
    TailedFile file = make(slot, name, opened, old.generation() + 1, Place.START, "");
    file.state.replaces = replaces;
    follow(slot, file);
    return file;
  }

  /** A file that was read before, from where it is settled. */
  private static TailedFile goingOn(Slot slot, Path name, Opened opened, Known known) {
    int generation = known.generation();
    TailedFile file = make(slot, name, opened, generation, known.place(), known.sourceId());
    file.head(known.head());
    file.takeHead();
    return file;
  }

  /** A file of which nothing is known. */
  private TailedFile fresh(Slot slot, Path name, Opened opened, Place start) {
    TailedFile file = make(slot, name, opened, nextGeneration(slot, opened.key()), start, "");
    file.takeHead();
    return file;
  }

  private static TailedFile make(
      Slot slot, Path name, Opened opened, int generation, Place start, String sourceId) {
    return new TailedFile(
        slot.path.toString(),
        slot.tag,
        name,
        opened.key(),
        generation,
        opened.content(),
        slot.lineage,
        start,
        sourceId);
  }

  /** One more than any file on this inode is known to have had. */
  private int nextGeneration(Slot slot, FileKey key) {
    Known known = book.closed(key);
    int next = known == null ? 0 : known.generation() + 1;
    for (Known past : slot.past) {
      if (past.key().equals(key)) {
        next = Math.max(next, past.generation() + 1);
      }
    }
    return next;
  }

  /** Where the file at the path is not what is known of its inode, it was truncated, or is new. */
  void checkKnown(Slot slot, Path target, FileKey key) {
    Known known = book.closed(key);
    if (known == null) {
      return;
    }
    try (Content content = Rotations.open(target)) {
      if (!known.isIn(content)) {
        slot.remember(known);
        book.displace(key);
      }
    } catch (IOException e) {
      LOG.debug("{}: {} cannot be looked at", instance, target, e);
    }
  }

  private void follow(Slot slot, TailedFile file) {
    TailedFile last = slot.last;
    if (last != null && !last.isClosed()) {
      file.state.before = last;
    }
    slot.last = file;
    slot.history = true;
    counters.opened.add(1);
    book.opened(file);
    reader.accept(file);
  }

  /** Between looking at a name and opening it the name may pass to another file. */
  private static Opened open(Path path) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      FileKey before = FileStat.of(path).key();
      Content content = Rotations.open(path);
      try {
        if (FileStat.of(path).key().equals(before)) {
          return new Opened(content, before);
        }
      } catch (IOException e) {
        content.close();
        throw e;
      }
      content.close();
    }
    throw new IOException("it is replaced faster than it can be opened");
  }

  private void trouble(Path path, IOException e) {
    if (e instanceof NoSuchFileException) {
      LOG.debug("{}: {} vanished before it was opened", instance, path);
      return;
    }
    counters.openFailures.add(1);
    if (said.first("open " + path)) {
      LOG.error(
          "{}: {} cannot be opened: {}; tried again at each look", instance, path, e.toString());
    }
  }
}
