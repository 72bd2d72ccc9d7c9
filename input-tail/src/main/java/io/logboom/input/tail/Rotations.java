package io.logboom.input.tail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, beside a file, what rotation made of earlier ones, and tells what of that is still to be
 * read. Several rotations may have happened between two looks, or while the agent was down.
 */
final class Rotations {
  private static final Logger LOG = LoggerFactory.getLogger(Rotations.class);

  private final Book book;

  /**
   * A rotated file that is still to be read.
   *
   * @param known what was read of it before, perhaps under another name; null where nothing was
   */
  record Unread(Path path, @Nullable Known known) {}

  private enum Judgement {
    /** Its bytes are read, or being read. */
    READ,
    /** Something of it was read before. */
    BEGUN,
    /** Nothing is known of it. */
    NEW,
    /** It vanished, or cannot be read. */
    NONE
  }

  private record Verdict(Judgement judgement, @Nullable Known known) {
    static final Verdict READ = new Verdict(Judgement.READ, null);
    static final Verdict NEW = new Verdict(Judgement.NEW, null);
    static final Verdict NONE = new Verdict(Judgement.NONE, null);

    static Verdict begun(Known known) {
      return new Verdict(Judgement.BEGUN, known);
    }
  }

  Rotations(Book book) {
    this.book = book;
  }

  /**
   * The rotated files beside {@code target} that are still to be read, oldest first: those that
   * were begun, and those that came after the last one that is known. Where none is known, all; but
   * at a path where no file was ever followed only those changed since {@code sinceMillis}.
   */
  List<Unread> unread(Slot slot, Path target, long sinceMillis) throws IOException {
    List<Unread> found = new ArrayList<>();
    List<Path> all = Siblings.of(target);
    boolean anchored = false;
    boolean unsure = false;
    for (Path path : all) {
      if (Siblings.isPacked(path) && all.contains(Siblings.unpacked(path))) {
        continue;
      }
      Verdict verdict = judge(slot, path);
      switch (verdict.judgement()) {
        case READ -> {
          found.removeIf(u -> u.known() == null);
          anchored = true;
        }
        case BEGUN -> {
          Known known = verdict.known();
          if (known != null && known.head().length() == 0) {
            // Found, and gone before a byte of it was known: the inode may be another file's now.
            unsure = true;
          } else {
            found.removeIf(u -> u.known() == null);
            anchored = true;
          }
          found.add(new Unread(path, known));
        }
        case NEW -> found.add(new Unread(path, null));
        case NONE -> {}
      }
    }
    if (!anchored && (unsure || !slot.history)) {
      found.removeIf(u -> u.known() == null && !changedSince(u.path(), sinceMillis));
    }
    return found;
  }

