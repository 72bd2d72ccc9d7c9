package io.logboom.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.logboom.core.config.ServiceConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's log as the program steers it: level, file, what was said. */
public final class AgentLog {
  static final String APPENDER = "agent";

  private final LoggerContext context;
  private final LineAppender appender;

  private AgentLog(LoggerContext context, LineAppender appender) {
    this.context = context;
    this.appender = appender;
  }

  /** The log of this process. */
  public static AgentLog get() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context
        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(APPENDER)
            instanceof LineAppender appender) {
      return new AgentLog(context, appender);
    }
    throw new IllegalStateException("logging was set up by something else: " + factory);
  }

  /** Sets the level by Fluent Bit's words: off, error, warn, info, debug, trace. */
  public void level(String word) {
    Level level =
        switch (word.toLowerCase(Locale.ROOT)) {
          case "off" -> Level.OFF;
          case "error" -> Level.ERROR;
          case "warn", "warning" -> Level.WARN;
          case "info" -> Level.INFO;
          case "debug" -> Level.DEBUG;
          case "trace" -> Level.TRACE;
          default -> throw new IllegalArgumentException("not a log level: " + word);
        };
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
  }

  /**
   * Sets level and file as the configuration says. A file that is open already is opened anew.
   *
   * @throws IOException where the file cannot be written to; lines go where they went before
   */
  public void set(ServiceConfig service) throws IOException {
    level(service.logLevel().name());
    Path file = service.logFile();
    appender.target(file == null ? LogTarget.standardError() : LogTarget.file(file));
  }

  /** Prints what is due about repeated messages. To be called about each second. */
  public void tick() {
    appender.summaries();
  }

  /** Prints what is left to say. */
  public void close() {
    appender.stop();
  }

  /** How many lines of the level ({@code error}, {@code warn} ...) the agent has logged. */
  public long count(String level) {
    return appender.count(Level.toLevel(level));
  }

  /** Each distinct warning and error, the latest last, as lines of text. */
  public String recent() {
    StringBuilder out = new StringBuilder();
    for (RecentProblems.Entry entry : appender.recent().list()) {
      out.append(DateTimeFormatter.ISO_INSTANT.format(entry.last()))
          .append(' ')
          .append(entry.level().toString().toLowerCase(Locale.ROOT))
          .append(" [")
          .append(entry.component())
          .append("] ");
      LineFormat.message(entry.message(), out);
      if (entry.times() > 1) {
        out.append(" (")
            .append(entry.times())
            .append(" times since ")
            .append(DateTimeFormatter.ISO_INSTANT.format(entry.first()))
            .append(')');
      }
      out.append('\n');
    }
    return out.toString();
  }
}
