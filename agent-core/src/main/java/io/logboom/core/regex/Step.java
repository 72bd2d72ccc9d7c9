package io.logboom.core.regex;

import io.logboom.core.regex.Expression.Anchor;

/**
 * A step of matching; it knows the step behind it. Immutable: what changes is in {@link Run}.
 *
 * <p>{@link #first} has at least each character with which this step and those behind it can go on,
 * so that a look at one character saves most tries.
 */
abstract class Step {
  final CharSet first;
  private final boolean[] starts;
  private final boolean end;

  Step(CharSet first) {
    this.first = first;
    this.starts = first.table();
    this.end = first.end();
  }

  /** Whether this step and all behind it match from {@code i} on. */
  abstract boolean match(Run run, int i);

  /** Whether it is worth trying at {@code i}. */
  final boolean canStart(Run run, int i) {
    return i < run.to ? starts[run.bytes[i]] : end;
  }

  /** The whole expression has matched. */
  static final class Accept extends Step {
    Accept() {
      super(CharSet.ANY_OR_END);
    }

    @Override
    boolean match(Run run, int i) {
      run.end = i;
      return true;
    }
  }

  /** Characters that must stand here. */
  static final class Text extends Step {
    private final byte[] text;
    private final Step next;

    Text(byte[] text, Step next) {
      super(CharSet.of(text[0]));
      this.text = text;
      this.next = next;
    }

    @Override
    boolean match(Run run, int i) {
      int end = i + text.length;
      if (end > run.to) {
        return false;
      }
      for (int k = 0; k < text.length; k++) {
        if (run.bytes[i + k] != text[k]) {
          return false;
        }
      }
      return next.match(run, end);
    }
  }

  /** Characters of a set, as many as can be, or as few as must be. */
  static final class Many extends Step {
    private final boolean[] set;
    private final int least;
    private final int most;
    private final boolean lazy;
    // Whether giving back characters cannot help, since what follows starts with none of them.
    private final boolean atOnce;
    private final Step next;

    Many(CharSet set, Expression.Repeat repeat, Step next) {
      super(repeat.least() > 0 ? set : set.or(next.first));
      this.set = set.table();
      this.least = repeat.least();
      this.most = repeat.most();
      this.lazy = repeat.mode() == Expression.Mode.LAZY;
      this.atOnce =
          repeat.mode() == Expression.Mode.POSSESSIVE || (!lazy && !set.meets(next.first));
      this.next = next;
    }

    @Override
    boolean match(Run run, int i) {
      byte[] b = run.bytes;
      int stop = most >= run.to - i ? run.to : i + most;
      if (lazy) {
        return lazily(run, i, stop);
      }
      int j = i;
      while (j < stop && set[b[j]]) {
        j++;
      }
      if (j - i < least) {
        return false;
      }
      if (atOnce) {
        return next.canStart(run, j) && next.match(run, j);
      }
      for (int k = j; k >= i + least; k--) {
        if (next.canStart(run, k)) {
          if (next.match(run, k)) {
            return true;
          }
          if (run.isSpent()) {
            return false;
          }
        }
      }
      return false;
    }

    private boolean lazily(Run run, int i, int stop) {
      int k = i;
      for (; k < i + least; k++) {
        if (k >= stop || !set[run.bytes[k]]) {
          return false;
        }
      }
      while (true) {
        if (next.canStart(run, k)) {
          if (next.match(run, k)) {
            return true;
          }
          if (run.isSpent()) {
            return false;
          }
        }
        if (k >= stop || !set[run.bytes[k]]) {
          return false;
        }
        k++;
      }
    }
  }

  /** A place between characters. */
  static final class Place extends Step {
    private final Anchor anchor;
    private final Step next;

    Place(Anchor anchor, Step next) {
      super(first(anchor, next));
      this.anchor = anchor;
      this.next = next;
    }

    private static CharSet first(Anchor anchor, Step next) {
      return switch (anchor) {
        case LINE_END, LAST_LINE_END -> CharSet.NEWLINE.or(CharSet.END);
        case TEXT_END -> CharSet.END;
        case LINE_START, TEXT_START, WORD_EDGE, NO_WORD_EDGE -> next.first;
      };
    }

    @Override
    boolean match(Run run, int i) {
      return isHere(run, i) && next.match(run, i);
    }

