package io.logboom.app.log;

import ch.qos.logback.classic.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Each distinct warning and error once, with how often, when first and when last; the latest 200 of
 * them. So that errors can be read where the log shows only a summary, or is not kept. Safe for all
 * threads.
 */
final class RecentProblems {
  private static final int MOST = 200;
  private static final int MOST_MESSAGE = 500;

  private final InstantSource clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * One kind of problem.
   *
   * @param message as it read the last time
   */
  record Entry(
      Level level, String component, String message, long times, Instant first, Instant last) {}

  RecentProblems(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void add(Level level, String logger, String message) {
    String shown =
        message.length() > MOST_MESSAGE ? message.substring(0, MOST_MESSAGE) + "..." : message;
    Instant now = clock.instant();
    entries.compute(
        logger + ' ' + kind(shown),
        (_, before) ->
            new Entry(
                level,
                LineFormat.component(logger),
                shown,
                before == null ? 1 : before.times + 1,
                before == null ? now : before.first,
                now));
    if (entries.size() > MOST) {
      var eldest = entries.entrySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** The latest last. */
  synchronized List<Entry> list() {
    return List.copyOf(entries.values());
  }

  /** The message with numbers taken out, so that a counter or a duration makes no new kind. */
  static String kind(String message) {
    StringBuilder out = new StringBuilder(message.length());
    boolean number = false;
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      if (!digit) {
        out.append(c);
      } else if (!number) {
        out.append('#');
      }
      number = digit;
    }
    return out.toString();
  }
}
