package io.logboom.api.json;

/**
 * Walks over the members of a JSON object that is known to be valid, without descending into their
 * values. Allocates nothing; may be used again and again.
 */
public final class JsonMembers {
  private byte[] b = new byte[0];
  private int end;
  private int i;
  private int nameFrom;
  private int nameTo;
  private int valueFrom;
  private int valueTo;

  /** A walk without members, until {@link #reset}. */
  public JsonMembers() {}

  /**
   * @param from behind the opening brace
   * @param to before the closing brace
   */
  public JsonMembers(byte[] json, int from, int to) {
    reset(json, from, to);
  }

  /**
   * Begins another walk.
   *
   * @param from behind the opening brace
   * @param to before the closing brace
   */
  public void reset(byte[] json, int from, int to) {
    this.b = json;
    this.i = from;
    this.end = to;
  }

  /** Goes to the next member, if there is one. */
  public boolean next() {
    while (i < end && (b[i] <= ' ' || b[i] == ',')) {
      i++;
    }
    if (i >= end) {
      return false;
    }
    nameFrom = i + 1;
    nameTo = closingQuote(nameFrom);
    i = nameTo + 1;
    while (b[i] <= ' ' || b[i] == ':') {
      i++;
    }
    valueFrom = i;
    valueTo = skipValue(i);
    i = valueTo;
    return true;
  }

  /** Goes to the next element, if there is one, where the walk is over the inside of an array. */
  public boolean nextElement() {
    while (i < end && (b[i] <= ' ' || b[i] == ',')) {
      i++;
    }
    if (i >= end) {
      return false;
    }
    valueFrom = i;
    valueTo = skipValue(i);
    i = valueTo;
    return true;
  }

  /** Where the name starts, behind its quote; escapes are as written. */
  public int nameFrom() {
    return nameFrom;
  }

  /** Where the name's closing quote is. */
  public int nameTo() {
    return nameTo;
  }

  public int valueFrom() {
    return valueFrom;
  }

  /** Behind the value's last byte. */
  public int valueTo() {
    return valueTo;
  }

  private int closingQuote(int from) {
    int k = Swar.closingEnd(b, from, end);
    while (b[k] == '\\') {
      k = Swar.closingEnd(b, k + 2, end);
    }
    return k;
  }

  private int skipValue(int from) {
    int k = from;
    int depth = 0;
    while (k < end) {
      byte c = b[k];
      if (c == '"') {
        k = closingQuote(k + 1) + 1;
        if (depth == 0) {
          return k;
        }
        continue;
      }
      if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
        if (depth == 0) {
          return k + 1;
        }
      } else if (depth == 0 && (c == ',' || c <= ' ')) {
        return k;
      }
      k++;
    }
    return end;
  }
}
