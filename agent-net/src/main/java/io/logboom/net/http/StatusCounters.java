package io.logboom.net.http;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.MeterId;
import io.logboom.api.meter.Meters;

/**
 * Counts requests by what came of them, in the label {@code status}: {@code 2xx}, {@code 4xx},
 * {@code 429}, {@code 5xx}, {@code other}, or {@code none} where there was no answer. All are there
 * from the start.
 */
public final class StatusCounters {
  private final Counter none;
  private final Counter success;
  private final Counter client;
  private final Counter tooMany;
  private final Counter server;
  private final Counter other;

  /**
   * @param id of a counter with the label {@code status}
   */
  public StatusCounters(Meters meters, MeterId id) {
    none = meters.counter(id, "status", "none");
    success = meters.counter(id, "status", "2xx");
    client = meters.counter(id, "status", "4xx");
    tooMany = meters.counter(id, "status", "429");
    server = meters.counter(id, "status", "5xx");
    other = meters.counter(id, "status", "other");
  }

  /**
   * Counts an answer.
   *
   * @param status 0 for none
   */
  public void answered(int status) {
    of(status).add(1);
  }

  private Counter of(int status) {
    if (status == 0) {
      return none;
    }
    if (status == 429) {
      return tooMany;
    }
    return switch (status / 100) {
      case 2 -> success;
      case 4 -> client;
      case 5 -> server;
      default -> other;
    };
  }
}
