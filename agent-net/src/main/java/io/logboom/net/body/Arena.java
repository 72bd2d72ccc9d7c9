package io.logboom.net.body;

import io.logboom.api.json.ByteSink;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * One array that grows, told to a budget, and let go of when it is cleared after it had to grow
 * beyond its usual size. One thread at a time.
 */
public final class Arena implements ByteSink.Store, AutoCloseable {
  private static final int FIRST = 16 * 1024;

  private final long usual;
  private final long most;
  private final LongConsumer budget;
  private final ByteSink sink = new ByteSink(this, new byte[FIRST]);
  private long charged;

  /** It would have more bytes than it may; it is to be cleared. */
  public static final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FullException(long most) {
      super("it has more than " + most + " bytes");
    }
  }

  /**
   * @param usual the bytes that are kept
   * @param most beyond, the sink throws {@link FullException}
   */
  public Arena(long usual, long most, LongConsumer budget) {
    this.usual = usual;
    this.most = Math.min(most, Integer.MAX_VALUE - 64);
    this.budget = budget;
  }

  /** Where it is written. */
  public ByteSink sink() {
    return sink;
  }

  /** Empties it, and lets go of an array that is larger than usual. */
  public void clear() {
    if (charged > usual) {
      close();
    }
    sink.position(0);
  }

  /** Empties it, and lets go of its array. */
  @Override
  public void close() {
    sink.reset(new byte[FIRST]);
    budget.accept(-charged);
    charged = 0;
  }

  @Override
  public byte[] next(byte[] array, int used, int needed) {
    long wanted = (long) used + needed;
    if (wanted > most) {
      throw new FullException(most);
    }
    int length = (int) Math.min(most, Math.max(array.length * 2L, wanted));
    budget.accept(length - charged);
    charged = length;
    return Arrays.copyOf(array, length);
  }

  @Override
  public int resumeAt(int used) {
    return used;
  }
}