  private static boolean changedSince(Path path, long millis) {
    try {
      return FileStat.of(path).modifiedMillis() >= millis;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a path is a rotated file of the slot, so that the slot takes care of it. */
  boolean isOf(Slot slot, Path path) {
    Path target = slot.target;
    if (target == null
        || !java.util.Objects.equals(target.getParent(), path.getParent())
        || !Siblings.isSibling(target.getFileName().toString(), path.getFileName().toString())) {
      return false;
    }
    Judgement judgement = judge(slot, path).judgement();
    return judgement == Judgement.READ || judgement == Judgement.BEGUN;
  }

  /** Whether a packed file at a path of its own was read to its end. */
  boolean isReadPacked(Path path) {
    if (!Siblings.isPacked(path)) {
      return false;
    }
    try {
      Known known = book.closed(FileStat.of(path).key());
      if (known == null || !known.complete()) {
        return false;
      }
      try (Content content = open(path)) {
        return known.head().isHeadOf(content);
      }
    } catch (IOException e) {
      return false;
    }
  }

  private Verdict judge(Slot slot, Path path) {
    try {
      FileStat stat = FileStat.of(path);
      TailedFile open = book.open(stat.key());
      if (open != null) {
        book.name(open, path);
        return Verdict.READ;
      }
      if (!stat.regular()) {
        return Verdict.NONE;
      }
      boolean packed = Siblings.isPacked(path);
      try (Content content = open(path)) {
        Verdict named = packed ? byName(slot, path, stat, content) : null;
        return named == null ? byContent(slot, path, stat, content, packed) : named;
      }
    } catch (NoSuchFileException e) {
      return Verdict.NONE;
    } catch (IOException e) {
      LOG.debug("{} cannot be looked at", path, e);
      return Verdict.NONE;
    }
  }

  static Content open(Path path) throws IOException {
    return Siblings.isPacked(path) ? GzipContent.open(path) : PlainContent.open(path);
  }

  /**
   * A packed file whose name is known, or that without {@code .gz}, and that begins as that file.
   * What is all read is not unpacked once more than that takes.
   */
  private @Nullable Verdict byName(Slot slot, Path path, FileStat stat, Content content)
      throws IOException {
    Known same = book.closed(stat.key());
    if (same != null && same.name().equals(path.toString()) && same.isReadIn(content)) {
      return Verdict.READ;
    }
    Path plain = Siblings.unpacked(path);
    for (TailedFile file : book.open()) {
      if (file.name().equals(plain) && !file.isClosed() && file.head().isHeadOf(content)) {
        return Verdict.READ;
      }
    }
    for (Known known : book.closed()) {
      if (known.name().equals(plain.toString()) && known.path().equals(slot.path.toString())) {
        if (known.isReadIn(content)) {
          return readCopy(known, path, stat);
        }
        if (!known.complete() && known.isIn(content)) {
          return Verdict.begun(known);
        }
      }
    }
    return null;
  }

  private Verdict byContent(Slot slot, Path path, FileStat stat, Content content, boolean packed)
      throws IOException {
    Known same = book.closed(stat.key());
    if (same != null && same.isIn(content)) {
      book.remember(same.seen(path.toString(), stat.modifiedMillis()));
      return rest(same, content);
    }
    for (TailedFile file : List.copyOf(book.open())) {
      if (file.lineage() == slot.lineage && !file.isClosed()) {
        Known here = Book.known(file, file.place(), 0);
        if (here.isSurelyIn(content) || (packed && isPackedFrom(file, content))) {
          return copyOf(file, here, path, stat, content, packed);
        }
      }
    }
    for (Known past : slot.past) {
      if (past.isSurelyIn(content)) {
        return restOfCopy(past, path, stat, content);
      }
    }
    for (Known known : List.copyOf(book.closed())) {
      boolean own = known.path().equals(slot.path.toString());
      // Plain, it can only be a copy of what is at the path: the original is read, not the copy.
      boolean original = packed || known.key().equals(slot.seen);
      if (own && original && known.isSurelyIn(content)) {
        return packed ? rest(known, content) : Verdict.READ;
      }
      // Renamed and then packed since it was written down; else it has its inode, and its name.
      if (own
          && packed
          && known.isBegunIn(content)
          && !FileStat.isAt(Path.of(known.name()), known.key())) {
        return Verdict.begun(known);
      }
    }
    return Verdict.NEW;
  }

  /**
   * Whether a packed file has the bytes of one that is open and has not the name any more that is
   * known, all of them: one of which nothing was read before it was packed is known by nothing
   * else.
   */
  private static boolean isPackedFrom(TailedFile file, Content packed) throws IOException {
    Content plain = file.content();
    long end = plain.end();
    return (file.isDeleted() || !FileStat.isAt(file.name(), file.key()))
        && !file.isTruncated()
        && end > 0
        && Sample.head(plain).isHeadOf(packed)
        && Sample.before(plain, end).isBefore(packed, end)
        && packed.read(new byte[1], 0, 1, end) == 0;
  }

  /** The bytes of an open file in another one: it was packed, or copied to be truncated. */
  private Verdict copyOf(
      TailedFile file, Known here, Path path, FileStat stat, Content content, boolean packed)
      throws IOException {
    if (packed) {
      book.name(file, Siblings.unpacked(path));
    } else if (!file.isTruncated() && Files.exists(file.name())) {
      // Where the original is truncated soon, what was not read of it by then is in the copy.
      return Verdict.READ;
    }
    return file.isTruncated() ? restOfCopy(here, path, stat, content) : Verdict.READ;
  }

  /** As {@link #rest}; a copy that is read is remembered, so that a restart does not read it. */
  private Verdict restOfCopy(Known known, Path path, FileStat stat, Content content)
      throws IOException {
    Verdict verdict = rest(known, content);
    return verdict.judgement() == Judgement.READ ? readCopy(known, path, stat) : verdict;
  }

  private Verdict readCopy(Known known, Path path, FileStat stat) {
    book.displace(stat.key());
    book.remember(known.copied(path.toString(), stat.key(), stat.modifiedMillis()));
    return Verdict.READ;
  }

  private static Verdict rest(Known known, Content content) throws IOException {
    boolean read = content.isFinal() ? known.complete() : known.position() >= content.end();
    return read ? Verdict.READ : Verdict.begun(known);
  }
}
