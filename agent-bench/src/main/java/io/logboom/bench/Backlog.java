package io.logboom.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A node's container logs, as containerd and the kubelet leave them: CRI files below {@code pods},
 * links to them in {@code containers}. Every second container writes JSON, the others text.
 */
final class Backlog {
  private static final String[] NAMESPACES = {"shop", "kube-system", "payments"};

  private final Path root;
  private final int records;
  private final long bytes;
  private final List<Pod> pods;

  /** Who writes one file. */
  record Pod(String namespace, String name, String uid, String container, String containerId) {
    /** The file's path below the root. */
    String file() {
      return "pods/" + namespace + "_" + name + "_" + uid + "/" + container + "/0.log";
    }

    /** The link's path below the root. */
    String link() {
      return "containers/" + name + "_" + namespace + "_" + container + "-" + containerId + ".log";
    }
  }

  private Backlog(Path root, int records, long bytes, List<Pod> pods) {
    this.root = root;
    this.records = records;
    this.bytes = bytes;
    this.pods = pods;
  }

  /** Writes {@code lines} lines, the same number for each container. */
  static Backlog write(Path root, int lines, int containers) throws IOException {
    int each = lines / containers;
    long bytes = 0;
    List<Pod> pods = new ArrayList<>();
    Files.createDirectories(root.resolve("containers"));
    for (int c = 0; c < containers; c++) {
      Pod pod =
          new Pod(
              NAMESPACES[c % NAMESPACES.length],
              "app-" + c + "-7d9c5b6f4-x" + HexFormat.of().toHexDigits((short) c),
              HexFormat.of().toHexDigits(c) + "-1111-2222-3333-000000000001",
              c % 2 == 0 ? "worker" : "web",
              HexFormat.of().toHexDigits(c).repeat(8));
      Path file = root.resolve(pod.file());
      Files.createDirectories(file.getParent());
      writeFile(file, c, each);
      Files.createSymbolicLink(root.resolve(pod.link()), file);
      bytes += Files.size(file);
      pods.add(pod);
    }
    return new Backlog(root, each * containers, bytes, pods);
  }

  private static void writeFile(Path file, int container, int count) throws IOException {
    Lines lines = new Lines(container);
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (int n = 0; n < count; n++) {
        String stamp = Lines.stamp(n);
        String body =
            container % 2 == 0 ? lines.json(stamp, container, n) : lines.text(container, n);
        out.append(stamp).append(" stdout F ").append(body).append('\n');
      }
    }
  }

  Path root() {
    return root;
  }

  int records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  List<Pod> pods() {
    return pods;
  }

  /** Takes a directory and all that is in it away. */
  static void delete(Path directory) {
    try (var all = Files.walk(directory)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
