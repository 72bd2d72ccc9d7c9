package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Container;
import io.logboom.it.node.ContainerLog;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Node;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.BulkSink;
import io.logboom.it.sink.Sequences;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.awaitility.core.ConditionFactory;

/**
 * A test stand: a node whose containers log numbered lines, a sink that knows which have arrived,
 * and agents between them, one after another, with one state.
 */
final class Stand implements AutoCloseable {
  /** For what takes moments on any machine that is not stuck. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final Node node;
  private final Sequences seen = new Sequences();
  private final BulkSink sink;
  private final List<AgentProcess> agents = new ArrayList<>();
  private final Path state;
  private final Setup setup;
  private volatile Consumer<byte[]> tap = document -> {};

  Stand(Path directory) throws IOException {
    this(directory, directory.resolve("state"));
  }

  /**
   * @param state where the agent keeps what must survive
   */
  Stand(Path directory, Path state) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.state = state;
    this.node = new Node(directory.resolve("node"));
    this.sink =
        new BulkSink(
            document -> {
              seen.note(document);
              tap.accept(document);
            });
    this.setup = setup();
  }

  /** Also gives each document that arrives to this one. */
  void tap(Consumer<byte[]> documents) {
    tap = documents;
  }

  /** A configuration without outputs, for this node. */
  Setup setup() {
    return new Setup(node.containers().resolve("*.log").toString())
        .service("state_dir", state.toString());
  }

  /** The configuration that {@link #start} writes: at first one output, {@code sink}. */
  Setup usual() {
    return setup.output("sink", sink.port());
  }

  BulkSink sink() {
    return sink;
  }

  Sequences seen() {
    return seen;
  }

  /** What the agent keeps. */
  Path state() {
    return state;
  }

  /** Where the spool of an output is. */
  Path spool(String output) {
    return state().resolve("outputs").resolve(output).resolve("spool");
  }

  /** Where the tail input remembers its positions. */
  Path checkpoint() {
    return state().resolve("inputs/tail.0/positions");
  }

  /** What the agents have printed. */
  Path agentLog() {
    return directory.resolve("agent.log");
  }

  /** What {@link #launch} writes. */
  Path configuration() {
    return directory.resolve("logboom.yaml");
  }

  AgentProcess.Launch launch(Setup configuration) throws IOException {
    Files.writeString(configuration(), configuration.yaml());
    return new AgentProcess.Launch(home(), configuration(), directory, Map.of());
  }

  /** Starts an agent; returns at once. It is gone when the stand is closed. */
  AgentProcess launchAgent(Setup configuration) throws IOException {
    AgentProcess agent = launch(configuration).start();
    agents.add(agent);
    return agent;
  }

  /** Starts an agent and waits until it is at work. */
  AgentProcess start(Setup configuration) throws IOException {
    AgentProcess agent = launchAgent(configuration);
    waiting(agent).until(() -> agent.answers("/livez"));
    return agent;
  }

  /** Waits with patience, but not for an agent that has ended. */
  static ConditionFactory waiting(AgentProcess agent) {
    return waiting(agent, PATIENCE);
  }

  static ConditionFactory waiting(AgentProcess agent, Duration patience) {
    return await()
        .atMost(patience)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(IOException.class)
        .failFast(() -> assertAlive(agent));
  }

  /** Fails with the end of its log where the agent has ended. */
  static void assertAlive(AgentProcess agent) throws IOException {
    if (!agent.isAlive()) {
      throw new AssertionError("the agent has ended:\n" + tail(agent.log()));
    }
  }

  /** Lets time pass: what an agent does meanwhile is its own affair. */
  static void letBe(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    while (until - System.nanoTime() > 0) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  /** A container's log. One prefix names one container. */
  ContainerLog log(String prefix, Rotation rotation) throws IOException {
    Container container = Container.of("shop", prefix + "-7d9c5b6f4-abcde", "web");
    return node.start(container, LogFormat.CRI, rotation);
  }

  /** A container that logs numbered lines; not yet started. */
  SequenceWriter writer(String prefix, long lines, double linesPerSecond, int bytes)
      throws IOException {
    return writer(prefix, lines, linesPerSecond, bytes, Rotation.NONE);
  }

  SequenceWriter writer(
      String prefix, long lines, double linesPerSecond, int bytes, Rotation rotation)
      throws IOException {
    return new SequenceWriter(log(prefix, rotation), prefix, lines, linesPerSecond, bytes);
  }

  /** Waits until all lines of the prefix have arrived, and says which are missing if not. */
  void awaitAll(AgentProcess agent, Duration patience, String prefix, long lines)
      throws IOException {
    try {
      waiting(agent, patience).until(() -> seen.distinct(prefix) >= lines);
    } catch (RuntimeException e) {
      throw new AssertionError(
          prefix
              + ": "
              + seen.missing(prefix, lines)
              + " of "
              + lines
              + " are missing, the first is "
              + seen.firstMissing(prefix, lines)
              + "\n"
              + tail(agent.log()),
          e);
    }
    assertThat(seen.firstMissing(prefix, lines)).as(prefix).isEqualTo(-1);
  }

  private static String tail(String log) {
    return log.substring(Math.max(0, log.length() - 8_000));
  }

  /** The project's directory. */
  static Path root() {
    return Path.of(System.getProperty("logboom.root"));
  }

  private static Path home() {
    Path home = root().resolve("agent-app/target/logboom");
    assertThat(AgentProcess.program(home))
        .as("the packaged program; it is made by the package phase of agent-app")
        .isExecutable();
    return home;
  }

  /**
   * The bytes of all files below a directory, in which files come and go; 0 where there is none.
   */
  static long bytesBelow(Path directory) throws IOException {
    AtomicLong bytes = new AtomicLong();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes.addAndGet(attributes.isRegularFile() ? attributes.size() : 0);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes.get();
  }

  @Override
  public void close() throws IOException {
    try {
      for (AgentProcess agent : agents) {
        agent.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sink.close();
    }
  }
}
