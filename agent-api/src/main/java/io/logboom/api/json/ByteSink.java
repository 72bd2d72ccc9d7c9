package io.logboom.api.json;

import java.util.Arrays;

/**
 * Where encoders write: a byte array with a position, backed by whatever the owner chooses (one
 * growing array, pooled segments). Bytes at and behind the position have no meaning and may be
 * written to.
 *
 * <p>Hot encoders call {@link #ensure}, write to {@link #array} themselves and set {@link
 * #position(int)}. Not safe for several threads.
 */
public final class ByteSink {
  /** Supplies the arrays. */
  public interface Store {
    /**
     * Called when the current array is full. {@code array[0, used)} has been written.
     *
     * @param needed the free bytes that the next array must have
     * @return the array to go on with and, through {@link ByteSink#position()}, from its start; the
     *     same one, grown, where the store keeps one array
     */
    byte[] next(byte[] array, int used, int needed);

    /**
     * Where writing goes on in what {@link #next} returned: 0 for a new segment, {@code used} for a
     * grown array.
     */
    int resumeAt(int used);
  }

  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  // 0: as it is; 1: \\u00xx; 2: invalid or multi-byte, look closer; else the letter behind the
  // backslash.
  private static final byte[] ESCAPE = escapes();

  // What one byte or character becomes at most; a little more, so that words fit again after it.
  private static final int WORST = 16;

  private final Store store;
  private byte[] array;
  private int position;

  public ByteSink(Store store, byte[] first) {
    this.store = store;
    this.array = first;
  }

  /** A sink on one array that doubles when full. */
  public static ByteSink growing(int initial) {
    return new ByteSink(
        new Store() {
          @Override
          public byte[] next(byte[] array, int used, int needed) {
            return Arrays.copyOf(array, Math.max(array.length * 2, Math.addExact(used, needed)));
          }

          @Override
          public int resumeAt(int used) {
            return used;
          }
        },
        new byte[Math.max(16, initial)]);
  }

  /** The array being written. {@link #ensure} may replace it. */
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte[] array() {
    return array;
  }

  /** Where the next byte goes. */
  public int position() {
    return position;
  }

  public void position(int next) {
    position = next;
  }

  /** Starts over on {@code first}, from 0. */
  public void reset(byte[] first) {
    array = first;
    position = 0;
  }

  /** Makes sure that {@code count} bytes fit into {@link #array} from {@link #position()}. */
  public void ensure(int count) {
    if (array.length - position < count) {
      int used = position;
      array = store.next(array, used, count);
      position = store.resumeAt(used);
    }
  }

  public void put(byte b) {
    if (position == array.length) {
      ensure(1);
    }
    array[position++] = b;
  }

  /** Any number of bytes, over as many segments as they take. */
  public void put(byte[] source, int from, int count) {
    int free = array.length - position;
    if (count <= free) {
      System.arraycopy(source, from, array, position, count);
      position += count;
      return;
    }
    System.arraycopy(source, from, array, position, free);
    position += free;
    int done = free;
    while (done < count) {
      ensure(1);
      int step = Math.min(count - done, array.length - position);
      System.arraycopy(source, from + done, array, position, step);
      position += step;
      done += step;
    }
  }

  /** The characters of {@code ascii}, which has none above 0x7F. */
  public void putAscii(String ascii) {
    int count = ascii.length();
    ensure(count);
    byte[] out = array;
    int at = position;
    for (int i = 0; i < count; i++) {
      out[at + i] = (byte) ascii.charAt(i);
    }
    position = at + count;
  }

  public void putDecimal(long value) {
    ensure(20);
    if (value == Long.MIN_VALUE) {
      putAscii("-9223372036854775808");
      return;
    }
    long rest = value;
    if (rest < 0) {
      array[position++] = '-';
      rest = -rest;
    }
    int digits = 1;
    for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
      digits++;
    }
    int at = position + digits;
    position = at;
    do {
      array[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
  }

  /**
   * The inside of a JSON string (RFC 8259 §7) for text in UTF-8. Bytes that are not UTF-8 become
   * U+FFFD, one for each maximal invalid part; everything else above 0x1F stays as it is.
   *
   * @return whether all of it was valid UTF-8
   */
  public boolean putEscaped(byte[] source, int from, int count) {
    boolean valid = true;
    int end = from + count;
    int i = from;
    while (true) {
      i = putPlain(source, i, end);
      if (i == end) {
        return valid;
      }
      // Either a byte that needs a closer look, or too little room for whole words.
      ensure(WORST);
      byte b = source[i];
      if (b < 0) {
        int next = putCharacter(source, i, end);
        valid &= next > 0;
        i = Math.abs(next);
      } else {
        putEscape(b);
        i++;
      }
    }
  }

  /**
   * Copies up to the first byte that is not plain, or as far as there is room; returns the index of
   * the first byte that was not copied. Copies whole words while looking at them: what a word
   * brings along behind that byte is overwritten by what comes next.
   */
  private int putPlain(byte[] source, int from, int end) {
    byte[] out = array;
    int at = position;
    int i = from;
    int lastWord = from + Math.min(end - from, out.length - at) - 8;
    while (i <= lastWord) {
      long eight = Swar.load(source, i);
      Swar.store(out, at, eight);
      long special = Swar.special(eight);
      if (special != 0) {
        int plain = Swar.first(special);
        position = at + plain;
        return i + plain;
      }
      i += 8;
      at += 8;
    }
    int stop = lastWord + 8;
    while (i < stop && ESCAPE[source[i] & 0xFF] == 0) {
      out[at++] = source[i++];
    }
    position = at;
    return i;
  }

  /**
   * Writes the characters above 0x7F that start at {@code i}, up to the first that is not one; or a
   * U+FFFD for an invalid part. Returns the index behind what it read, negated where it was
   * invalid.
   */
  private int putCharacter(byte[] source, int i, int end) {
    byte[] out = array;
    int at = position;
    int width = Utf8.width(source, i, end);
    if (width < 0) {
      out[at] = (byte) 0xEF;
      out[at + 1] = (byte) 0xBF;
      out[at + 2] = (byte) 0xBD;
      position = at + 3;
      return width - i;
    }
    int next = i;
    do {
      for (int k = 0; k < width; k++) {
        out[at + k] = source[next + k];
      }
      at += width;
      next += width;
    } while (next < end
        && source[next] < 0
        && out.length - at >= WORST
        && (width = Utf8.width(source, next, end)) > 0);
    position = at;
    return next;
  }

  /** Any byte below 0x80, escaped where it must be. */
  private void putEscape(byte b) {
    byte[] out = array;
    int at = position;
    byte escape = ESCAPE[b];
    if (escape == 0) {
      out[at++] = b;
    } else if (escape == 1) {
      out[at++] = '\\';
      out[at++] = 'u';
      out[at++] = '0';
      out[at++] = '0';
      out[at++] = HEX[b >> 4];
      out[at++] = HEX[b & 0xF];
    } else {
      out[at++] = '\\';
      out[at++] = escape;
    }
    position = at;
  }

  /** What was written so far, where the store keeps one array. */
  public byte[] toByteArray() {
    return Arrays.copyOf(array, position);
  }

  private static byte[] escapes() {
    byte[] table = new byte[256];
    Arrays.fill(table, 0, 0x20, (byte) 1);
    Arrays.fill(table, 0x80, 0x100, (byte) 2);
    table['"'] = '"';
    table['\\'] = '\\';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    table['\b'] = 'b';
    table['\f'] = 'f';
    return table;
  }
}
