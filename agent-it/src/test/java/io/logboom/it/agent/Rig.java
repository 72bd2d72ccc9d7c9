package io.logboom.it.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.node.Container;
import io.logboom.it.node.Node;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;

/** A node with its API server, below a test's directory, and agents that are started on it. */
final class Rig implements AutoCloseable {
  static final String NODE_NAME = "node-1";

  private final Path directory;
  private final ServiceAccount account;
  private final FakeKubernetes kubernetes;
  private final Node node;

  Rig(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
    this.directory = directory;
    this.account = ServiceAccount.in(directory.resolve("serviceaccount"));
    this.kubernetes = FakeKubernetes.started(account.tls()).token(account.token());
    this.node = new Node(directory.resolve("node"));
  }

  Node node() {
    return node;
  }

  /** Lets the API know the container's pod. */
  Container pod(Container container) {
    kubernetes.put(Pods.of(container, NODE_NAME));
    return container;
  }

  /** Example 2 of the packaged program, sending there. */
  AgentProcess.Launch example2(URI elasticsearch) throws IOException {
    Example2 configuration =
        new Example2(
            node.containers(), URI.create(kubernetes.url()), account.directory(), elasticsearch);
    Path work = Files.createDirectories(directory.resolve("agent"));
    return new AgentProcess.Launch(
        home(), configuration.writeTo(work), work, Map.of("NODE_NAME", NODE_NAME));
  }

  /** Fails with its log where the agent has ended. */
  static void assertAlive(AgentProcess agent) throws IOException {
    assertThat(agent.isAlive()).as(agent.log()).isTrue();
  }

  static URI loopback(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The project's directory. */
  static Path root() {
    return Path.of(System.getProperty("logboom.root"));
  }

  /** The packaged tree. */
  static Path home() {
    Path home = root().resolve("agent-app/target/logboom");
    assertThat(AgentProcess.program(home))
        .as("the packaged program; it is made by the package phase of agent-app")
        .isExecutable();
    return home;
  }

  @Override
  public void close() {
    kubernetes.close();
  }
}
