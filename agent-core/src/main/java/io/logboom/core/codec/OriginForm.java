package io.logboom.core.codec;

import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An origin as bytes: all that an input set of it. */
final class OriginForm {
  private static final int HAS_STAMP = 1;
  private static final int HAS_OFFSET = 1 << 1;

  // One form serves all codecs: what is remembered of an origin is remembered under this.
  private static final Object MEMO = new Object();

  private OriginForm() {}

  /** The origin's bytes, made once in its life. */
  static byte[] of(Origin origin) {
    return origin.memo(MEMO, OriginForm::encode);
  }

  private static byte[] encode(Origin origin) {
    Origin.Key stamp = origin.stamp();
    Origin.Key offset = origin.offset();
    ByteSink out = ByteSink.growing(256);
    text(origin.tag(), out);
    text(origin.source(), out);
    text(origin.sourceId(), out);
    bytes(origin.base().json(), out);
    text(origin.text().name(), out);
    out.put((byte) ((stamp == null ? 0 : HAS_STAMP) | (offset == null ? 0 : HAS_OFFSET)));
    key(stamp, out);
    key(offset, out);
    return out.toByteArray();
  }

  private static void key(Origin.@Nullable Key key, ByteSink out) {
    if (key != null) {
      text(key.name(), out);
    }
  }

  private static void text(String text, ByteSink out) {
    bytes(text.getBytes(StandardCharsets.UTF_8), out);
  }

  private static void bytes(byte[] bytes, ByteSink out) {
    Varints.put(bytes.length, out);
    out.put(bytes, 0, bytes.length);
  }

  static Origin decode(Names names, byte[] bytes, int from, int count) throws DamagedException {
    Cursor in = new Cursor();
    in.reset(bytes, from, from + count);
    Origin.Builder origin = Origin.restoring(names, in.text());
    origin.source(in.text()).sourceId(sourceId(in.text()));
    int length = in.length();
    int base = in.take(length);
    origin.base(fragment(names, bytes, base, length)).text(in.text());
    int has = in.byteValue();
    if ((has & ~(HAS_STAMP | HAS_OFFSET)) != 0) {
      throw new DamagedException("an origin with unknown parts, " + has);
    }
    origin.stamp((has & HAS_STAMP) != 0 ? in.text() : null);
    origin.offset((has & HAS_OFFSET) != 0 ? in.text() : null);
    if (!in.isAtEnd()) {
      throw new DamagedException("an origin is longer than its parts");
    }
    return origin.build();
  }

  static Fragment fragment(Names names, byte[] bytes, int from, int count) throws DamagedException {
    try {
      return Fragment.parse(names, bytes, from, from + count);
    } catch (IllegalArgumentException e) {
      throw new DamagedException("members of an origin: " + e.getMessage());
    }
  }

  /** Outputs write it into JSON and into headers as it is. */
  private static String sourceId(String id) throws DamagedException {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        throw new DamagedException("a source's id with a character that none has");
      }
    }
    return id;
  }
}
