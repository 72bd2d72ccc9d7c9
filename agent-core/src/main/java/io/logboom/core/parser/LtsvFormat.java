package io.logboom.core.parser;

import org.jspecify.annotations.Nullable;

/**
 * Labeled tab-separated values (ltsv.org): {@code host:web<TAB>size:12}. One line; a text of which
 * a part is no field is refused as a whole, so that nothing of it is lost.
 */
final class LtsvFormat implements TextFormat {
  private final FieldTypeTable types;
  private final @Nullable TimeField time;

  LtsvFormat(FieldTypeTable types, @Nullable TimeField time) {
    this.types = types;
    this.time = time;
  }

  @Override
  public Answer read(byte[] b, int from, int to, Members out) {
    int end = to;
    while (end > from && (b[end - 1] == '\n' || b[end - 1] == '\r')) {
      end--;
    }
    int i = from;
    while (i < end) {
      int label = i;
      while (i < end && isLabel(b[i])) {
        i++;
      }
      if (i == label || i == end || b[i] != ':') {
        return Answer.REFUSED;
      }
      int colon = i++;
      while (i < end && b[i] != '\t') {
        if (b[i] == '\n' || b[i] == '\r') {
          return Answer.REFUSED;
        }
        i++;
      }
      member(b, label, colon, i, out);
      i++;
    }
    return end == from ? Answer.REFUSED : Answer.UNSURE;
  }

  private void member(byte[] b, int label, int colon, int end, Members out) {
    TimeField field = time;
    if (field != null
        && field.isNamed(b, label, colon)
        && field.read(b, colon + 1, end)
        && !field.keep()) {
      return;
    }
    out.key(b, label, colon);
    out.value(types.find(b, label, colon), b, colon + 1, end);
  }

  private static boolean isLabel(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '_'
        || b == '.'
        || b == '-';
  }
}
