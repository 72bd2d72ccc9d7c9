package io.logboom.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * A line of the log: {@code [2026/11/22 08:45:00.123] [ info] [tail] message}, as Fluent Bit writes
 * it.
 */
final class LineFormat {
  private static final int MOST_FRAMES = 20;
  private static final int MOST_CAUSES = 4;
  private static final int MOST_MESSAGE = 4096;
  private static final String OWN = "io.logboom.";

  private final ZoneId zone;

  LineFormat(ZoneId zone) {
    this.zone = zone;
  }

  void head(Instant time, Level level, String logger, StringBuilder out) {
    ZonedDateTime t = time.atZone(zone);
    out.append('[').append(t.getYear()).append('/');
    two(t.getMonthValue(), out).append('/');
    two(t.getDayOfMonth(), out).append(' ');
    two(t.getHour(), out).append(':');
    two(t.getMinute(), out).append(':');
    two(t.getSecond(), out).append('.');
    int millis = t.getNano() / 1_000_000;
    out.append((char) ('0' + millis / 100));
    two(millis % 100, out);
    out.append("] [").append(word(level)).append("] [").append(component(logger)).append("] ");
  }

  void line(ILoggingEvent event, StringBuilder out) {
    head(event.getInstant(), event.getLevel(), event.getLoggerName(), out);
    message(event.getFormattedMessage(), out);
    out.append('\n');
    IThrowableProxy thrown = event.getThrowableProxy();
    for (int i = 0; thrown != null && i < MOST_CAUSES; i++) {
      trace(thrown, i > 0, out);
      thrown = thrown.getCause();
    }
  }

  /** A message is one line: what it quotes may not forge another. */
  static void message(String message, StringBuilder out) {
    int end = Math.min(message.length(), MOST_MESSAGE);
    for (int i = 0; i < end; i++) {
      char c = message.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        default -> out.append(c < ' ' && c != '\t' ? '?' : c);
      }
    }
    if (end < message.length()) {
      out.append("...");
    }
  }

  private static void trace(IThrowableProxy thrown, boolean cause, StringBuilder out) {
    out.append(cause ? "    caused by " : "    ").append(thrown.getClassName());
    if (thrown.getMessage() != null) {
      out.append(": ");
      message(thrown.getMessage(), out);
    }
    out.append('\n');
    StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
    int own = frames.length - thrown.getCommonFrames();
    for (int i = 0; i < Math.min(own, MOST_FRAMES); i++) {
      out.append("        ").append(frames[i].getSTEAsString()).append('\n');
    }
    if (own > MOST_FRAMES) {
      out.append("        ... ").append(own - MOST_FRAMES).append(" more\n");
    }
  }

  /** The plugin's or part's package for our own loggers, the class name for others'. */
  static String component(String logger) {
    int dot = logger.lastIndexOf('.');
    if (dot < 0) {
      return logger;
    }
    if (!logger.startsWith(OWN)) {
      return logger.substring(dot + 1);
    }
    return logger.substring(logger.lastIndexOf('.', dot - 1) + 1, dot);
  }

  private static String word(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "error";
      case Level.WARN_INT -> " warn";
      case Level.INFO_INT -> " info";
      case Level.DEBUG_INT -> "debug";
      default -> "trace";
    };
  }

  private static StringBuilder two(int value, StringBuilder out) {
    return out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
  }
}
