package io.logboom.input.tail;

/**
 * What a file and the ones that follow it at the same path share: the records that are not complete
 * yet, one per stream, which a rotation may split. The reader's alone.
 */
final class Lineage {
  private final Partial[] partial = {new Partial(), new Partial()};

  Partial partial(int stream) {
    return partial[stream];
  }

  /** The position in {@code file} from which an incomplete record must be read again. */
  long firstIn(TailedFile file) {
    return Math.min(partial[0].firstIn(file), partial[1].firstIn(file));
  }

  void clear() {
    partial[0].clear();
    partial[1].clear();
  }
}
