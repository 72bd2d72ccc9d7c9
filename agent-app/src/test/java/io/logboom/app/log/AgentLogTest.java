package io.logboom.app.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class AgentLogTest {
  private static final Logger LOG = LoggerFactory.getLogger(AgentLogTest.class);

  @AfterEach
  void reset() {
    AgentLog.get().level("info");
  }

  @Test
  void logbackIsSetUpInCode() {
    assertThat(LOG.isInfoEnabled()).isTrue();
    assertThat(LOG.isDebugEnabled()).isFalse();
  }

  @Test
  void takesFluentBitsWordsForLevels() {
    AgentLog log = AgentLog.get();
    log.level("debug");
    assertThat(LOG.isDebugEnabled()).isTrue();
    log.level("Warning");
    assertThat(LOG.isInfoEnabled()).isFalse();
    assertThat(LOG.isWarnEnabled()).isTrue();
    log.level("off");
    assertThat(LOG.isErrorEnabled()).isFalse();
    assertThatThrownBy(() -> log.level("loud")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsRecentProblemsAsText() {
    long before = AgentLog.get().count("warn");
    LOG.warn("a problem of this test, {}", 1);
    LOG.warn("a problem of this test, {}", 2);
    assertThat(AgentLog.get().recent()).contains("[log] a problem of this test, 2 (2 times since ");
    assertThat(AgentLog.get().count("warn")).isEqualTo(before + 2);
  }
}
