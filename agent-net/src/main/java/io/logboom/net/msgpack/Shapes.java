package io.logboom.net.msgpack;

import io.logboom.api.batch.Names;
import io.logboom.api.json.Swar;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The shapes of objects that came last, found by their first name and their number of members. */
final class Shapes {
  private static final int BITS = 4;
  private static final int MOST_OPEN = 256;
  // The golden ratio's fraction: a product's high bits depend on all bits.
  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** The shape of objects that are found at one place, as far as it is known. */
  static final class Slot {
    private static final int PATIENCE = 4;
    // For names that cannot be learnt.
    private static final int MUCH = 100;

    private @Nullable Shape known;
    private int misses;

    /** The shape of an object with so many members; null where that is not known. */
    @Nullable Shape of(int count) {
      Shape shape = known;
      return shape != null && shape.count() == count ? shape : null;
    }

    /** An object came with other names: after some of them the next one is learnt. */
    void missed() {
      if (isMissed()) {
        forget();
      }
    }

    private boolean isMissed() {
      return ++misses >= (known == null ? 1 : PATIENCE);
    }

    private void learn(@Nullable Shape shape) {
      known = shape;
      misses = shape == null ? -MUCH : 0;
    }

    private void forget() {
      known = null;
      misses = 0;
    }
  }

  private final Names registered;
  private final Slot[] slots = new Slot[1 << BITS];
  // Where the names of open objects begin, those of the innermost on top.
  private final int[] at = new int[MOST_OPEN];
  private int top;
  private long fingerprint;

  Shapes(Names registered) {
    this.registered = registered;
    this.fingerprint = registered.fingerprint();
    Arrays.setAll(slots, _ -> new Slot());
  }

  /** Begins the next record. */
  void begin() {
    top = 0;
    long now = registered.fingerprint();
    if (now != fingerprint) {
      // A reload may register names that there were none of.
      fingerprint = now;
      for (Slot each : slots) {
        each.forget();
      }
    }
  }

  /** An object begins, whose first name is at {@code b[i]}; null for one that has no shape. */
  @Nullable Slot open(byte[] b, int i, int to, int count) {
    if (count == 0 || count > Shape.MOST || to - i < 8 || top + count > MOST_OPEN) {
      return null;
    }
    // Eight bytes may reach into the first value.
    int name = 1 + MsgPack.fixStrBytes(b[i]);
    long first = Swar.load(b, i);
    if (name < Long.BYTES) {
      first &= (1L << (name << 3)) - 1;
    }
    int slot = (int) ((first * MIX + count * MIX) >>> (64 - BITS));
    top += count;
    return slots[slot];
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
  void learn(Slot slot, byte[] b, int count, boolean distinct) {
    if (distinct && slot.isMissed()) {
      slot.learn(Shape.of(b, at, top, count, registered));
    }
  }
}
