package io.logboom.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which credentials there are, whether they can be used, and when others are to be fetched:
 *
 * <pre>
 *   fetched ─────────────────────────────► due ───────────► end
 *             half of their life, or all       what fails is
 *             but the last ten minutes         tried again
 * </pre>
 *
 * Not safe for several threads.
 */
final class Renewal {
  /** How long before their end credentials are renewed, at most; less a random tenth of it. */
  private static final Duration MOST_AHEAD = Duration.ofMinutes(10);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration NEVER = Duration.ofDays(1);

  private @Nullable Credentials present;
  private @Nullable Instant since;
  private @Nullable Instant due = Instant.MIN;
  private boolean refused;
  private Duration pause = Duration.ZERO;
  private Instant stubbornUntil = Instant.MIN;
  private Duration stubbornPause = Duration.ZERO;
  private boolean endless;

  /** When the credentials were first fetched. */
  @Nullable Instant since() {
    return since;
  }

  /** What can be used now. */
  @Nullable Credentials usable(Instant now) {
    Credentials all = present;
    if (all == null || refused) {
      return null;
    }
    Instant end = all.expiry();
    return end == null || endless || now.isBefore(end) ? all : null;
  }

  /** Whether a try has failed and the next is not yet due. */
  boolean isWaiting(Instant now) {
    return pause.isPositive() && untilDue(now).isPositive();
  }

  Duration untilDue(Instant now) {
    Instant at = due;
    if (at == null) {
      return NEVER;
    }
    return at.equals(Instant.MIN) ? Duration.ZERO : Duration.between(now, at);
  }

  /**
   * Credentials have come.
   *
   * @return whether they are others than before
   */
  boolean fetched(Credentials fetched, Instant now) {
    Credentials before = present;
    boolean same = before != null && before.isSame(fetched);
    if (same && refused) {
      // The place has no others: to ask again at each refusal would not help.
      stubbornPause = next(stubbornPause);
      stubbornUntil = now.plus(stubbornPause);
    } else if (!same) {
      stubbornPause = Duration.ZERO;
      stubbornUntil = Instant.MIN;
    }
    if (!same || since == null) {
      since = now;
    }
    present = fetched;
    refused = false;
    pause = Duration.ZERO;
    Instant end = fetched.expiry();
    // By this machine's clock they ended before they came: that clock is wrong, or the place's.
    endless = end != null && !end.isAfter(now);
    if (end == null) {
      due = null;
    } else if (endless) {
      due = now.plus(Duration.ofMinutes(1));
    } else {
      Duration left = Duration.between(now, end);
      due = same ? now.plus(within(left.dividedBy(4), LONGEST_PAUSE)) : end.minus(ahead(left));
    }
    return !same;
  }

  private static Duration ahead(Duration left) {
    Duration half = left.dividedBy(2);
    long most = (half.compareTo(MOST_AHEAD) < 0 ? half : MOST_AHEAD).toMillis();
    return Duration.ofMillis(most - ThreadLocalRandom.current().nextLong(most / 10 + 1));
  }

  /** None have come. */
  void failed(Instant now) {
    pause = next(pause);
    Duration wait = pause;
    Credentials usable = usable(now);
    if (usable != null && usable.expiry() != null && !endless) {
      wait = within(Duration.between(now, usable.expiry()).dividedBy(4), pause);
    }
    due = now.plus(wait);
  }

  /**
   * A service refused these.
   *
   * @return whether that is news, and others are to be fetched now
   */
  boolean rejected(Credentials used, Instant now) {
    Credentials all = present;
    if (all == null || refused || !all.isSame(used) || now.isBefore(stubbornUntil)) {
      return false;
    }
    refused = true;
    due = Instant.MIN;
    pause = Duration.ZERO;
    return true;
  }

  private static Duration next(Duration pause) {
    Duration twice = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private static Duration within(Duration wait, Duration most) {
    Duration bounded = wait.compareTo(most) > 0 ? most : wait;
    return bounded.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : bounded;
  }
}
