package io.logboom.api.json;

import io.logboom.api.batch.Names;

/**
 * Decides in one pass over bytes whether they are one JSON object (RFC 8259) that can be spliced
 * into a document as it is, and which registered names its top level has. Allocates nothing per
 * call. One instance per thread.
 *
 * <p>Beyond the grammar it notices what is legal JSON and yet would not pass everywhere: a name
 * twice in one object (Elasticsearch refuses the document), bytes that are not UTF-8, nesting
 * deeper than {@link #MAX_DEPTH}. Such a body is not spliced but rewritten, or kept as text.
 */
public final class JsonScanner {
  /**
   * Deeper nesting is not spliced: parsers behind us have limits too (Elasticsearch: 1000, Jackson:
   * 1000, most mappings: 20).
   */
  public static final int MAX_DEPTH = 128;

  /** A JSON object, fit to be spliced. */
  public static final int CLEAN = 0;

  /** Not exactly one JSON object, or one that is nested too deep. */
  public static final int NOT_AN_OBJECT = 1;

  /** A valid object, but some object in it may have a name twice. */
  public static final int DUPLICATE_NAME = 1 << 1;

  /** A valid object but for bytes that are not UTF-8. */
  public static final int NOT_UTF8 = 1 << 2;

  /**
   * A valid object in which some string value may end with a line break: a JSON escape of one, or
   * the two characters {@code \\n} or {@code \\r}.
   */
  public static final int TRAILING_BREAK = 1 << 3;

  private final Names registered;
  private final int maxDepth;
  private final SeenNames seen = new SeenNames();
  private byte[] b = new byte[0];
  private int end;
  private int start;
  private int stop;
  private long names;
  private int result;
  private int members;
  private boolean broken;
  private boolean oneLine;
  // Where the last escape of the string that was read last begins; -1 where it has none.
  private int lastEscape;

  public JsonScanner(Names registered) {
    this(registered, MAX_DEPTH);
  }

  /**
   * @param maxDepth the deepest nesting that is read, in place of {@link #MAX_DEPTH}: for what was
   *     scanned before and then wrapped. Each level takes stack
   */
  public JsonScanner(Names registered, int maxDepth) {
    this.registered = registered;
    this.maxDepth = maxDepth;
  }

  /**
   * Scans {@code bytes[from, to)}. Blanks and line breaks around the object are allowed and left
   * out of {@link #start} and {@link #stop}.
   *
   * @return {@link #CLEAN}, {@link #NOT_AN_OBJECT}, or the other findings or'ed
   */
  public int scan(byte[] bytes, int from, int to) {
    int found = scanFirst(bytes, from, to);
    return found == NOT_AN_OBJECT || blanks(stop) == end ? found : NOT_AN_OBJECT;
  }

  /**
   * Scans the object that {@code bytes[from, to)} begins with, behind blanks and line breaks, such
   * as one of many in a sequence. What stands behind it is not looked at.
   *
   * @return {@link #CLEAN}, {@link #NOT_AN_OBJECT}, or the other findings or'ed
   */
  public int scanFirst(byte[] bytes, int from, int to) {
    b = bytes;
    end = to;
    names = 0;
    members = 0;
    result = CLEAN;
    seen.clear();
    int i = blanks(from);
    if (i == end || b[i] != '{') {
      return NOT_AN_OBJECT;
    }
    start = i;
    broken = false;
    i = object(i + 1, 1);
    oneLine = !broken;
    if (i < 0) {
      return NOT_AN_OBJECT;
    }
    stop = i;
    return result;
  }

  /** Where the object's opening brace is, after {@link #scan}. */
  public int start() {
    return start;
  }

  /** Behind the object's closing brace, after {@link #scan}. */
  public int stop() {
    return stop;
  }

  /** The registered names at the object's top level, after {@link #scan}. */
  public long names() {
    return names;
  }

  /** How many members the object's top level has, after {@link #scan}. */
  public int members() {
    return members;
  }

  /** Whether the object has no line break, after {@link #scan}. */
  public boolean isOneLine() {
    return oneLine;
  }

  // Each method below takes the index to go on from and returns the one behind what it read, or -1.

  private int object(int from, int depth) {
    int to = end;
    int i = blanks(from);
    if (i < to && b[i] == '}') {
      return i + 1;
    }
    int object = i;
    while (true) {
      if (i >= to || b[i] != '"') {
        return -1;
      }
      int nameFrom = i + 1;
      i = string(nameFrom);
      if (i < 0) {
        return -1;
      }
      name(object, nameFrom, i - 1, depth);
      i = blanks(i);
      if (i >= to || b[i] != ':') {
        return -1;
      }
      i = value(blanks(i + 1), depth);
      if (i < 0) {
        return -1;
      }
      i = blanks(i);
      if (i >= to) {
        return -1;
      }
      byte c = b[i++];
      if (c == '}') {
        return i;
      }
      if (c != ',') {
        return -1;
      }
      i = blanks(i);
    }
  }

  private int array(int from, int depth) {
    int i = blanks(from);
    if (i < end && b[i] == ']') {
      return i + 1;
    }
    while (true) {
      i = value(i, depth);
      if (i < 0) {
        return -1;
      }
      i = blanks(i);
      if (i >= end) {
        return -1;
      }
      byte c = b[i++];
      if (c == ']') {
        return i;
      }
      if (c != ',') {
        return -1;
      }
      i = blanks(i);
    }
  }