    private boolean isHere(Run run, int i) {
      byte[] b = run.bytes;
      return switch (anchor) {
        case TEXT_START -> i == run.from;
        case TEXT_END -> i == run.to;
        case LAST_LINE_END -> i == run.to || (i == run.to - 1 && b[i] == '\n');
        case LINE_START -> i == run.from || (b[i - 1] == '\n' && i < run.to);
        case LINE_END -> i == run.to || b[i] == '\n';
        case WORD_EDGE -> isWord(run, i - 1) != isWord(run, i);
        case NO_WORD_EDGE -> isWord(run, i - 1) == isWord(run, i);
      };
    }

    private static boolean isWord(Run run, int i) {
      return i >= run.from && i < run.to && CharSet.WORD.has(run.bytes[i]);
    }
  }

  /** A group begins. */
  static final class Open extends Step {
    private final int group;
    private final Step next;

    Open(int group, Step next) {
      super(next.first);
      this.group = group;
      this.next = next;
    }

    @Override
    boolean match(Run run, int i) {
      int before = run.opened[group];
      run.opened[group] = i;
      if (next.match(run, i)) {
        return true;
      }
      run.opened[group] = before;
      return false;
    }
  }

  /** A group ends. */
  static final class Close extends Step {
    private final int group;
    private final Step next;

    Close(int group, Step next) {
      super(next.first);
      this.group = group;
      this.next = next;
    }

    @Override
    boolean match(Run run, int i) {
      int start = run.starts[group];
      int end = run.ends[group];
      run.starts[group] = run.opened[group];
      run.ends[group] = i;
      if (next.match(run, i)) {
        return true;
      }
      run.starts[group] = start;
      run.ends[group] = end;
      return false;
    }
  }

  /** One of several ways, in their order. */
  static final class Fork extends Step {
    private final Step[] ways;

    Fork(Step... ways) {
      super(first(ways));
      this.ways = ways;
    }

    private static CharSet first(Step[] ways) {
      CharSet all = CharSet.NONE;
      for (Step way : ways) {
        all = all.or(way.first);
      }
      return all;
    }

    @Override
    boolean match(Run run, int i) {
      for (Step way : ways) {
        if (way.canStart(run, i)) {
          if (way.match(run, i)) {
            return true;
          }
          if (run.isSpent()) {
            return false;
          }
        }
      }
      return false;
    }
  }

  /** A part, repeated: its last step leads here again. */
  static final class Loop extends Step {
    private final int counter;
    private final int least;
    private final int most;
    private final boolean lazy;
    private final Step next;
    private Step body;

    /**
     * @param inside what the part can start with
     */
    Loop(int counter, Expression.Repeat repeat, CharSet inside, Step next) {
      super(inside.or(next.first));
      this.counter = counter;
      this.least = repeat.least();
      this.most = repeat.most();
      this.lazy = repeat.mode() == Expression.Mode.LAZY;
      this.next = next;
      this.body = next;
    }

    /** The part itself; it leads back to this step. Set once, before the loop is used. */
    void body(Step value) {
      body = value;
    }

    @Override
    boolean match(Run run, int i) {
      int count = run.counts[counter];
      if (run.tooDeep()) {
        return false;
      }
      boolean matched;
      if (count < least) {
        matched = again(run, i, count);
      } else if (lazy) {
        matched = leave(run, i, count) || (count < most && again(run, i, count));
      } else {
        matched = (count < most && again(run, i, count)) || leave(run, i, count);
      }
      run.leave();
      return matched;
    }

    private boolean again(Run run, int i, int count) {
      if (run.isSpent() || !body.canStart(run, i)) {
        return false;
      }
      run.counts[counter] = count + 1;
      boolean matched = body.match(run, i);
      run.counts[counter] = count;
      return matched;
    }

    private boolean leave(Run run, int i, int count) {
      if (run.isSpent() || !next.canStart(run, i)) {
        return false;
      }
      boolean matched = next.match(run, i);
      run.counts[counter] = count;
      return matched;
    }
  }

  /** Begins a loop. */
  static final class Enter extends Step {
    private final int counter;
    private final Loop loop;

    Enter(int counter, Loop loop) {
      super(loop.first);
      this.counter = counter;
      this.loop = loop;
    }

    @Override
    boolean match(Run run, int i) {
      int before = run.counts[counter];
      run.counts[counter] = 0;
      boolean matched = loop.match(run, i);
      run.counts[counter] = before;
      return matched;
    }
  }
}
