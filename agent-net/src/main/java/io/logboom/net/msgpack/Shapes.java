package io.logboom.net.msgpack;

import io.logboom.api.batch.Names;
import io.logboom.api.json.Swar;
import org.jspecify.annotations.Nullable;

/** The shapes of objects that came last, found by their first name and their number of members. */
final class Shapes {
  private static final int BITS = 4;
  private static final int MOST_OPEN = 256;
  // The golden ratio's fraction: a product's high bits depend on all bits.
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final Names registered;
  private final @Nullable Shape[] shapes = new Shape[1 << BITS];
  // Where the names of open objects begin, those of the innermost on top.
  private final int[] at = new int[MOST_OPEN];
  private int top;
  private long fingerprint;

  Shapes(Names registered) {
    this.registered = registered;
    this.fingerprint = registered.fingerprint();
  }

  /** Begins the next record. */
  void begin() {
    top = 0;
    long now = registered.fingerprint();
    if (now != fingerprint) {
      // A reload may register names that there were none of.
      fingerprint = now;
      for (Shape each : shapes) {
        if (each != null) {
          each.forget();
        }
      }
    }
  }

  /** What an object's names may be, the first of which is at {@code b[i]}; null for no idea. */
  @Nullable Shape open(byte[] b, int i, int to, int count) {
    if (count == 0 || count > Shape.MOST || to - i < 8 || top + count > MOST_OPEN) {
      return null;
    }
    // Eight bytes may reach into the first value.
    int name = b[i] & 0x1F;
    long first = Swar.load(b, i);
    if (name < 7) {
      first &= (1L << ((name + 1) << 3)) - 1;
    }
    int slot = (int) ((first * MIX + count * MIX) >>> (64 - BITS));
    top += count;
    Shape found = shapes[slot];
    if (found == null) {
      found = new Shape();
      shapes[slot] = found;
    }
    return found;
  }

  /** The name {@code k} of the innermost object with so many members begins here. */
  void note(int k, int count, int i) {
    at[top - count + k] = i;
  }

  /** The innermost object, with so many members, ends. */
  void close(int count) {
    top -= count;
  }

  /** The object that ended last has names that are not known: all of them were noted. */
  void learn(Shape shape, byte[] b, int count, boolean distinct) {
    if (distinct && shape.isMissed()) {
      shape.learn(b, at, top, count, registered);
    }
  }
}
