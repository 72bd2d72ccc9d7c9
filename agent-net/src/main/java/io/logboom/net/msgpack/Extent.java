package io.logboom.net.msgpack;

/**
 * Finds where values end, over as many steps as their bytes take to come: each byte is looked at
 * once. Nesting is counted, not followed.
 */
public final class Extent {
  private long at;
  private long pending;

  /** Begins with the first of {@code values} values, at index {@code from}. */
  public void begin(int from, int values) {
    at = from;
    pending = values;
  }

  /** What was at some index is now so much further to the front. */
  public void shift(int count) {
    at -= count;
  }

  /**
   * Goes on in {@code b[0, to)}, which has what it had at the last step and more.
   *
   * @return the index behind the last value; {@link MsgPack#INCOMPLETE} or {@link
   *     MsgPack#MALFORMED}
   */
  public int advance(byte[] b, int to) {
    long i = at;
    long left = pending;
    while (left > 0) {
      if (i >= to) {
        return suspend(i, left);
      }
      int head = (int) i;
      int c = b[head] & 0xFF;
      if (c <= 0x7F || c >= 0xE0) {
        i++;
        left--;
        continue;
      }
      if (c < 0xC0) {
        i++;
        left--;
        if (c >= 0xA0) {
          i += c & 0x1F;
        } else {
          left += c >= 0x90 ? c & 0xF : 2L * (c & 0xF);
        }
        continue;
      }
      int width = LENGTH_BYTES[c - 0xC0];
      if (width < 0) {
        return MsgPack.MALFORMED;
      }
      if (i + 1 + width > to) {
        return suspend(i, left);
      }
      long length = width == 0 ? 0 : length(b, head + 1, width);
      i += 1 + width + FIXED_BYTES[c - 0xC0];
      left--;
      if (c >= MsgPack.MAP16) {
        left += 2 * length;
      } else if (c >= MsgPack.ARRAY16) {
        left += length;
      } else {
        i += length;
      }
    }
    at = i;
    pending = left;
    return i <= to ? (int) i : MsgPack.INCOMPLETE;
  }

  private int suspend(long i, long left) {
    at = i;
    pending = left;
    return MsgPack.INCOMPLETE;
  }

  private static long length(byte[] b, int i, int width) {
    return switch (width) {
      case 1 -> b[i] & 0xFF;
      case 2 -> MsgPack.uint16(b, i);
      default -> MsgPack.uint32(b, i);
    };
  }

  // For the first bytes from 0xC0 to 0xDF: how many bytes tell a length; -1 for the one that is
  // never used.
  private static final byte[] LENGTH_BYTES = {
    0, -1, 0, 0, 1, 2, 4, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4
  };
  // How many bytes follow besides: a number, or an extension's type and data.
  private static final byte[] FIXED_BYTES = {
    0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, 0, 0, 0, 0, 0, 0, 0
  };
}
