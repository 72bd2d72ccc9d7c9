package io.logboom.net.msgpack;

import io.logboom.api.json.ByteSink;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * One array to write to, which grows with what is written; what it has beyond its usual size counts
 * towards the memory budget, and goes again.
 */
final class Scratch implements ByteSink.Store {
  private final int usual;
  private final LongConsumer budget;
  private final ByteSink sink;
  private byte[] kept;

  Scratch(int usual, LongConsumer budget) {
    this.usual = usual;
    this.budget = budget;
    this.kept = new byte[1024];
    this.sink = new ByteSink(this, kept);
  }

  ByteSink sink() {
    return sink;
  }

  @Override
  public byte[] next(byte[] array, int used, int needed) {
    int least = Math.addExact(used, needed);
    byte[] larger =
        Arrays.copyOf(array, (int) Math.clamp(array.length * 2L, least, Integer.MAX_VALUE - 8L));
    budget.accept(beyond(larger.length) - beyond(array.length));
    if (larger.length <= usual) {
      kept = larger;
    }
    return larger;
  }

  private long beyond(int length) {
    return Math.max(0, length - usual);
  }

  @Override
  public int resumeAt(int used) {
    return used;
  }

  /** Gives back what is beyond the usual size. */
  void shrink() {
    int length = sink.array().length;
    if (length > usual) {
      sink.reset(kept);
      budget.accept(-beyond(length));
    }
  }
}
