package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The input with its threads, as the engine runs it. */
class TailThreadsTest {
  @TempDir Path dir;

  private Tail tail(TestContext context, Map<String, String> environment, String... options)
      throws Exception {
    return new Tail(Binder.bind(TailConfig.class, options), context, System::nanoTime, environment);
  }

  private TestContext context() {
    return new TestContext(dir.resolve("state"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "off"})
  void followsAContainerThatAppearsWhereThereWasNoDirectory(String inotify) throws Exception {
    TestContext context = context();
    TestIntake intake = new TestIntake(context, true);
    String pattern = dir + "/var/containers/*.log";
    try (Tail tail =
        tail(context, Map.of(), "path", pattern, "parser", "cri", "inotify_watcher", inotify)) {
      tail.start(intake);
      await().until(() -> Files.exists(dir.resolve("state/positions")));
      for (int i = 0; i < 5; i++) {
        appear(i);
        int expected = i + 1;
        await().atMost(Duration.ofSeconds(10)).until(() -> intake.count() == expected);
      }
      tail.quiesce();
    }
    assertThat(context.testBatches().used()).isZero();
  }

  private void appear(int i) throws IOException {
    LogFile log = new LogFile(dir.resolve("var/pods/shop_web-" + i + "/c/0.log"));
    Path links = Files.createDirectories(dir.resolve("var/containers"));
    Files.createSymbolicLink(links.resolve("web-" + i + ".log"), log.path());
    log.cri("hello " + i);
  }

  @Test
  void seesANewFileWithoutWaitingForTheNextScan() throws Exception {
    TestContext context = context();
    TestIntake intake = new TestIntake(context, true);
    Files.createDirectories(dir.resolve("logs"));
    try (Tail tail =
        tail(context, Map.of(), "path", dir + "/logs/*.log", "refresh_interval", "3600")) {
      tail.start(intake);
      await().until(() -> Files.exists(dir.resolve("state/positions")));
      long before = System.nanoTime();
      Files.writeString(dir.resolve("logs/a.log"), "x\n");
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(() -> context.meters().count(TailMeter.FILES_OPENED) == 1);
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before)).isLessThan(2000);
      await().until(() -> intake.count() == 1);
    }
  }

  @Test
  void leavesItsOwnLogAlone() throws Exception {
    TestContext context = context();
    TestIntake intake = new TestIntake(context, true);
    Path logs = Files.createDirectories(dir.resolve("containers"));
    Files.writeString(logs.resolve("agent-x1_logging_agent-abc.log"), "own\n");
    Files.writeString(logs.resolve("web-1_shop_web-abc.log"), "other\n");
    Map<String, String> environment = Map.of("HOSTNAME", "agent-x1");
    try (Tail tail = tail(context, environment, "path", logs + "/*.log")) {
      tail.start(intake);
      await().until(() -> intake.count() == 1);
      tail.quiesce();
    }
    assertThat(intake.entries().getFirst().json()).contains("other");
  }

  @Test
  void startsNoThreadBeforeStartAndLeavesNoneBehind() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    TestContext context = context();
    Tail tail = tail(context, Map.of(), "path", dir + "/*.log");
    assertThat(Thread.getAllStackTraces().keySet())
        .allMatch(t -> !t.getName().startsWith("test.0"));
    tail.start(new TestIntake(context, true));
    tail.quiesce();
    tail.close();
    tail.close();
    assertThat(before).noneMatch(t -> t.getName().startsWith("test.0"));
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().startsWith("test.0"));
  }

  @Test
  void closesWithoutStart() throws Exception {
    tail(context(), Map.of(), "path", dir + "/*.log").close();
    assertThat(dir.resolve("state/positions")).doesNotExist();
  }

  @Test
  void stopsWhileItWaitsForMemory() throws Exception {
    TestContext context = new TestContext(dir.resolve("state"), 4096, 16384);
    TestIntake intake = new TestIntake(context, false);
    Files.writeString(dir.resolve("a.log"), "x".repeat(99).concat("\n").repeat(10_000));
    try (Tail tail = tail(context, Map.of(), "path", dir + "/*.log")) {
      tail.start(intake);
      await().until(() -> intake.heldBatches() >= 3);
      tail.quiesce();
    }
    assertThat(intake.count()).isLessThan(10_000);
  }
}
