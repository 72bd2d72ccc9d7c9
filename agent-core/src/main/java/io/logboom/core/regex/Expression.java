package io.logboom.core.regex;

import java.util.List;

/** The parts of an expression, as far as {@link Direct} matches them. */
sealed interface Expression {
  /** One character of a set. */
  record One(CharSet set) implements Expression {}

  /** One after the other. */
  record Sequence(List<Expression> parts) implements Expression {}

  /** The first that leads to a match. */
  record Choice(List<Expression> options) implements Expression {}

  /** A group that is captured. */
  record Group(int number, Expression inside) implements Expression {}

  /**
   * A part repeated.
   *
   * @param most {@link #UNBOUNDED} or at least {@code least}
   */
  record Repeat(Expression part, int least, int most, Mode mode) implements Expression {
    static final int UNBOUNDED = Integer.MAX_VALUE;
  }

  /** Which number of repetitions is tried first. */
  enum Mode {
    GREEDY,
    LAZY,
    POSSESSIVE
  }

  /** A place between characters. */
  enum Anchor implements Expression {
    LINE_START,
    LINE_END,
    TEXT_START,
    TEXT_END,
    LAST_LINE_END,
    WORD_EDGE,
    NO_WORD_EDGE
  }

  /** The least number of characters that an expression matches. */
  static int least(Expression e) {
    return switch (e) {
      case One _ -> 1;
      case Sequence s -> s.parts().stream().mapToInt(Expression::least).sum();
      case Choice c -> c.options().stream().mapToInt(Expression::least).min().orElse(0);
      case Group g -> least(g.inside());
      case Repeat r -> r.least() * least(r.part());
      case Anchor _ -> 0;
    };
  }
}
