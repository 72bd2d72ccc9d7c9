package io.logboom.core.regex;

import io.logboom.core.regex.Expression.Anchor;
import io.logboom.core.regex.Expression.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joni.Option;
import org.jspecify.annotations.Nullable;

/**
 * Reads the expressions that people write for logs: characters, classes, groups, choices,
 * repetitions, anchors. Whatever else Ruby's syntax has, and whatever it has rules for that few
 * know, is left to joni.
 */
final class ExpressionReader {
  /** Thrown at what is left to joni. */
  private static final class Foreign extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Foreign() {
      super(null, null, false, false);
    }
  }

  private static final int MOST_REPETITIONS = 1000;
  private static final int MOST_DEPTH = 50;

  private final String text;
  private final boolean anyCase;
  private final CharSet dot;
  private final Map<String, List<Integer>> names = new LinkedHashMap<>();
  private int i;
  private int groups;
  private int depth;

  private ExpressionReader(Pattern pattern) {
    this.text = pattern.text();
    this.anyCase = (pattern.options() & Option.IGNORECASE) != 0;
    this.dot = (pattern.options() & Option.MULTILINE) != 0 ? CharSet.ANY : CharSet.NEWLINE.not();
  }

  /**
   * What was read.
   *
   * @param groups how many groups are captured
   */
  record Result(Expression expression, int groups, Map<String, List<Integer>> names) {}

  /** Null where the expression is left to joni, be it wrong or just uncommon. */
  static @Nullable Result read(Pattern pattern) {
    if ((pattern.options() & Option.EXTEND) != 0 || !pattern.isAscii()) {
      return null;
    }
    ExpressionReader reader = new ExpressionReader(pattern);
    try {
      Expression all = reader.choice();
      return reader.i == reader.text.length() ? new Result(all, reader.groups, reader.names) : null;
    } catch (Foreign e) {
      return null;
    }
  }

  private char next() {
    if (i >= text.length()) {
      throw new Foreign();
    }
    return text.charAt(i++);
  }

  private boolean at(char c) {
    return i < text.length() && text.charAt(i) == c;
  }

  private boolean skip(String word) {
    boolean there = text.startsWith(word, i);
    i += there ? word.length() : 0;
    return there;
  }

  private Expression choice() {
    if (++depth > MOST_DEPTH) {
      throw new Foreign();
    }
    List<Expression> options = new ArrayList<>();
    options.add(sequence());
    while (skip("|")) {
      options.add(sequence());
    }
    depth--;
    return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
  }

  private Expression sequence() {
    List<Expression> parts = new ArrayList<>();
    while (i < text.length() && !at('|') && !at(')')) {
      parts.add(repeated(part()));
    }
    return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
  }

  private Expression part() {
    char c = next();
    return switch (c) {
      case '(' -> group();
      case '[' -> one(set());
      case '.' -> one(dot);
      case '^' -> Anchor.LINE_START;
      case '$' -> Anchor.LINE_END;
      case '\\' -> escape();
      case '*', '+', '?', '{' -> throw new Foreign();
      default -> one(CharSet.of(c));
    };
  }

  private Expression one(CharSet set) {
    return new Expression.One(anyCase ? set.anyCase() : set);
  }

  private Expression group() {
    int number = 0;
    if (skip("?<")) {
      int from = i;
      while (i < text.length() && CharSet.WORD.has(text.charAt(i))) {
        i++;
      }
      String name = text.substring(from, i);
      if (name.isEmpty() || CharSet.DIGIT.has(name.charAt(0)) || !skip(">")) {
        throw new Foreign(); // look-behind, numbered names
      }
      number = ++groups;
      names.computeIfAbsent(name, _ -> new ArrayList<>()).add(number);
    } else if (!skip("?:")) {
      if (at('?')) {
        throw new Foreign();
      }
      number = ++groups;
    }
    Expression inside = choice();
    if (next() != ')') {
      throw new Foreign();
    }
    return number == 0 ? inside : new Expression.Group(number, inside);
  }

  private Expression escape() {
    char c = next();
    return switch (c) {
      case 'A' -> Anchor.TEXT_START;
      case 'z' -> Anchor.TEXT_END;
      case 'Z' -> Anchor.LAST_LINE_END;
      case 'b' -> Anchor.WORD_EDGE;
      case 'B' -> Anchor.NO_WORD_EDGE;
      default -> one(escaped(c));
    };
  }

  /** The set that a backslash and {@code c} stand for, inside brackets and outside. */
  private static CharSet escaped(char c) {
    return switch (c) {
      case 'd' -> CharSet.DIGIT;
      case 'D' -> CharSet.DIGIT.not();
      case 'w' -> CharSet.WORD;
      case 'W' -> CharSet.WORD.not();
      case 's' -> CharSet.SPACE;
      case 'S' -> CharSet.SPACE.not();
      case 'h' -> CharSet.HEX;
      case 'H' -> CharSet.HEX.not();
      case 't' -> CharSet.of('\t');
      case 'n' -> CharSet.of('\n');
      case 'r' -> CharSet.of('\r');
      case 'f' -> CharSet.of('\f');
      case 'v' -> CharSet.of(11);
      case 'e' -> CharSet.of(27);
      default -> {
        if (CharSet.ALNUM.has(c)) {
          throw new Foreign();
        }
        yield CharSet.of(c);
      }
    };
  }

  /** The inside of brackets, behind the opening one. */
  private CharSet set() {
    boolean negated = skip("^");
    CharSet set = CharSet.NONE;
    if (at(']')) {
      throw new Foreign();
    }
    boolean plain = true;
    while (!skip("]")) {
      char c = next();
      if (c == '[') {
        set = set.or(named());
        plain = false;
      } else if (c == '&' && at('&')) {
        throw new Foreign();
      } else if (c == '-') {
        // As itself where nothing can be meant by it but itself.
        if (!plain && !at(']')) {
          throw new Foreign();
        }
        if (at('-')) {
          throw new Foreign();
        }
        set = set.or(CharSet.of('-'));
      } else {
        CharSet element = c == '\\' ? inBrackets() : CharSet.of(c);
        plain = true;
        if (at('-') && !text.startsWith("-]", i)) {
          i++;
          element = range(element);
          plain = false;
        } else if (!element.isOne()) {
          plain = false;
        }
        if (at('-') && !text.startsWith("-]", i)) {
          throw new Foreign();
        }
        set = set.or(element);
      }
    }
    // Case first: what is not 'a' in any case is neither 'a' nor 'A'.
    CharSet cased = anyCase ? set.anyCase() : set;
    return negated ? cased.not() : cased;
  }

  private CharSet inBrackets() {
    char c = next();
    if (c == 'b') {
      return CharSet.of('\b');
    }
    return escaped(c);
  }

  private CharSet range(CharSet from) {
    char c = next();
    CharSet to = c == '\\' ? inBrackets() : CharSet.of(c);
    if (!from.isOne() || !to.isOne() || c == '[') {
      throw new Foreign();
    }
    int first = first(from);
    int last = first(to);
    if (first > last) {
      throw new Foreign();
    }
    return CharSet.range(first, last);
  }

  private static int first(CharSet one) {
    return one.low() != 0
        ? Long.numberOfTrailingZeros(one.low())
        : 64 + Long.numberOfTrailingZeros(one.high());
  }

  /** A POSIX bracket, behind its opening bracket. */
  private CharSet named() {
    if (skip(":digit:]")) {
      return CharSet.DIGIT;
    } else if (skip(":alpha:]")) {
      return CharSet.ALPHA;
    } else if (skip(":alnum:]")) {
      return CharSet.ALNUM;
    } else if (skip(":upper:]") && !anyCase) {
      return CharSet.UPPER;
    } else if (skip(":lower:]") && !anyCase) {
      return CharSet.LOWER;
    } else if (skip(":space:]")) {
      return CharSet.SPACE;
    } else if (skip(":xdigit:]")) {
      return CharSet.HEX;
    } else if (skip(":word:]")) {
      return CharSet.WORD;
    }
    throw new Foreign();
  }

  private Expression repeated(Expression part) {
    if (i == text.length()) {
      return part;
    }
    int least;
    int most;
    boolean braces = false;
    switch (text.charAt(i)) {
      case '*' -> {
        least = 0;
        most = Expression.Repeat.UNBOUNDED;
      }
      case '+' -> {
        least = 1;
        most = Expression.Repeat.UNBOUNDED;
      }
      case '?' -> {
        least = 0;
        most = 1;
      }
      case '{' -> {
        int[] bounds = bounds();
        least = bounds[0];
        most = bounds[1];
        braces = true;
      }
      default -> {
        return part;
      }
    }
    i++;
    boolean empty = Expression.least(part) == 0;
    if (part instanceof Anchor || (empty && most > 1)) {
      throw new Foreign(); // when to stop at nothing is a chapter of its own
    }
    Mode mode = Mode.GREEDY;
    if (at('?') || at('+')) {
      if (braces) {
        throw new Foreign(); // means something else here than elsewhere
      }
      mode = next() == '?' ? Mode.LAZY : Mode.POSSESSIVE;
    }
    boolean many = at('*') || at('+') || at('?') || at('{');
    if (many || (mode == Mode.POSSESSIVE && !(part instanceof Expression.One))) {
      throw new Foreign();
    }
    return new Expression.Repeat(part, least, most, mode);
  }

  /** Reads {@code {n}}, {@code {n,}} or {@code {n,m}} up to its closing brace. */
  private int[] bounds() {
    i++;
    int least = number();
    int most = least;
    if (skip(",")) {
      most = at('}') ? Expression.Repeat.UNBOUNDED : number();
    }
    if (!at('}') || most < least || most == 0) {
      throw new Foreign();
    }
    return new int[] {least, most};
  }

  private int number() {
    int value = 0;
    int from = i;
    while (i < text.length() && CharSet.DIGIT.has(text.charAt(i))) {
      value = value * 10 + text.charAt(i++) - '0';
      if (value > MOST_REPETITIONS) {
        throw new Foreign();
      }
    }
    if (i == from) {
      throw new Foreign();
    }
    return value;
  }
}
