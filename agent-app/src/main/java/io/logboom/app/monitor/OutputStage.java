package io.logboom.app.monitor;

import io.logboom.core.delivery.Delivery;
import io.logboom.core.ledger.OutputAccount;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An output gets on as long as its receiver answers: takes records, or refuses them for good. That
 * records are given up, dropped or spooled is no step forward.
 */
final class OutputStage extends Stage {
  /** What has been given up for so long, with nothing after it, is forgotten. */
  static final Duration MEMORY = Duration.ofMinutes(1);

  private final Delivery delivery;
  private final OutputAccount account;
  private long answers;
  private long offersAnswered;
  private long offers;
  private long wantedAt;

  OutputStage(Delivery delivery, OutputAccount account) {
    super("output " + delivery.stats().name());
    this.delivery = delivery;
    this.account = account;
    this.answers = account.answers();
    this.offersAnswered = account.offers();
    this.offers = offersAnswered;
  }

  Delivery delivery() {
    return delivery;
  }

  @Override
  boolean isHeldUp(long now) {
    long answersNow = account.answers();
    long offersNow = account.offers();
    boolean waits = account.outstanding() > 0;
    if (answersNow != answers) {
      answers = answersNow;
      offersAnswered = offersNow;
      return false;
    }
    if (waits || offersNow != offers) {
      wantedAt = now;
    } else if (now - wantedAt >= MEMORY.toNanos()) {
      offersAnswered = offersNow;
    }
    offers = offersNow;
    return waits || offersNow != offersAnswered;
  }

  @Override
  @Nullable String reason() {
    String letters = delivery.stats().lettersProblem();
    if (letters != null) {
      return "the dead letters cannot be written: " + letters;
    }
    String problem = delivery.stats().problem();
    return problem == null ? "the receiver does not answer" : problem;
  }
}
