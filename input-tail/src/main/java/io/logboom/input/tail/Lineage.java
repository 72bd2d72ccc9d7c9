package io.logboom.input.tail;

import java.util.ArrayList;
import java.util.List;

/**
 * What a file and the ones that follow it at the same path share: the records that are not complete
 * yet, which a rotation may split. Per stream there is the line that the runtime split, and the
 * record of several lines. The reader's alone.
 */
final class Lineage {
  private static final int STREAMS = 3;

  private final Waiting waiting;
  private final Partial[] partial;
  private final List<Partial> lines = new ArrayList<>(0);

  Lineage(Waiting waiting) {
    this.waiting = waiting;
    this.partial = new Partial[] {new Partial(waiting), new Partial(waiting)};
  }

  /** The pieces of a stream's line. */
  Partial partial(int stream) {
    return partial[stream];
  }

  /**
   * The lines of a stream's record.
   *
   * @param stream as for {@link Origins}; {@link Origins#PLAIN} for a file without streams
   */
  Partial lines(int stream) {
    while (lines.size() < STREAMS) {
      lines.add(new Partial(waiting));
    }
    return lines.get(Math.min(stream, STREAMS - 1));
  }

  /** Whether records of several lines were ever looked for here. */
  boolean hasLines() {
    return !lines.isEmpty();
  }

  /** The position in {@code file} from which an incomplete record must be read again. */
  long firstIn(TailedFile file) {
    long first = Math.min(partial[0].firstIn(file), partial[1].firstIn(file));
    for (int i = 0; i < lines.size(); i++) {
      first = Math.min(first, lines.get(i).firstIn(file));
    }
    return first;
  }

  /** As {@link #firstIn(TailedFile)}, for one stream. */
  long firstIn(TailedFile file, int stream) {
    long first = partial[stream].firstIn(file);
    return lines.isEmpty() ? first : Math.min(first, lines.get(stream).firstIn(file));
  }

  /** The bytes in {@code old} are gone: what waits goes on in {@code next}, which has them too. */
  void move(TailedFile old, TailedFile next) {
    partial[0].move(old, next);
    partial[1].move(old, next);
    lines.forEach(each -> each.move(old, next));
  }

  /**
   * Gives up the records that have a part in {@code file}.
   *
   * @return how many bytes they had
   */
  long drop(TailedFile file) {
    long bytes = drop(partial[0], file) + drop(partial[1], file);
    for (Partial each : lines) {
      bytes += drop(each, file);
    }
    return bytes;
  }

  private static long drop(Partial record, TailedFile file) {
    if (record.firstIn(file) == Long.MAX_VALUE) {
      return 0;
    }
    long bytes = record.bytes();
    record.clear();
    return bytes;
  }

  void clear() {
    partial[0].clear();
    partial[1].clear();
    lines.forEach(Partial::clear);
  }
}
