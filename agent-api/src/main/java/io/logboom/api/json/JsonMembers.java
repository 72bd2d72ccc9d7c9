package io.logboom.api.json;

/**
 * Walks over the members of a JSON object that is known to be valid, without descending into their
 * values. For paths that are not per record in the usual case.
 */
public final class JsonMembers {
  private final byte[] b;
  private final int end;
  private int i;
  private int nameFrom;
  private int nameTo;
  private int valueFrom;
  private int valueTo;

  /**
   * @param from behind the opening brace
   * @param to before the closing brace
   */
  public JsonMembers(byte[] json, int from, int to) {
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
    int k = from;
    while (b[k] != '"') {
      k += b[k] == '\\' ? 2 : 1;
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
