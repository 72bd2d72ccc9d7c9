package io.logboom.input.tail;

/**
 * What is done of the lines behind a place where reading goes on: of a stream, those that start
 * before its position here. A record that waits in one stream keeps the place back, while the other
 * stream has got further.
 */
record Taken(long stdout, long stderr) {
  static final Taken NONE = new Taken(0, 0);

  long of(int stream) {
    return switch (stream) {
      case Origins.STDOUT -> stdout;
      case Origins.STDERR -> stderr;
      default -> 0;
    };
  }

  /** What of it still counts at a position. */
  Taken at(long position) {
    return stdout <= position && stderr <= position ? NONE : this;
  }
}
