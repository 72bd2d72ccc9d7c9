package io.logboom.input.tail;

/** Since when nothing has happened at the files. The reader's, but for the question. */
final class Silence {
  private volatile boolean known;
  private volatile boolean busy;
  private volatile boolean again;
  private volatile long since;

  /** The reader looks at the files, and may wait there for the pipeline. */
  void begin(long now) {
    busy = true;
    if (!known) {
      since = now;
      known = true;
    }
  }

  /** The reader has looked. */
  void end() {
    busy = false;
  }

  /** A file has come or grown, or was read. */
  void broken(long now) {
    since = now;
  }

  /** Whether something is to be read once more. */
  void again(boolean is) {
    again = is;
  }

  /** For how long there was none; 0 while the reader is at work. Any thread may ask. */
  long nanos(long now) {
    return !known || busy || again ? 0 : Math.max(0, now - since);
  }
}
