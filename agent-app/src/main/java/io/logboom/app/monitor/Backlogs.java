package io.logboom.app.monitor;

import io.logboom.core.ledger.SourceName;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Source;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the inputs have still to read, by the accounts of its sources: a picture of one moment. */
final class Backlogs {
  private final Map<String, Backlog> bySource = new HashMap<>();

  /**
   * Of one account.
   *
   * @param bytes what is there and has not been read
   * @param nanos for how long the oldest of it has been waiting
   */
  record Backlog(long bytes, long nanos) {
    static final Backlog NONE = new Backlog(0, 0);

    Backlog and(Backlog other) {
      return new Backlog(bytes + other.bytes, Math.max(nanos, other.nanos));
    }
  }

  private Backlogs() {}

  /** Asks all inputs. */
  static Backlogs of(Pipeline pipeline) {
    Backlogs all = new Backlogs();
    for (Source source : pipeline.sources()) {
      source
          .input()
          .backlog(
              (name, bytes, nanos) ->
                  all.bySource.merge(
                      SourceName.of(name).source(), new Backlog(bytes, nanos), Backlog::and));
    }
    return all;
  }

  /** The accounts whose sources an input has open. */
  Set<String> sources() {
    return bySource.keySet();
  }

  /** Of this account; nothing where no input has its source. */
  Backlog of(String source) {
    return bySource.getOrDefault(source, Backlog.NONE);
  }
}
