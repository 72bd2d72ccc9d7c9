package io.logboom.input.tail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All files that are known: the open ones, and of those that are not open what was known last. The
 * watcher's, but that gauges look at the open ones.
 */
final class Book {
  private static final long GRACE_MILLIS = 10 * 60 * 1000;

  /** In keys that are no inode's: of files whose inode is another's by now. */
  private static final long NO_DEVICE = -1;

  private final Map<FileKey, TailedFile> open = new ConcurrentHashMap<>();
  private final Map<FileKey, Known> closed = new HashMap<>();
  private long opened;
  private long displaced;
  private final Moves moves = new Moves();

  /** Where word goes of open files of which there is something to be written down. */
  Moves moves() {
    return moves;
  }

  void restore(Collection<Known> files) {
    for (Known file : files) {
      closed.put(file.key(), file);
      if (file.key().device() == NO_DEVICE) {
        displaced = Math.max(displaced, file.key().inode());
      }
    }
  }

  Collection<TailedFile> open() {
    return open.values();
  }

  @Nullable TailedFile open(FileKey key) {
    return open.get(key);
  }

  @Nullable Known closed(FileKey key) {
    return closed.get(key);
  }

  Collection<Known> closed() {
    return closed.values();
  }

  void opened(TailedFile file) {
    file.order(++opened);
    open.put(file.key(), file);
    closed.remove(file.key());
    // As with a name: no file after it is on disk without it.
    moves.add(file);
  }

  /** An open file's bytes are read from another file from now on. */
  void goOn(TailedFile file, FileKey key, Path name, Content content) {
    open.remove(file.key(), file);
    file.goOn(key, name, content);
    open.put(key, file);
  }

  /**
   * What an open file is called now. That is written down no later than what is settled of the file
   * after it: who knows only that one takes all before it for read, and a packed file of which
   * nothing is settled is known by its name alone.
   */
  void name(TailedFile file, Path name) {
    if (!file.name().equals(name)) {
      file.name(name);
      moves.add(file);
    }
  }

  void forget(FileKey key) {
    closed.remove(key);
  }

  /** Remembers a file that is not open. */
  void remember(Known file) {
    closed.put(file.key(), file);
  }

  /**
   * The inode is another file's than the one that is remembered: it was packed, and the next file
   * made, of this container or of another. It is known by its name and its bytes from now on.
   */
  void displace(FileKey key) {
    Known file = closed.remove(key);
    if (file != null) {
      remember(file.under(new FileKey(NO_DEVICE, ++displaced)));
    }
  }

  /** Moves what the reader has closed to what is remembered. */
  void settle(long nowMillis) {
    for (TailedFile file : List.copyOf(open.values())) {
      if (file.isClosed()) {
        open.remove(file.key(), file);
        closed.put(file.key(), known(file, file.place(), nowMillis));
      }
    }
  }

  /** What is known of an open file at a place. */
  static Known known(TailedFile file, Place place, long nowMillis) {
    return new Known(
        file.path(),
        file.name().toString(),
        file.key(),
        file.generation(),
        file.head(),
        place.position(),
        place.before(),
        place.taken(),
        file.sourceId(),
        file.isClosed(),
        nowMillis);
  }

  /** What to write down now: nothing past what is settled. */
  List<Known> snapshot(long nowMillis) {
    List<Known> all = new ArrayList<>(closed.values());
    for (TailedFile file : open.values()) {
      all.add(known(file, file.ledger().settled(), nowMillis));
    }
    return all;
  }

  /**
   * Looks whether the files that are remembered are still there, and drops those that have not been
   * for long.
   */
  void age(long nowMillis) {
    for (Known file : List.copyOf(closed.values())) {
      try {
        if (FileStat.of(Path.of(file.name())).key().equals(file.key())) {
          closed.put(file.key(), file.seen(file.name(), nowMillis));
          continue;
        }
      } catch (IOException e) {
        // Not there: the grace period decides.
      }
      if (nowMillis - file.seenMillis() > GRACE_MILLIS) {
        closed.remove(file.key());
      }
    }
  }

  /** Whether any file was followed at this path. */
  boolean hasHistory(String path) {
    for (Known file : closed.values()) {
      if (file.path().equals(path)) {
        return true;
      }
    }
    return false;
  }
}
