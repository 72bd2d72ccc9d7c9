package io.logboom.output.http;

import io.logboom.output.http.HttpConfig.Statuses;
import java.util.List;

/** What each status means. */
final class StatusClasses {
  /** The fate of the records of a request. */
  enum Fate {
    TAKEN,
    AGAIN,
    REFUSED,
    /** Smaller requests may be taken. */
    TOO_LARGE
  }

  private final HttpConfig.Answers configured;

  StatusClasses(HttpConfig.Answers configured) {
    this.configured = configured;
  }

  Fate of(int status) {
    if (has(configured.success(), status)) {
      return Fate.TAKEN;
    }
    if (has(configured.retry(), status)) {
      return Fate.AGAIN;
    }
    if (has(configured.reject(), status)) {
      return Fate.REFUSED;
    }
    return switch (status) {
      case 401, 403, 404, 405, 407, 408, 421, 423, 425, 429 -> Fate.AGAIN;
      case 413 -> Fate.TOO_LARGE;
      default ->
          status >= 200 && status < 300
              ? Fate.TAKEN
              : status >= 400 && status < 500 ? Fate.REFUSED : Fate.AGAIN;
    };
  }

  /** Whether patience does not help: somebody has to mend the configuration, or the receiver. */
  static boolean isForOperator(int status) {
    return switch (status) {
      case 408, 421, 423, 425, 429 -> false;
      default -> status >= 300 && status < 500;
    };
  }

  static boolean has(List<Statuses> statuses, int status) {
    for (Statuses each : statuses) {
      if (each.has(status)) {
        return true;
      }
    }
    return false;
  }
}
