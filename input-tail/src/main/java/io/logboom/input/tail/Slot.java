package io.logboom.input.tail;

import java.nio.file.Path;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A path that the patterns took in, and the file that is there now. The watcher's alone. */
final class Slot {
  private static final int MOST_PAST = 8;

  final Path path;
  final String tag;
  final Lineage lineage;

  /** Where the path led last, links resolved. */
  @Nullable Path target;

  /** The file that is followed at this path; null where there is none or another path has it. */
  @Nullable TailedFile current;

  /** The file opened last, which a next one is read after. */
  @Nullable TailedFile last;

  /** The file that was seen here last, followed or not. */
  @Nullable FileKey seen;

  /** Whether a file at this path was ever followed, now or before a restart. */
  boolean history;

  /** What files were before they were truncated: copies of them may lie around. */
  final ArrayDeque<Known> past = new ArrayDeque<>();

  Slot(Path path, String tag, Waiting waiting) {
    this.path = path;
    this.tag = tag;
    this.lineage = new Lineage(waiting);
  }

  void remember(Known truncated) {
    past.addFirst(truncated);
    if (past.size() > MOST_PAST) {
      past.removeLast();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
