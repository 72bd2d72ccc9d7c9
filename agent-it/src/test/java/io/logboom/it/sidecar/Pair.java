package io.logboom.it.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.agent.Example2;
import io.logboom.it.agent.ServiceAccount;
import io.logboom.it.node.Node;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import io.logboom.testkit.kubernetes.FakePod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A pod with an application's directory, the agent beside it with the configuration of a well-known
 * description of the pattern, and the agent of its node with the one of the same description.
 */
final class Pair implements AutoCloseable {
  static final String NODE = "node-1";
  static final String UID = "0a1b2c3d-1234-5678-9abc-def012345678";

  /** Example 1 tells what the sidecar's configuration is to do, and Example 3 shows the output. */
  private static final String SIDECAR =
      """
      [INPUT]
          Name          tail
          Path          /var/log/app/*.log

      [OUTPUT]
          Name          forward
          Match         *
          Host          ${FLUENT_BIT_DAEMON_HOST}
          Port          24224
      """;

  /** What Example 3 asks of the daemon of Example 2. */
  private static final String LISTENING =
      """

      [INPUT]
          Name          forward
          Listen        127.0.0.1
          Port          24224
          Tag_Prefix    kube.
      """;

  private final Path directory;
  private final ServiceAccount account;
  private final FakeKubernetes kubernetes;
  private final Node node;
  private final URI elasticsearch;
  private final String port;

  Pair(Path directory, URI elasticsearch) throws Exception {
    this.directory = directory;
    this.elasticsearch = elasticsearch;
    this.account = ServiceAccount.in(directory.resolve("serviceaccount"));
    this.kubernetes = FakeKubernetes.started(account.tls()).token(account.token());
    this.node = new Node(directory.resolve("node"));
    this.port = Integer.toString(freePort());
    kubernetes.put(
        FakePod.named("shop", "my-app", UID)
            .node(NODE)
            .ip("127.0.0.1")
            .label("app", "my-app")
            .container("app", "my-registry.io/my-app:latest", "sha256:app", "a".repeat(64))
            .container("log-sidecar", "logboom:0.1.0", "sha256:sidecar", "b".repeat(64)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The application's file. */
  Path log() {
    return directory.resolve("app/app.log");
  }

  /** What the application's wrapper leaves behind. */
  Path done() {
    return directory.resolve("app/.done");
  }

  AgentProcess.Launch daemon() throws IOException {
    Path work = Files.createDirectories(directory.resolve("daemon"));
    Example2 published =
        new Example2(
            node.containers(), URI.create(kubernetes.url()), account.directory(), elasticsearch);
    String text = published.text() + LISTENING.replace("24224", port);
    Path configuration = Files.writeString(work.resolve("fluent-bit.conf"), text);
    return new AgentProcess.Launch(home(), configuration, work, Map.of("NODE_NAME", NODE));
  }

  AgentProcess.Launch sidecar() throws IOException {
    return sidecar(SIDECAR);
  }

  /** With a tag that says which pod and container it is. */
  AgentProcess.Launch sidecarWithIdentity() throws IOException {
    String tag = "    Tag           ${POD_NAMESPACE}_${POD_NAME}_${POD_UID}.app.*";
    return sidecar(SIDECAR.replace("    Path ", tag + "\n    Path "));
  }

  private AgentProcess.Launch sidecar(String text) throws IOException {
    Path work = Files.createDirectories(directory.resolve("sidecar"));
    String here =
        text.replace("24224", port).replace("/var/log/app/", directory.resolve("app") + "/");
    Path configuration = Files.writeString(work.resolve("fluent-bit.conf"), here);
    return new AgentProcess.Launch(
        home(),
        configuration,
        work,
        Map.of(
            "FLUENT_BIT_DAEMON_HOST",
            "127.0.0.1",
            "POD_NAMESPACE",
            "shop",
            "POD_NAME",
            "my-app",
            "POD_UID",
            UID));
  }

  private static Path home() {
    Path home = Path.of(System.getProperty("logboom.root"), "agent-app/target/logboom");
    assertThat(AgentProcess.program(home)).isExecutable();
    return home;
  }

  @Override
  public void close() {
    kubernetes.close();
  }
}
