package io.logboom.testkit.s3;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A real server for S3's API on loopback, in a process of its own, which ends with this one at the
 * latest. It verifies signatures. What it has is read past it, from its directory. Its class path
 * is what the module {@code agent-testkit-s3} has collected.
 */
public final class S3ProxyServer implements AutoCloseable {
  /** The only key that it knows. */
  public static final String ACCESS_KEY = "AKIDLOGBOOMTEST";

  public static final String SECRET_KEY = "secret";

  private static final String STUB = ".s3proxy-mpu-stub-";
  private static final Duration START = Duration.ofSeconds(50);

  /** A file that has its name as soon as it is whole. */
  private static final Pattern BEING_WRITTEN =
      Pattern.compile("-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");

  private final Process process;
  private final Path buckets;
  private final int port;

  private S3ProxyServer(Process process, Path buckets, int port) {
    this.process = process;
    this.buckets = buckets;
    this.port = port;
  }

  /** Starts a server with its data below {@code home} and waits until it answers. */
  public static S3ProxyServer start(Path home) throws IOException {
    Path target = target();
    Path buckets = Files.createDirectories(home.resolve("buckets"));
    Path ports = home.resolve("port");
    Files.deleteIfExists(ports);
    Path log = home.resolve("console.log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            target.resolve("classes") + File.pathSeparator + target.resolve("lib") + "/*",
            "io.logboom.testkit.s3proxy.S3ProxyMain",
            buckets.toString(),
            ACCESS_KEY,
            SECRET_KEY,
            ports.toString());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      Awaitility.await("S3Proxy to start; see " + log)
          .atMost(START)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> Files.exists(ports) || !process.isAlive());
      if (!process.isAlive()) {
        throw new IOException("S3Proxy did not start:\n" + Files.readString(log));
      }
      return new S3ProxyServer(process, buckets, Integer.parseInt(Files.readString(ports)));
    } catch (RuntimeException | IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static Path target() {
    Path root = Path.of(Objects.requireNonNullElse(System.getProperty("logboom.root"), ""));
    for (Path at = root.toAbsolutePath(); at != null; at = at.getParent()) {
      Path target = at.resolve("agent-testkit-s3/target");
      if (Files.isDirectory(target.resolve("lib"))) {
        return target;
      }
    }
    throw new IllegalStateException(
        "there is no agent-testkit-s3/target/lib above "
            + root.toAbsolutePath()
            + ": build that module first");
  }

  public int port() {
    return port;
  }

  /** Such as {@code http://127.0.0.1:41234}. */
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Makes a bucket. */
  public void bucket(String name) throws IOException {
    Files.createDirectories(buckets.resolve(name));
  }

  /**
   * The objects of a bucket by their keys, as files. Those that are being written are not there.
   */
  public Map<String, Path> objects(String bucket) throws IOException {
    Map<String, Path> found = new TreeMap<>();
    Path root = buckets.resolve(bucket);
    for (Path file : files(root)) {
      String key = root.relativize(file).toString();
      if (!isInternal(key)) {
        found.put(key, file);
      }
    }
    return found;
  }

  /** The ids of the multipart uploads of a bucket that are open. */
  public List<String> openUploads(String bucket) throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> stubs =
        Files.newDirectoryStream(buckets.resolve(bucket), STUB + "*")) {
      for (Path stub : stubs) {
        found.add(String.valueOf(stub.getFileName()).substring(STUB.length()));
      }
    }
    return found;
  }

  private static boolean isInternal(String key) {
    return key.startsWith(".mpus-")
        || key.contains(".s3proxy-")
        || key.contains(".tmp-")
        || BEING_WRITTEN.matcher(key).find();
  }

  private static List<Path> files(Path root) throws IOException {
    List<Path> all = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            all.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return all;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
