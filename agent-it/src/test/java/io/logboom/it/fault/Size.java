package io.logboom.it.fault;

import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large a scenario is: small in every build, full on request.
 *
 * <pre>
 *   ./mvnw -pl agent-it -am verify -Dlogboom.soak -Dit.test=KillLoopIT -Dsurefire.skip -Dlogboom.train.skip=false
 * </pre>
 *
 * <p>Each figure can be set alone, as {@code -Dlogboom.soak.kills=20}.
 */
final class Size {
  private static final Logger LOG = LoggerFactory.getLogger(Size.class);
  private static final boolean FULL = System.getProperty("logboom.soak") != null;

  private Size() {}

  static int of(String name, int small, int full) {
    return Integer.getInteger("logboom.soak." + name, FULL ? full : small);
  }

  static Duration seconds(String name, int small, int full) {
    return Duration.ofSeconds(of(name, small, full));
  }

  /** Says what a scenario measured, for whoever reads the build's output. */
  static void report(String scenario, String format, Object... figures) {
    LOG.info("{}: {}", scenario, String.format(Locale.ROOT, format, figures));
  }
}
