package io.logboom.api.record;

/**
 * Walks over the elements of a JSON array that is known to be valid, without descending into them.
 */
final class JsonElements {
  private byte[] b = new byte[0];
  private int end;
  private int i;
  private int from;
  private int to;

  /**
   * Begins a walk.
   *
   * @param start behind the opening bracket
   * @param stop before the closing bracket
   */
  void reset(byte[] json, int start, int stop) {
    b = json;
    i = start;
    end = stop;
  }

  /** Goes to the next element, if there is one. */
  boolean next() {
    while (i < end && (b[i] == ',' || isBlank(b[i]))) {
      i++;
    }
    if (i >= end) {
      return false;
    }
    from = i;
    to = skip();
    i = to;
    return true;
  }

  int from() {
    return from;
  }

  /** Behind the element's last byte. */
  int to() {
    return to;
  }

  private int skip() {
    int depth = 0;
    int k = from;
    while (k < end) {
      byte c = b[k];
      if (c == '"') {
        k = string(k + 1);
        if (depth == 0) {
          return k;
        }
        continue;
      }
      if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        if (--depth == 0) {
          return k + 1;
        }
      } else if (depth == 0 && (c == ',' || isBlank(c))) {
        return k;
      }
      k++;
    }
    return end;
  }

  private int string(int start) {
    int k = start;
    while (b[k] != '"') {
      k += b[k] == '\\' ? 2 : 1;
    }
    return k + 1;
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
}
