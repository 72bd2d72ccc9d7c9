package io.logboom.api.plugin;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/** What became of one {@link Output#send}. */
public sealed interface Outcome {
  /** All of it arrived. */
  Outcome DELIVERED = new Delivered();

  /** For {@link Retry#notAfter}: as long as the engine thinks fit. */
  Duration ANY_WAIT = Duration.ofDays(1);

  /** All of it arrived, as far as the receiver can tell. */
  record Delivered() implements Outcome {}

  /** All of it was thrown away because the configuration says so. */
  record Discarded(String why) implements Outcome {}

  /**
   * None of it arrived, or nobody knows; another try may succeed.
   *
   * @param why for the log and {@code /readyz}: one short sentence with the address and the answer
   * @param notBefore how long the receiver asked to wait ({@code Retry-After}); zero where it did
   *     not
   * @param notAfter how long to wait at most, however often it failed before: where another try
   *     costs nobody anything, or for a receiver that is there and only asks for patience, so that
   *     it is found out soon when it has room again
   */
  record Retry(String why, Duration notBefore, Duration notAfter) implements Outcome {
    private static final Duration UNREACHED = Duration.ofSeconds(5);

    public Retry(String why, Duration notBefore) {
      this(why, notBefore, ANY_WAIT);
    }

    public Retry(String why) {
      this(why, Duration.ZERO);
    }

    /** There was nobody to send to; whoever comes back is found soon. */
    public static Retry unreached(String why) {
      return new Retry(why, Duration.ZERO, UNREACHED);
    }
  }

  /** The receiver will never take any of it. */
  record Rejected(String why) implements Outcome {}

  /**
   * The unit is too large for the receiver (413): smaller parts may be taken. One record alone that
   * is too large is rejected.
   */
  record TooLarge(String why) implements Outcome {}

  /**
   * Some of it. Records are numbered through the list of batches: the first record of the second
   * batch has the number of the first batch's {@code size()}. What is in neither set arrived.
   *
   * @param retry those to send again
   * @param rejected those that the receiver will never take, each with its reason
   * @param notBefore as for {@link Retry}
   * @param notAfter as for {@link Retry}
   */
  record Mixed(
      BitSet retry, List<Rejection> rejected, String why, Duration notBefore, Duration notAfter)
      implements Outcome {
    public Mixed(BitSet retry, List<Rejection> rejected, String why, Duration notBefore) {
      this(retry, rejected, why, notBefore, ANY_WAIT);
    }
  }

  /** One record that the receiver will never take. */
  record Rejection(int record, String why) {}
}
