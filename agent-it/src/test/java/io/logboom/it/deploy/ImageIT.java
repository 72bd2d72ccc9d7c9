package io.logboom.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
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
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.DockerImageName;

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
  static void describeTheImage() throws IOException {
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

  /**
   * The base image that the environment names, or else the Dockerfile's own, where it can be had.
   */
  private static void base(String argument, String variable) throws IOException {
    String name = System.getenv(variable);
    if (name != null && !name.isEmpty()) {
      image.withBuildArg(argument, name);
      return;
    }
    String line = "ARG " + argument + "=";
    String official =
        Files.readAllLines(ROOT.resolve("Dockerfile")).stream()
            .filter(l -> l.startsWith(line))
            .map(l -> l.substring(line.length()))
            .findFirst()
            .orElseThrow();
    assumeThatCode(() -> new RemoteDockerImage(DockerImageName.parse(official)).get())
        .as("%s can be pulled; %s may name another", official, variable)
        .doesNotThrowAnyException();
  }

  /** Everything as in the published DaemonSet, but for the image's name and where things are. */
  @Test
  void takesFluentBitsPlaceWithItsConfigurationAndDeliversEveryLine() throws Exception {
    deliversEveryLine(20_000, Rotation.renaming(1_000_000, 5), _ -> {});
  }

  /**
   * As deploy/daemonset.yaml has it: nobody else may read these files, and nothing may be written
   * but state.
   */
  @Test
  void readsAnybodysLogsWithAllRightsTakenAwayButTheOneToRead() throws Exception {
    Path state = Files.createDirectories(directory.resolve("state"));
    deliversEveryLine(
        5_000,
        Rotation.NONE,
        host -> {
          host.withReadonlyRootfs(true)
              .withCapDrop(Capability.ALL)
              .withCapAdd(Capability.DAC_READ_SEARCH)
              .withSecurityOpts(List.of("no-new-privileges"))
              .withTmpFs(Map.of("/tmp", ""))
              .withBinds(also(host.getBinds(), bind(state, "/var/lib/logboom", AccessMode.rw)));
        });
    try (Stream<Path> files = Files.walk(state)) {
      assertThat(files.filter(Files::isRegularFile)).as("positions").isNotEmpty();
    }
  }

  private void deliversEveryLine(long lines, Rotation rotation, Consumer<HostConfig> rights)
      throws Exception {
    Sequences seen = new Sequences();
    Container web = Container.of("shop", "web-7d9c5b6f4-abcde", "web");
    ServiceAccount account = ServiceAccount.in(directory.resolve("serviceaccount"));
    Node node = new Node(directory.resolve("node"));
    ContainerLog log = node.start(web, LogFormat.CRI, rotation);
    Files.setPosixFilePermissions(log.path(), Set.of());
    try (BulkSink sink = new BulkSink(seen::note);
        FakeKubernetes kubernetes = FakeKubernetes.started(account.tls()).token(account.token());
        SequenceWriter writer = new SequenceWriter(log, "web", lines, 4_000, 200);
        GenericContainer<?> agent = new GenericContainer<>(image)) {
      kubernetes.put(Pods.of(web, "node-1"));
      Example2 configuration =
          new Example2(
              node.containers(),
              URI.create(kubernetes.url()),
              account.directory(),
              URI.create("http://127.0.0.1:" + sink.port()));
      start(agent, configuration, rights);
      log.line("stdout", " seq=first-0".getBytes(StandardCharsets.US_ASCII));
      log.flush();
      arrives(agent, seen, "first", 1);
      writer.start();
      writer.join();
      arrives(agent, seen, "web", lines);
      assertThat(oomKilled(agent)).isFalse();
      agent.getDockerClient().stopContainerCmd(agent.getContainerId()).withTimeout(20).exec();
    }
    assertThat(seen.firstMissing("web", lines)).isEqualTo(-1);
    assertThat(seen.duplicates()).isZero();
  }

  private static void arrives(
      GenericContainer<?> agent, Sequences seen, String prefix, long lines) {
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(agent.isRunning()).as(agent.getLogs()).isTrue())
        .until(() -> seen.distinct(prefix) >= lines);
  }

  /** Binds stand here, not in Testcontainers' own way, which would pull an image to try them. */
  private void start(GenericContainer<?> agent, Example2 configuration, Consumer<HostConfig> rights)
      throws IOException {
    Path file = configuration.writeTo(directory);
    agent
        .withNetworkMode("host")
        .withEnv(Map.of("NODE_NAME", "node-1"))
        .withCreateContainerCmdModifier(
            create -> {
              HostConfig host = Objects.requireNonNull(create.getHostConfig());
              host.withMemory(MEMORY)
                  .withMemorySwap(MEMORY)
                  .withBinds(
                      bind(file, "/fluent-bit/etc/fluent-bit.conf", AccessMode.ro),
                      bind(directory, directory.toString(), AccessMode.ro));
              rights.accept(host);
            })
        .start();
  }

  private static Bind bind(Path path, String mounted, AccessMode mode) {
    return new Bind(path.toString(), new Volume(mounted), mode);
  }

  private static Bind[] also(Bind[] binds, Bind one) {
    return Stream.concat(Arrays.stream(binds), Stream.of(one)).toArray(Bind[]::new);
  }

  private static boolean oomKilled(GenericContainer<?> container) {
    return Boolean.TRUE.equals(container.getCurrentContainerInfo().getState().getOOMKilled());
  }

  @Test
  void answersToFluentBitsNameAndFlags() {
    try (GenericContainer<?> agent = new GenericContainer<>(image)) {
      agent
          .withCommand("--version")
          .withNetworkMode("none")
          .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(PATIENCE))
          .start();

      assertThat(agent.getLogs()).contains("Logboom");
      assertThat(agent.getCurrentContainerInfo().getState().getExitCodeLong()).isZero();
    }
  }
}
