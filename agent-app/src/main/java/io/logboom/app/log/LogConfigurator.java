package io.logboom.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.InstantSource;
import org.slf4j.Logger;

/**
 * Sets Logback up without a file: found by Logback as a service, at the first logger. Levels and
 * the file are set later, by {@link AgentLog}.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LineAppender appender = new LineAppender(LogTarget.standardError(), InstantSource.system());
    appender.setContext(context);
    appender.setName(AgentLog.APPENDER);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.INFO);
    // Their warnings are the agent's; what they say below that is about themselves.
    for (String library :
        new String[] {
          "io.netty", "io.fabric8", "io.micrometer", "io.prometheus", "software.amazon.awssdk"
        }) {
      context.getLogger(library).setLevel(Level.WARN);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
