package io.logboom.core.parser;

import io.logboom.api.record.JsonStrings;
import io.logboom.core.config.FieldTypes.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Logfmt: {@code level=info msg="it works" bare}.
 *
 * <p>A key is bytes above the blank but {@code =} and {@code "}. A value is such bytes, or in
 * quotes with backslash escapes. A key without a value is {@code true}. Everything else stands
 * between members.
 */
final class LogfmtFormat implements TextFormat {
  private final FieldTypeTable types;
  private final @Nullable TimeField time;
  private final boolean noBareKeys;
  private byte[] scratch = new byte[256];

  LogfmtFormat(FieldTypeTable types, @Nullable TimeField time, boolean noBareKeys) {
    this.types = types;
    this.time = time;
    this.noBareKeys = noBareKeys;
  }

  @Override
  public Answer read(byte[] b, int from, int to, Members out) {
    boolean any = false;
    int i = from;
    while (i < to) {
      if (!isIdent(b[i])) {
        i++;
        continue;
      }
      int keyFrom = i;
      i = identEnd(b, i, to);
      int keyTo = i;
      any = true;
      if (i == to || b[i] != '=') {
        if (noBareKeys) {
          return Answer.REFUSED;
        }
        out.key(b, keyFrom, keyTo);
        out.bool(true);
        continue;
      }
      i++;
      i =
          i < to && b[i] == '"'
              ? quoted(b, keyFrom, keyTo, i + 1, to, out)
              : plain(b, keyFrom, keyTo, i, to, out);
    }
    return any ? Answer.UNSURE : Answer.REFUSED;
  }

  private int plain(byte[] b, int keyFrom, int keyTo, int from, int to, Members out) {
    int end = identEnd(b, from, to);
    if (end > from) {
      member(b, keyFrom, keyTo, b, from, end, out);
    } else {
      out.key(b, keyFrom, keyTo);
      out.bool(true);
    }
    return end;
  }

  private int quoted(byte[] b, int keyFrom, int keyTo, int from, int to, Members out) {
    boolean escaped = false;
    int i = from;
    while (i < to && b[i] != '"') {
      if (b[i] == '\\') {
        escaped = true;
        i++;
      }
      i++;
    }
    int end = Math.min(i, to);
    if (escaped) {
      if (scratch.length < end - from) {
        scratch = new byte[Math.max(end - from, scratch.length * 2)];
      }
      int length = JsonStrings.unescape(b, from, end, scratch, 0);
      member(b, keyFrom, keyTo, scratch, 0, length, out);
    } else {
      member(b, keyFrom, keyTo, b, from, end, out);
    }
    return end + 1;
  }

  private void member(byte[] b, int keyFrom, int keyTo, byte[] v, int from, int to, Members out) {
    TimeField field = time;
    if (field != null && field.isNamed(b, keyFrom, keyTo) && field.read(v, from, to)) {
      if (!field.keep()) {
        return;
      }
    }
    Kind kind = types.find(b, keyFrom, keyTo);
    out.key(b, keyFrom, keyTo);
    out.value(kind, v, from, to);
  }

  private static int identEnd(byte[] b, int from, int to) {
    int i = from;
    while (i < to && isIdent(b[i])) {
      i++;
    }
    return i;
  }

  private static boolean isIdent(byte b) {
    return (b > ' ' || b < 0) && b != '=' && b != '"';
  }
}
