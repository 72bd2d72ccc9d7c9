package io.logboom.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.logboom.it.agent.Example2;
import io.logboom.it.agent.Pods;
import io.logboom.it.agent.ServiceAccount;
import io.logboom.it.node.Container;
import io.logboom.it.node.ContainerLog;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Node;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.BulkSink;
import io.logboom.it.sink.Sequences;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The image as users run it. Needs a Docker engine and the Dockerfile's base images:
 * LOGBOOM_IMAGE_JDK and LOGBOOM_IMAGE_BASE name others where the official ones cannot be had
 * ({@code .ci/engine} does).
 */
@Timeout(600)
class ImageIT {
  private static final Path ROOT = Path.of(System.getProperty("logboom.root"));
  private static final long MEMORY = 128L << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static ImageFromDockerfile image;

  @TempDir Path directory;

  @BeforeAll
  static void describeTheImage() {
    boolean engine = DockerClientFactory.instance().isDockerAvailable();
    assumeThat(engine).as("a Docker engine answers").isTrue();
    image =
        new ImageFromDockerfile("logboom-it", false)
            .withFileFromPath("Dockerfile", ROOT.resolve("Dockerfile"))
            .withFileFromPath("agent-app/target/logboom", ROOT.resolve("agent-app/target/logboom"))
            .withFileFromPath("deploy/image", ROOT.resolve("deploy/image"));
    base("JDK", "LOGBOOM_IMAGE_JDK");
    base("BASE", "LOGBOOM_IMAGE_BASE");
  }

  private static void base(String argument, String variable) {
    String name = System.getenv(variable);
    if (name != null && !name.isEmpty()) {
      image.withBuildArg(argument, name);
    }
  }

  /** Everything as in the published DaemonSet, but for the image's name and where things are. */
  @Test
  void takesFluentBitsPlaceWithItsConfigurationAndDeliversEveryLine() throws Exception {
    long lines = 20_000;
    Sequences seen = new Sequences();
    Container web = Container.of("shop", "web-7d9c5b6f4-abcde", "web");
    ServiceAccount account = ServiceAccount.in(directory.resolve("serviceaccount"));
    Node node = new Node(directory.resolve("node"));
    try (BulkSink sink = new BulkSink(seen::note);
        FakeKubernetes kubernetes = FakeKubernetes.started(account.tls()).token(account.token());
        SequenceWriter writer =
            new SequenceWriter(log(kubernetes, node, web), "web", lines, 4_000, 200)) {
      Example2 configuration =
          new Example2(
              node.containers(),
              URI.create(kubernetes.url()),
              account.directory(),
              URI.create("http://127.0.0.1:" + sink.port()));
      writer.start();
      try (GenericContainer<?> agent = new GenericContainer<>(image)) {
        agent
            .withNetworkMode("host")
            .withEnv(Map.of("NODE_NAME", "node-1"))
            .withFileSystemBind(
                configuration.writeTo(directory).toString(),
                "/fluent-bit/etc/fluent-bit.conf",
                BindMode.READ_ONLY)
            .withFileSystemBind(directory.toString(), directory.toString(), BindMode.READ_ONLY)
            .withCreateContainerCmdModifier(
                create ->
                    Objects.requireNonNull(create.getHostConfig())
                        .withMemory(MEMORY)
                        .withMemorySwap(MEMORY))
            .start();
        writer.join();
        await()
            .atMost(PATIENCE)
            .failFast(() -> assertThat(agent.isRunning()).as(agent.getLogs()).isTrue())
            .until(() -> seen.distinct("web") >= lines);

        assertThat(oomKilled(agent)).isFalse();
      }
    }
    assertThat(seen.firstMissing("web", lines)).isEqualTo(-1);
    assertThat(seen.duplicates()).isZero();
  }

  private static ContainerLog log(FakeKubernetes kubernetes, Node node, Container container)
      throws java.io.IOException {
    kubernetes.put(Pods.of(container, "node-1"));
    return node.start(container, LogFormat.CRI, Rotation.renaming(1_000_000, 5));
  }

  private static boolean oomKilled(GenericContainer<?> container) {
    return Boolean.TRUE.equals(container.getCurrentContainerInfo().getState().getOOMKilled());
  }

  @Test
  void answersToFluentBitsNameAndFlags() {
    try (GenericContainer<?> agent = new GenericContainer<>(image)) {
      agent.withCommand("--version").withNetworkMode("none").start();
      await().atMost(PATIENCE).until(() -> !agent.isRunning());

      assertThat(agent.getLogs()).contains("Logboom");
      assertThat(agent.getCurrentContainerInfo().getState().getExitCodeLong()).isZero();
    }
  }
}
