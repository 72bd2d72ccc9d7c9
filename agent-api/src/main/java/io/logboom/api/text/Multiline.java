package io.logboom.api.text;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A multiline parser: tells which lines of a stream belong together. Immutable; safe for all
 * threads. {@link LineJoiner} applies one or several of them.
 */
public interface Multiline {
  /** The name it has in the configuration. */
  String name();

  /** How long a record waits for its next line. */
  Duration flushTimeout();

  /**
   * What stands between two lines of one record: a line break (unless the text so far ends in one),
   * or nothing.
   */
  boolean breaksLines();

  /** The member whose text is joined; null for whole lines. */
  @Nullable String keyContent();

  /** The member that is looked at instead of the joined one; null for the joined one. */
  @Nullable String keyPattern();

  /** The member whose values are joined apart, such as {@code stream}; null where there is none. */
  @Nullable String keyGroup();

  /** The parser that a line goes through before it is looked at; null where there is none. */
  @Nullable String parser();

  /** Working memory to look at lines with, for one thread. */
  Machine machine();

  /** Looks at lines. What it knows of a stream is one number, so that many streams cost nothing. */
  interface Machine {
    /** The line is none of this parser's. */
    int REFUSED = -1;

    /** Added to the state: a record starts with this line. Else the line goes on with the last. */
    int START = 1 << 15;

    /**
     * Looks at the next line of a stream.
     *
     * @param state what the last call for the stream gave, without {@link #START}; 0 at first, and
     *     after a line that was refused
     * @return the next state, 0 where the record is complete with this line; with {@link #START}
     *     where the line starts a record; or {@link #REFUSED}
     */
    int next(int state, byte[] line, int from, int to);
  }
}
