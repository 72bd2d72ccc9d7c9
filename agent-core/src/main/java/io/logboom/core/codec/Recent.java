package io.logboom.core.codec;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was made last from stretches of bytes: equal bytes give the same object, as long as it is
 * among the last {@link #MOST} that were asked for. Very long stretches are not kept.
 */
final class Recent<V> {
  static final int MOST = 256;
  private static final int LONGEST = 16 * 1024;

  /** Makes a value from {@code bytes[from, from + count)}. */
  @FunctionalInterface
  interface Make<V> {
    V make(byte[] bytes, int from, int count) throws DamagedException;
  }

  private final Make<V> make;
  private final Stretch wanted = new Stretch();
  private final Map<Stretch, V> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Stretch, V> eldest) {
          return size() > MOST;
        }
      };

  Recent(Make<V> make) {
    this.make = make;
  }

  V of(byte[] bytes, int from, int count) throws DamagedException {
    wanted.set(bytes, from, count);
    V value = known.get(wanted);
    if (value == null) {
      value = make.make(bytes, from, count);
      if (count <= LONGEST) {
        Stretch own = new Stretch();
        own.set(Arrays.copyOfRange(bytes, from, from + count), 0, count);
        known.put(own, value);
      }
    }
    return value;
  }

  /** A part of an array, equal to each part with the same bytes. */
  private static final class Stretch {
    private byte[] bytes = new byte[0];
    private int from;
    private int to;
    private int hash;

    void set(byte[] source, int start, int count) {
      bytes = source;
      from = start;
      to = start + count;
      int h = 1;
      for (int i = start; i < to; i++) {
        h = 31 * h + source[i];
      }
      hash = h;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Stretch that
          && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to);
    }
  }
}
