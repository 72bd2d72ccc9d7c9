package io.logboom.api.text;

import io.logboom.api.text.Multiline.Machine;
import java.util.List;

/**
 * Applies multiline parsers to lines: each line is offered first to the parser that took the
 * stream's last one, then to all in their order; the first that takes it counts. One instance per
 * thread, for any number of streams, each of which keeps one {@code int} for it:
 *
 * <pre>
 *   state = joiner.next(state, line, from, to);
 *   switch (joiner.verdict()) {
 *     case ALONE -> what waits is a record; the line is one of its own
 *     case START -> what waits is a record; the line waits
 *     case CONTINUE -> the line joins what waits
 *   }
 *   if (joiner.isComplete()) what waits is a record
 * </pre>
 */
public final class LineJoiner {
  /** What a line is to the lines before it. */
  public enum Verdict {
    /** A record of its own. */
    ALONE,
    /** The first line of a record. */
    START,
    /** A further line of the record that waits. */
    CONTINUE
  }

  /** The state of a stream in which nothing waits. */
  public static final int NOTHING = 0;

  private static final int MACHINE_BITS = 15;
  private static final int MACHINE_MASK = (1 << MACHINE_BITS) - 1;

  private final List<Multiline> parsers;
  private final Machine[] machines;
  private Verdict verdict = Verdict.ALONE;
  private boolean complete;
  private int parser;

  public LineJoiner(List<Multiline> parsers) {
    if (parsers.isEmpty()) {
      throw new IllegalArgumentException("no multiline parser");
    }
    this.parsers = List.copyOf(parsers);
    this.machines = this.parsers.stream().map(Multiline::machine).toArray(Machine[]::new);
  }

  /**
   * Looks at the next line of a stream.
   *
   * @param state what the last call for the stream gave; {@link #NOTHING} at first, and after what
   *     waited was sent away for another reason (time, size)
   * @param from where the line starts
   * @param to behind the line, its line break left out
   * @return the stream's next state
   */
  public int next(int state, byte[] bytes, int from, int to) {
    int last = (state >>> MACHINE_BITS) - 1;
    if (last >= 0) {
      int taken = machines[last].next(state & MACHINE_MASK, bytes, from, to);
      if (taken != Machine.REFUSED) {
        return take(last, taken);
      }
    }
    for (int i = 0; i < machines.length; i++) {
      if (i != last) {
        int taken = machines[i].next(0, bytes, from, to);
        if (taken != Machine.REFUSED) {
          return take(i, taken | Machine.START);
        }
      }
    }
    verdict = Verdict.ALONE;
    complete = true;
    parser = 0;
    return NOTHING;
  }

  private int take(int index, int taken) {
    int next = taken & MACHINE_MASK;
    verdict = (taken & Machine.START) != 0 ? Verdict.START : Verdict.CONTINUE;
    complete = next == 0;
    parser = index;
    return complete ? NOTHING : (index + 1) << MACHINE_BITS | next;
  }

  /** What the line of the last call is. */
  public Verdict verdict() {
    return verdict;
  }

  /** Whether the record of the last call's line is complete with it. */
  public boolean isComplete() {
    return complete;
  }

  /** The parser that took the last call's line; the first one for a line that none took. */
  public Multiline parser() {
    return parsers.get(parser);
  }
}