  private int value(int i, int depth) {
    if (i >= end) {
      return -1;
    }
    byte c = b[i];
    if (c == '"') {
      int behind = string(i + 1);
      if (lastEscape >= 0 && behind > 0) {
        trailingBreak(behind - 1);
      }
      return behind;
    }
    if (c <= '9') {
      return number(i);
    }
    return switch (c) {
      case '{' -> depth >= maxDepth ? -1 : object(i + 1, depth + 1);
      case '[' -> depth >= maxDepth ? -1 : array(i + 1, depth + 1);
      case 't' -> literal(i, 'r', 'u', 'e');
      case 'n' -> literal(i, 'u', 'l', 'l');
      case 'f' -> end - i > 4 && b[i + 4] == 'e' && literal(i, 'a', 'l', 's') > 0 ? i + 5 : -1;
      default -> -1;
    };
  }

  private int literal(int i, char second, char third, char fourth) {
    boolean same = end - i > 3 && b[i + 1] == second && b[i + 2] == third && b[i + 3] == fourth;
    return same ? i + 4 : -1;
  }

  private void name(int object, int from, int to, int depth) {
    if (depth == 1) {
      members++;
      names |= registered.find(b, from, to);
    }
    // An escaped name has other spellings: whoever rewrites will look closely.
    if (lastEscape >= 0 || !seen.add(object, b, from, to, end)) {
      result |= DUPLICATE_NAME;
    }
  }

  /** Reads a string's inside and its closing quote; sets {@link #lastEscape}. */
  private int string(int from) {
    byte[] bytes = b;
    int to = end;
    int i = Swar.plainEnd(bytes, from, to);
    lastEscape = -1;
    if (i < to && bytes[i] == '"') {
      return i + 1;
    }
    return stringFrom(i);
  }

  /** Reads on at a byte of a string that is not plain. */
  private int stringFrom(int from) {
    byte[] bytes = b;
    int to = end;
    int i = from;
    while (i < to) {
      byte c = bytes[i];
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        lastEscape = i;
        i = escape(i + 1);
        if (i < 0) {
          return -1;
        }
      } else if (c < 0) {
        int width = Utf8.width(bytes, i, to);
        if (width < 0) {
          result |= NOT_UTF8;
        }
        i += Math.abs(width);
        if (i < to && bytes[i] < 0) {
          continue;
        }
      } else {
        return -1; // a control character must be escaped
      }
      i = Swar.plainEnd(bytes, i, to);
    }
    return -1;
  }

  private int escape(int i) {
    if (i >= end) {
      return -1;
    }
    return switch (b[i]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> i + 1;
      case 'u' -> unicode(i + 1);
      default -> -1;
    };
  }

  private int unicode(int i) {
    int unit = hex(i);
    if (unit < 0) {
      return -1;
    }
    if (unit < 0xD800 || unit > 0xDFFF) {
      return i + 4;
    }
    // A surrogate is a character only in a pair; alone it is refused behind us.
    int low = i + 4;
    if (unit < 0xDC00 && end - low >= 6 && b[low] == '\\' && b[low + 1] == 'u') {
      int second = hex(low + 2);
      if (second >= 0xDC00 && second <= 0xDFFF) {
        return low + 6;
      }
    }
    result |= NOT_UTF8;
    return low;
  }

  /** The value of four hexadecimal digits, or -1. */
  private int hex(int from) {
    if (end - from < 4) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(b[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  /** Notices a break before the closing quote at {@code quote}. */
  private void trailingBreak(int quote) {
    byte last = b[quote - 1];
    // The two characters \\n are an escaped backslash and an n, which have a backslash before the n
    // too.
    boolean letter =
        (last == 'n' || last == 'r') && lastEscape >= quote - 3 && b[quote - 2] == '\\';
    boolean number = lastEscape == quote - 6 && b[quote - 5] == 'u' && isBreak(hex(quote - 4));
    if (letter || number) {
      result |= TRAILING_BREAK;
    }
  }

  private static boolean isBreak(int character) {
    return character == '\n' || character == '\r';
  }

  private int number(int from) {
    int i = from;
    if (b[i] == '-') {
      i++;
    }
    if (i >= end) {
      return -1;
    }
    if (b[i] == '0') {
      i++;
    } else {
      i = digits(i);
      if (i < 0) {
        return -1;
      }
    }
    if (i < end && b[i] == '.') {
      i = digits(i + 1);
      if (i < 0) {
        return -1;
      }
    }
    if (i < end && (b[i] == 'e' || b[i] == 'E')) {
      i++;
      if (i < end && (b[i] == '+' || b[i] == '-')) {
        i++;
      }
      i = digits(i);
    }
    return i;
  }

  private int digits(int from) {
    int i = from;
    while (i < end && b[i] >= '0' && b[i] <= '9') {
      i++;
    }
    return i == from ? -1 : i;
  }

  private int blanks(int from) {
    int i = from;
    while (i < end
        && b[i] <= ' '
        && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t')) {
      broken |= b[i] == '\n';
      i++;
    }
    return i;
  }
}
