package io.logboom.it.demo;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.agent.Example2;
import io.logboom.it.agent.Pods;
import io.logboom.it.agent.ServiceAccount;
import io.logboom.it.node.Container;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Node;
import io.logboom.it.node.Rotation;
import io.logboom.it.search.Search;
import io.logboom.testkit.elasticsearch.OpenSearchServer;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

/**
 * All that the demonstration consists of, running: a backend, an API, a node with containers, the
 * agent.
 */
final class Stage implements AutoCloseable {
  private static final Rotation ROTATION = Rotation.renaming(64 * 1024, 5);
  private static final String NODE = "node-1";
  private static final Duration START = Duration.ofSeconds(60);

  /** One container of the cast. */
  private record Role(String namespace, String pod, String name, Program program, int rate) {}

  private static final List<Role> CAST =
      List.of(
          new Role("kube-system", "node-agent-8k2xw", "agent", Program.PLAIN, 20),
          new Role("payments", "ledger-7c9d8f6b5-qk4zt", "ledger", Program.JAVA, 60),
          new Role("payments", "notifier-58cdb9f4d-2hj7l", "notifier", Program.JSON, 40),
          new Role("shop", "cart-6f7b8c9d5-mm8rp", "cart", Program.JSON, 100),
          new Role("shop", "checkout-5d4f6c7b8-xv2wd", "checkout", Program.JSON, 60),
          new Role("shop", "storefront-9b8c7d6f5-t6nqs", "nginx", Program.ACCESS, 160));

  private final Deque<AutoCloseable> open;
  private final List<Workload> workloads;
  private final URI opensearch;
  private final AgentProcess agent;
  private volatile boolean closed;

  private Stage(
      Deque<AutoCloseable> open, List<Workload> workloads, URI opensearch, AgentProcess agent) {
    this.open = open;
    this.workloads = workloads;
    this.opensearch = opensearch;
    this.agent = agent;
  }

  /**
   * Starts everything, or nothing.
   *
   * @param root the project's directory
   * @param keepKeys whether to remember each line that is written
   */
  static Stage set(Path root, boolean keepKeys) throws Exception {
    Deque<AutoCloseable> open = new ArrayDeque<>();
    try {
      return set(open, root, keepKeys);
    } catch (Exception e) {
      closeAll(open);
      throw e;
    }
  }

  private static Stage set(Deque<AutoCloseable> open, Path root, boolean keepKeys)
      throws Exception {
    Path directory = fresh(root.resolve("agent-it/target/demo"));
    OpenSearchServer server = OpenSearchServer.start(directory.resolve("opensearch"));
    open.push(server);
    ServiceAccount account = ServiceAccount.in(directory.resolve("serviceaccount"));
    FakeKubernetes kubernetes = FakeKubernetes.started(account.tls()).token(account.token());
    open.push(kubernetes);
    Node node = new Node(directory.resolve("node"));
    List<Workload> workloads = new ArrayList<>();
    for (Role role : CAST) {
      Container container = Container.of(role.namespace(), role.pod(), role.name());
      kubernetes.put(Pods.of(container, NODE));
      Workload workload =
          new Workload(
              container,
              role.program(),
              node.start(container, LogFormat.CRI, ROTATION),
              role.rate(),
              keepKeys,
              new Random(role.pod().hashCode()));
      open.push(workload);
      workloads.add(workload);
    }
    Example2 configuration =
        new Example2(
            node.containers(), URI.create(kubernetes.url()), account.directory(), server.uri());
    AgentProcess.Launch launch =
        new AgentProcess.Launch(
            root.resolve("agent-app/target/logboom"),
            configuration.writeTo(directory),
            directory,
            Map.of("NODE_NAME", NODE));
    AgentProcess agent = launch.start();
    open.push(agent);
    // What was rotated away before an agent first saw the node is nobody's loss, so nobody logs
    // yet.
    Awaitility.await("the agent to start")
        .atMost(START)
        .until(() -> !agent.isAlive() || agent.answers("/readyz"));
    workloads.forEach(Workload::start);
    return new Stage(open, workloads, server.uri(), agent);
  }

  /** Empties the directory; what the last demonstration left is there until the next. */
  private static Path fresh(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> old = Files.walk(directory)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    return Files.createDirectories(directory);
  }

  AgentProcess agent() {
    return agent;
  }

  URI opensearch() {
    return opensearch;
  }

  Search search() {
    return new Search(opensearch);
  }

  List<Workload> workloads() {
    return workloads;
  }

  /** Lines written so far by all containers. */
  long written() {
    return workloads.stream().mapToLong(Workload::lines).sum();
  }

  int rotations() {
    return workloads.stream().mapToInt(Workload::rotations).sum();
  }

  /** Lets the containers end; what they wrote is in their files. */
  void stopWriting() {
    workloads.forEach(Workload::close);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeAll(open);
  }

  /** The last opened first; a part that will not close does not keep the others open. */
  private static void closeAll(Deque<AutoCloseable> open) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        LoggerFactory.getLogger(Stage.class).debug("a part did not close", e);
      }
    }
  }
}
