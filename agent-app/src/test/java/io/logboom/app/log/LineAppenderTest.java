package io.logboom.app.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LineAppenderTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final LoggerContext context = new LoggerContext();
  private Instant now = Instant.parse("2026-11-22T08:45:00.123Z");
  private final LineAppender appender = new LineAppender(LogTarget.of(printed), () -> now);
  private final Logger log = context.getLogger("io.logboom.input.tail.Tail");

  @BeforeEach
  void prepare() {
    appender.setContext(context);
    appender.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    log.setLevel(Level.TRACE);
  }

  private List<String> lines() {
    return printed.toString(UTF_8).lines().toList();
  }

  private void pass(Duration time) {
    now = now.plus(time);
    appender.summaries();
  }

  @Test
  void writesLinesAsFluentBitDoes() {
    log.info("started");
    log.warn("a");
    log.error("b");
    log.debug("c");
    assertThat(lines().get(0))
        .matches(
            "\\[\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}] \\[ info] \\[tail] started");
    assertThat(lines().get(1)).endsWith("] [ warn] [tail] a");
    assertThat(lines().get(2)).endsWith("] [error] [tail] b");
    assertThat(lines().get(3)).endsWith("] [debug] [tail] c");
  }

  @Test
  void aRepeatedErrorIsPrintedOnceThenCounted() {
    for (int i = 0; i < 1000; i++) {
      log.error("cannot connect to {}, {} tries", "es:9200", i);
      now = now.plusMillis(5);
    }
    pass(Duration.ofSeconds(6));
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0)).endsWith("cannot connect to es:9200, 0 tries");
    assertThat(lines().get(1)).endsWith("cannot connect to es:9200, 0 tries (999 more in 11 s)");
  }

  @Test
  void summariesBecomeRarerAndAQuietMessageIsNewsAgain() {
    for (int i = 0; i < 600; i++) {
      log.warn("again");
      pass(Duration.ofSeconds(1));
    }
    assertThat(lines().size()).isBetween(5, 8);
    pass(Duration.ofMinutes(6));
    pass(Duration.ofMinutes(6));
    int before = lines().size();
    log.warn("again");
    assertThat(lines()).hasSize(before + 1);
    assertThat(lines().getLast()).endsWith("again");
  }

  @Test
  void differentMessagesAreBoundedTogether() {
    int seconds = 120;
    for (int i = 0; i < seconds * 100; i++) {
      log.error(
          "file {} is gone",
          Integer.toString(i, 36).replaceAll("[0-9]", "x")
              + "-"
              + (char) ('a' + i % 26)
              + "q".repeat(i % 97));
      now = now.plusMillis(10);
    }
    pass(Duration.ofSeconds(1));
    assertThat(lines().size()).isLessThanOrEqualTo(10 * seconds);
    assertThat(lines().stream().filter(l -> l.contains("further messages were held back")).count())
        .isBetween(5L, 13L);
  }

  @Test
  void debugLinesAreNotHeldBack() {
    for (int i = 0; i < 500; i++) {
      log.debug("same");
    }
    assertThat(lines()).hasSize(500);
  }

  @Test
  void aMessageCannotForgeALine() {
    log.warn("read {}", "x\n[2026/11/22 08:45:00.000] [error] [es] forged\r\u001b[31m");
    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst()).contains("x\\n[2026").doesNotContain("\u001b");
  }

  @Test
  void aFailureIsPrintedWithItsCauses() {
    log.error("failed", new IllegalStateException("outer", new IOException("inner")));
    assertThat(lines().get(0)).endsWith("failed");
    assertThat(lines().get(1)).isEqualTo("    java.lang.IllegalStateException: outer");
    assertThat(lines()).contains("    caused by java.io.IOException: inner");
    assertThat(lines().size()).isLessThan(30);
  }

  @Test
  void keepsEachDistinctProblemWithItsCount() {
    log.warn("slow answer, {} ms", 100);
    log.warn("slow answer, {} ms", 200);
    log.info("not a problem");
    assertThat(appender.recent().list())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.message()).isEqualTo("slow answer, 200 ms");
              assertThat(entry.times()).isEqualTo(2);
            });
    assertThat(appender.count(Level.WARN)).isEqualTo(2);
    assertThat(appender.count(Level.INFO)).isEqualTo(1);
  }

  @Test
  void saysAtTheEndWhatItHasCounted() {
    log.warn("x");
    log.warn("x");
    appender.stop();
    assertThat(lines().getLast()).endsWith("x (1 more in 1 s)");
  }

  @Test
  void namesThePluginOfALogger() {
    assertThat(LineFormat.component("io.logboom.output.elasticsearch.Bulk"))
        .isEqualTo("elasticsearch");
    assertThat(LineFormat.component("io.netty.channel.DefaultChannelPipeline"))
        .isEqualTo("DefaultChannelPipeline");
    assertThat(LineFormat.component("tail")).isEqualTo("tail");
  }
}
