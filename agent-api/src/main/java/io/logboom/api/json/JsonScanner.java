package io.logboom.api.json;

import io.logboom.api.batch.Names;
import java.util.Arrays;

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

  /** Not exactly one JSON object. */
  public static final int NOT_AN_OBJECT = 1;

  /** A valid object, but some object in it may have a name twice. */
  public static final int DUPLICATE_NAME = 1 << 1;

  /** A valid object but for bytes that are not UTF-8. */
  public static final int NOT_UTF8 = 1 << 2;

  /** A valid object in which a string value ends with an escaped line break. */
  public static final int TRAILING_BREAK = 1 << 3;

  private static final int SEEN = 512;

  private final Names registered;
  private byte[] b = new byte[0];
  private int end;
  private int start;
  private int stop;
  private long names;
  private int result;
  private int members;
  private boolean escaped;

  // Names met so far as hashes of (object, name), in open addressing; a slot counts where its
  // generation is this scan's.
  private final int[] seen = new int[SEEN];
  private final int[] seenIn = new int[SEEN];
  private int generation;
  private int entries;

  public JsonScanner(Names registered) {
    this.registered = registered;
  }

  /**
   * Scans {@code bytes[from, to)}. Blanks and line breaks around the object are allowed and left
   * out of {@link #start} and {@link #stop}.
   *
   * @return {@link #CLEAN}, {@link #NOT_AN_OBJECT}, or the other findings or'ed
   */
  public int scan(byte[] bytes, int from, int to) {
    b = bytes;
    end = to;
    names = 0;
    members = 0;
    result = CLEAN;
    entries = 0;
    if (++generation == 0) {
      Arrays.fill(seenIn, 0);
      generation = 1;
    }
    int i = blanks(from);
    if (i == end || b[i] != '{') {
      return NOT_AN_OBJECT;
    }
    start = i;
    i = object(i + 1, 1);
    if (i < 0) {
      return NOT_AN_OBJECT;
    }
    stop = i;
    return blanks(i) == end ? result : NOT_AN_OBJECT;
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

  // Each method below takes the index to go on from and returns the one behind what it read, or -1.

  private int object(int from, int depth) {
    int i = blanks(from);
    if (i < end && b[i] == '}') {
      return i + 1;
    }
    int object = i;
    while (true) {
      if (i >= end || b[i] != '"') {
        return -1;
      }
      int nameFrom = i + 1;
      i = string(nameFrom);
      if (i < 0) {
        return -1;
      }
      name(object, nameFrom, i - 1, depth);
      i = blanks(i);
      if (i >= end || b[i] != ':') {
        return -1;
      }
      i = value(blanks(i + 1), depth);
      if (i < 0) {
        return -1;
      }
      i = blanks(i);
      if (i >= end) {
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

  private void name(int object, int from, int to, int depth) {
    if (depth == 1) {
      members++;
      names |= registered.find(b, from, to);
    }
    if (escaped || entries == SEEN / 2) {
      // An escaped name has other spellings, and the table has an end: whoever rewrites will look
      // closely.
      result |= DUPLICATE_NAME;
      return;
    }
    int hash = object * 0x9E3779B1;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + b[i];
    }
    hash *= 0x85EBCA6B;
    int slot = hash >>> 23;
    while (seenIn[slot] == generation) {
      if (seen[slot] == hash) {
        result |= DUPLICATE_NAME;
        return;
      }
      slot = (slot + 1) & (SEEN - 1);
    }
    seen[slot] = hash;
    seenIn[slot] = generation;
    entries++;
  }

  private int value(int i, int depth) {
    if (i >= end) {
      return -1;
    }
    switch (b[i]) {
      case '"':
        int behind = string(i + 1);
        if (behind > 0 && escaped && behind - i > 3) {
          byte last = b[behind - 2];
          if (b[behind - 3] == '\\' && (last == 'n' || last == 'r')) {
            result |= TRAILING_BREAK;
          }
        }
        return behind;
      case '{':
        return depth == MAX_DEPTH ? -1 : object(i + 1, depth + 1);
      case '[':
        return depth == MAX_DEPTH ? -1 : array(i + 1, depth + 1);
      case 't':
        return literal(i, "true");
      case 'f':
        return literal(i, "false");
      case 'n':
        return literal(i, "null");
      default:
        return number(i);
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

  /** Reads a string's inside and its closing quote; sets {@link #escaped}. */
  private int string(int from) {
    escaped = false;
    byte[] bytes = b;
    int to = end;
    int i = from;
    while (true) {
      i = Swar.plainEnd(bytes, i, to);
      if (i >= to) {
        return -1;
      }
      byte c = bytes[i];
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        escaped = true;
        i = escape(i + 1);
        if (i < 0) {
          return -1;
        }
      } else if (c < 0) {
        int width = Utf8.width(bytes, i, to);
        if (width < 0) {
          result |= NOT_UTF8;
          i -= width;
        } else {
          i += width;
        }
      } else {
        return -1; // a control character must be escaped
      }
    }
  }

  private int escape(int i) {
    if (i >= end) {
      return -1;
    }
    switch (b[i]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
        return i + 1;
      case 'u':
        if (end - i < 5) {
          return -1;
        }
        int unit = 0;
        for (int k = 1; k < 5; k++) {
          int digit = Character.digit(b[i + k], 16);
          if (digit < 0) {
            return -1;
          }
          unit = unit << 4 | digit;
        }
        if (unit >= 0xD800 && unit < 0xE000) {
          // A surrogate is a character only in a pair; alone it is refused behind us.
          return surrogates(i, unit);
        }
        return i + 5;
      default:
        return -1;
    }
  }

  private int surrogates(int i, int high) {
    int low = i + 5;
    if (high < 0xDC00 && end - low >= 6 && b[low] == '\\' && b[low + 1] == 'u') {
      int d = Character.digit(b[low + 2], 16);
      int e = Character.digit(b[low + 3], 16);
      if (d == 0xD
          && e >= 0xC
          && Character.digit(b[low + 4], 16) >= 0
          && Character.digit(b[low + 5], 16) >= 0) {
        return low + 6;
      }
    }
    result |= NOT_UTF8;
    return low;
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
    if (i < end && (b[i] | 0x20) == 'e') {
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

  private int literal(int i, String word) {
    int n = word.length();
    if (end - i < n) {
      return -1;
    }
    for (int k = 1; k < n; k++) {
      if (b[i + k] != word.charAt(k)) {
        return -1;
      }
    }
    return i + n;
  }

  private int blanks(int from) {
    int i = from;
    while (i < end
        && b[i] <= ' '
        && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t')) {
      i++;
    }
    return i;
  }
}
