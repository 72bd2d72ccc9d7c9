package io.logboom.it.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The log directories of a node, below a root of the caller's:
 *
 * <pre>
 *   pods/NAMESPACE_POD_UID/CONTAINER/0.log    what the runtime writes, and its rotations beside it
 *   containers/POD_NAMESPACE_CONTAINER-ID.log a symbolic link to it
 * </pre>
 */
public final class Node {
  private final Path root;
  private final InstantSource clock;

  public Node(Path root) throws IOException {
    this(root, InstantSource.system());
  }

  public Node(Path root, InstantSource clock) throws IOException {
    this.root = root;
    this.clock = clock;
    Files.createDirectories(containers());
    Files.createDirectories(root.resolve("pods"));
  }

  /** What stands for {@code /var/log/containers}. */
  public Path containers() {
    return root.resolve("containers");
  }

  /** Starts a container: its file, then its link. */
  public ContainerLog start(Container container, LogFormat format, Rotation rotation)
      throws IOException {
    Path directory = root.resolve("pods").resolve(container.directory());
    ContainerLog log = new ContainerLog(directory, format, rotation, clock, 0);
    Path link = containers().resolve(container.link());
    if (!Files.isSymbolicLink(link)) {
      Files.createSymbolicLink(link, log.path());
    }
    return log;
  }
}
