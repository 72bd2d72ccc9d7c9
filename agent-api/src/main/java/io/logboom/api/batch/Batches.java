package io.logboom.api.batch;

/**
 * Gives out batches from the one budget that bounds all record bytes in the process. Waiting here
 * is the agent's back pressure. Safe for all threads.
 */
public interface Batches {
  /** An empty batch of the usual size; waits until there is memory, first come, first served. */
  Batch open() throws InterruptedException;

  /**
   * An empty batch of the usual size, or null where there is no memory now or others wait for it:
   * for event loops, which may not wait. Who gets none has a thread wait in {@link #open()}, which
   * has its turn there.
   */
  @org.jspecify.annotations.Nullable
  Batch tryOpen();

  /**
   * An empty batch with room for at least {@code bytes}: for a line longer than a slab.
   *
   * @throws IllegalArgumentException where {@code bytes} is more than the whole budget allows
   *     ({@link #largest})
   */
  Batch open(int bytes) throws InterruptedException;

  /**
   * Counts memory that is not a batch's towards the budget, such as what an output encodes requests
   * into, from when it has it until it lets go. Never waits, and may overdraw the budget: inputs
   * then wait, but that a part of the budget is for batches whatever is counted here.
   *
   * @param bytes negative to give back
   */
  void charge(long bytes);

  /**
   * Whether what is {@linkplain #charge counted} is more than batches leave room for: bodies of
   * requests are better not kept for the next ones then.
   */
  boolean isShort();

  /** The bytes of a usual batch. */
  int usual();

  /** The most that {@link #open(int)} gives. */
  int largest();
}
