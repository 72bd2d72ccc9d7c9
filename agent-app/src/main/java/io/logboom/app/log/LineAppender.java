package io.logboom.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Prints the agent's log through {@link RepeatGuard} and remembers warnings and errors for {@link
 * AgentLog#recent}. Lines of level debug and below are not held back: whoever asks for them wants
 * them.
 */
final class LineAppender extends AppenderBase<ILoggingEvent> {
  private static final int LEVELS = 5;
  private static final long NOTE_NANOS = 10_000_000_000L;

  private final LineFormat format = new LineFormat(ZoneId.systemDefault());
  private final InstantSource clock;
  private final RecentProblems recent;
  private final AtomicLongArray counts = new AtomicLongArray(LEVELS);
  // AppenderBase calls append under its lock; so do the methods here.
  private LogTarget target;
  private final RepeatGuard guard;
  private long notedAt;
  private final StringBuilder text = new StringBuilder(256);

  /** What stays of an event for its summary. */
  private record Example(Level level, String logger, String message) {}

  LineAppender(LogTarget target, InstantSource clock) {
    this.target = target;
    this.clock = clock;
    this.recent = new RecentProblems(clock);
    this.guard = new RepeatGuard(now());
  }

  @Override
  protected void append(ILoggingEvent event) {
    counts.incrementAndGet(index(event.getLevel()));
    text.setLength(0);
    format.line(event, text);
    if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
      summaries();
      boolean problem = event.getLevel().isGreaterOrEqual(Level.WARN);
      String message = event.getFormattedMessage();
      if (problem) {
        recent.add(event.getLevel(), event.getLoggerName(), message);
      }
      String key = event.getLoggerName() + ' ' + (problem ? RecentProblems.kind(message) : message);
      Example example = new Example(event.getLevel(), event.getLoggerName(), message);
      if (guard.see(key, example, lines(text), now()) == RepeatGuard.Verdict.COUNT) {
        return;
      }
    }
    write();
  }

  /** Prints what is due about repeats; called each second, since silence brings no event. */
  synchronized void summaries() {
    say(guard.due(now()));
  }

  /** Changes where lines go. */
  synchronized void target(LogTarget next) {
    LogTarget before = target;
    target = next;
    before.close();
  }

  @Override
  public synchronized void stop() {
    say(guard.rest(now()));
    super.stop();
  }

  RecentProblems recent() {
    return recent;
  }

  long count(Level level) {
    return counts.get(index(level));
  }

  private void say(List<RepeatGuard.Summary> due) {
    boolean note = now() - notedAt >= NOTE_NANOS;
    if (due.isEmpty() && !note) {
      return;
    }
    String pending = text.toString();
    for (RepeatGuard.Summary summary : due) {
      if (!guard.take(1, now())) {
        guard.leaveOut(summary.times());
        continue;
      }
      Example example = (Example) summary.example();
      text.setLength(0);
      format.head(clock.instant(), example.level(), example.logger(), text);
      LineFormat.message(example.message(), text);
      text.append(" (")
          .append(summary.times())
          .append(" more in ")
          .append(summary.seconds())
          .append(" s)\n");
      write();
    }
    long leftOut = note ? guard.takeLeftOut() : 0;
    if (leftOut > 0) {
      notedAt = now();
      text.setLength(0);
      format.head(clock.instant(), Level.WARN, "log", text);
      text.append(leftOut).append(" further messages were held back; see /log\n");
      write();
    }
    text.setLength(0);
    text.append(pending);
  }

  private void write() {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    target.write(bytes, bytes.length);
  }

  private long now() {
    return clock.millis() * 1_000_000L;
  }

  private static int lines(StringBuilder text) {
    int count = 0;
    for (int i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) {
      count++;
    }
    return count;
  }

  private static int index(Level level) {
    return Math.min(LEVELS - 1, Math.max(0, (Level.ERROR_INT - level.toInt()) / 10_000));
  }
}
