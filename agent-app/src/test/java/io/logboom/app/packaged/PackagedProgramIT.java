package io.logboom.app.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged tree's scripts, as a user starts them. */
final class PackagedProgramIT {
  private static final Path HOME =
      Path.of(System.getProperty("logboom.root"), "agent-app", "target", "logboom");
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(directory.resolve("log"));
    Files.writeString(directory.resolve("log/a.log"), "first\nsecond\n");
    Files.writeString(
        directory.resolve("agent.conf"),
        String.format(
            Locale.ROOT,
            """
        [SERVICE]
            Flush         0.2
            storage.path  %1$s/state
            HTTP_Listen   127.0.0.1
            HTTP_Port     0
        [INPUT]
            Name            tail
            Path            %1$s/log/*.log
            Tag             x
            Read_from_Head  on
        [OUTPUT]
            Name    stdout
            Match   *
            Format  json_lines
        """,
            directory));
  }

  @AfterEach
  void clean() throws InterruptedException {
    for (Process each : started) {
      each.destroyForcibly();
      each.waitFor();
    }
  }

  private Process start(String program, String... arguments) throws IOException {
    return start(Map.of(), program, arguments);
  }

  private Process start(Map<String, String> environment, String program, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(HOME.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String text(String name) throws IOException {
    return Files.readString(directory.resolve(name), UTF_8);
  }

  private int exit(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private void awaitLines(int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(text("out").lines()).as(() -> errors()).hasSize(count));
  }

  private String errors() {
    try {
      return text("err");
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void hasTheNativeCryptographyOfThisMachine() throws Exception {
    boolean known = List.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
    start(Map.of(), "logboom", "-c", tlsAndDebug());
    awaitLines(2);
    assertThat(text("err"))
        .contains(known ? "cryptography is native" : "cryptography is Java's own");
  }

  @Test
  void leavesCryptographyToJavaWhereItIsToldTo() throws Exception {
    Map<String, String> off = Map.of("LOGBOOM_JAVA_OPTS", "-Dlogboom.native_crypto=off");
    start(off, "logboom", "-c", tlsAndDebug());
    awaitLines(2);
    assertThat(text("err"))
        .contains("cryptography is Java's own")
        .doesNotContain("cryptography is native");
  }

  private String tlsAndDebug() throws IOException {
    Path file = directory.resolve("tls.conf");
    Files.writeString(
        file,
        text("agent.conf").replace("[INPUT]", "    Log_Level debug\n[INPUT]")
            + "[OUTPUT]\n    Name es\n    Match x\n    Host 127.0.0.1\n    Port 1\n    tls on\n");
    return file.toString();
  }

  @Test
  void deliversAndStopsAtSigtermWithStatusZeroAsOneProcess() throws Exception {
    Process agent = start("fluent-bit", "-c", "agent.conf");
    awaitLines(2);
    assertThat(text("out"))
        .containsPattern("\\{\"date\":[0-9.]+,\"log\":\"first\"}\n")
        .containsPattern("\\{\"date\":[0-9.]+,\"log\":\"second\"}\n");
    assertThat(agent.toHandle().info().command().orElseThrow()).endsWith("/java");
    assertThat(agent.descendants()).isEmpty();

    Files.writeString(directory.resolve("log/b.log"), "third\n");
    awaitLines(3);
    agent.destroy();

    assertThat(exit(agent)).as(() -> errors()).isZero();
    assertThat(text("err")).contains("stopping").doesNotContain("error");
    assertThat(text("out").lines()).hasSize(3);
  }

  @Test
  void goesOnWhereItWasAfterARestart() throws Exception {
    Process agent = start("logboom", "run", "-c", "agent.conf");
    awaitLines(2);
    agent.destroy();
    exit(agent);
    Files.writeString(directory.resolve("log/c.log"), "third\n");
    Process again = start("logboom", "run", "-c", "agent.conf");
    awaitLines(1);
    assertThat(text("out")).contains("third");
    again.destroy();
    assertThat(exit(again)).isZero();
  }

  @Test
  void hangingUpBringsTheConfigurationIntoEffectAgain() throws Exception {
    Assumptions.assumeFalse(
        ignoresHangUps(), "under nohup a program ignores SIGHUP, as all that it starts");
    Process agent = start("logboom", "-c", "agent.conf");
    awaitLines(2);
    hangUp(agent);
    await().atMost(PATIENCE).until(() -> text("err").contains("reloaded: nothing has changed"));
    String good = text("agent.conf");
    replace("agent.conf", good.replace("Match ", "Mtch "));
    hangUp(agent);
    await().atMost(PATIENCE).until(() -> text("err").contains("the one before stays in effect"));
    assertThat(text("err")).contains("agent.conf:13:5: error: unknown option 'mtch'");
    replace("agent.conf", good.replace("json_lines", "json_stream"));
    await().atMost(PATIENCE).until(() -> text("err").contains("reloaded: output stdout.0 changed"));
    Files.writeString(directory.resolve("log/b.log"), "third\n");
    await().atMost(PATIENCE).until(() -> text("out").contains("third"));
    assertThat(agent.isAlive()).isTrue();
    agent.destroy();
    assertThat(exit(agent)).isZero();
  }

  private static boolean ignoresHangUps() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .anyMatch(line -> line.matches("SigIgn:.*[13579bdf]"));
  }

  private static void hangUp(Process agent) throws Exception {
    new ProcessBuilder("kill", "-HUP", Long.toString(agent.pid())).start().waitFor();
  }

  /** As editors and volumes do: at no time is there half a file. */
  private void replace(String name, String text) throws IOException {
    Path next = Files.writeString(directory.resolve(name + ".next"), text);
    Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void worksInTheDirectoryOfItsFlag() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.copy(directory.resolve("agent.conf"), other.resolve("moved.conf"));
    assertThat(exit(start("fluent-bit", "-w", "other", "-c", "moved.conf", "--dry-run"))).isZero();
    assertThat(text("out")).isEqualTo("configuration test is successful\n");
  }

  @Test
  void refusesABrokenConfigurationWithItsPlace() throws Exception {
    Files.writeString(directory.resolve("bad.conf"), "[INPUT]\n    Name tial\n");
    assertThat(exit(start("logboom", "-c", "bad.conf"))).isEqualTo(2);
    assertThat(text("err")).contains("bad.conf:2:10: error: ");
    assertThat(text("out")).isEmpty();
  }

  @Test
  void tellsItsVersionByEitherName() throws Exception {
    assertThat(exit(start("fluent-bit", "--version"))).isZero();
    assertThat(text("out")).startsWith("Logboom v");
    assertThat(exit(start("logboom", "version"))).isZero();
    assertThat(text("out")).startsWith("Logboom v").doesNotContain("vdev");
    assertThat(text("err")).isEmpty();
  }

  @Test
  void takesMoreOptionsForJavaFromTheEnvironment() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(HOME.resolve("bin/logboom").toString(), "version")
            .redirectErrorStream(true);
    builder.environment().put("LOGBOOM_JAVA_OPTS", "-Xmx32m -XX:+PrintCommandLineFlags");
    Process process = builder.start();
    started.add(process);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(exit(process)).isZero();
    assertThat(output).contains("-XX:MaxHeapSize=33554432").contains("-XX:+UseSerialGC");
  }
}
