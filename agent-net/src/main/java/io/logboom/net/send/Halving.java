package io.logboom.net.send;

import io.logboom.api.plugin.Outcome;
import java.util.Arrays;

/**
 * What follows for the records of a request that was not taken. What is refused as a whole is sent
 * again in halves, at once, until what is refused is a single record. One send at a time.
 */
public final class Halving {
  private final Verdict verdict;
  private final Receiver receiver;
  private final Again again;

  /** Sends some of the records again. */
  @FunctionalInterface
  public interface Again {
    /** Whether it makes sense to go on. */
    boolean send(int[] records) throws InterruptedException;
  }

  public Halving(Verdict verdict, Receiver receiver, Again again) {
    this.verdict = verdict;
    this.receiver = receiver;
    this.again = again;
  }

  /**
   * Judges these records, or sends them again.
   *
   * @param whole what became of the request: any outcome but delivered
   * @param bytes of the request
   * @return whether it makes sense to go on; where it does not, what is open is sent again later
   */
  public boolean failed(Outcome whole, int[] records, long bytes) throws InterruptedException {
    return switch (whole) {
      case Outcome.Retry retry -> {
        verdict.open(retry);
        yield false;
      }
      case Outcome.TooLarge large -> {
        if (records.length == 1) {
          verdict.reject(records[0], large.why());
          yield true;
        }
        receiver.tooLarge(bytes, large.why());
        yield halves(records, large.why());
      }
      case Outcome.Rejected refused -> {
        if (records.length == 1) {
          verdict.suspect(records[0], refused.why());
          yield !verdict.isHopeless();
        }
        yield halves(records, refused.why());
      }
      default -> throw new IllegalStateException("no outcome of a request that failed: " + whole);
    };
  }

  private boolean halves(int[] records, String why) throws InterruptedException {
    int middle = records.length / 2;
    return verdict.mayRepeat(2, why)
        && again.send(Arrays.copyOfRange(records, 0, middle))
        && again.send(Arrays.copyOfRange(records, middle, records.length));
  }
}
