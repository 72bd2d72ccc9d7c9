package io.logboom.input.tail;

/**
 * What waits for its next piece or line, over all streams of the input. Pieces are kept as places,
 * so it is their number that costs memory. The reader's alone.
 */
final class Waiting {
  /** More than this are too many: about 1.6 MB. */
  static final int MOST_PIECES = 64 * 1024;

  private int pieces;

  void add(int more) {
    pieces += more;
  }

  boolean isTooMuch() {
    return pieces > MOST_PIECES;
  }

  int pieces() {
    return pieces;
  }
}
