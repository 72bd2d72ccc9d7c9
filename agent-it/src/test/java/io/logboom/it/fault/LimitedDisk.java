package io.logboom.it.fault;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A small ext4 file system in a file, mounted below a test's directory: a disk that can be full, or
 * refuse writes, without harm to the machine's own. Needs root; elsewhere the test is skipped.
 */
final class LimitedDisk implements AutoCloseable {
  private final Path mount;
  private final Path ballast;

  private LimitedDisk(Path mount) {
    this.mount = mount;
    this.ballast = mount.resolve("ballast");
  }

  /** Makes and mounts one, or skips the test where that is not allowed. */
  static LimitedDisk mounted(Path directory, long bytes) throws IOException, InterruptedException {
    Path image = directory.resolve("disk.img");
    Path mount = Files.createDirectories(directory.resolve("disk"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    boolean mounted =
        succeeds("mkfs.ext4", "-q", "-m", "0", image.toString())
            && succeeds("mount", "-o", "loop", image.toString(), mount.toString());
    assumeThat(mounted).as("a file system in a file can be mounted, which takes root").isTrue();
    return new LimitedDisk(mount);
  }

  Path path() {
    return mount;
  }

  long freeBytes() throws IOException {
    return Files.getFileStore(mount).getUsableSpace();
  }

  /** Takes all the room that is left. */
  void fill() throws IOException {
    byte[] block = new byte[64 * 1024];
    try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
      file.seek(file.length());
      for (int size = block.length; size > 0; size /= 2) {
        writeWhileThereIsRoom(file, block, size);
      }
    }
  }

  private static void writeWhileThereIsRoom(RandomAccessFile file, byte[] block, int size) {
    try {
      while (true) {
        file.write(block, 0, size);
      }
    } catch (IOException full) {
      // That is what was wanted.
    }
  }

  /** Gives back what {@link #fill} took. */
  void free() throws IOException {
    Files.deleteIfExists(ballast);
  }

  /** Mounts it again, so that nothing can be written; no file of it may be open for writing. */
  void readOnly() throws IOException, InterruptedException {
    run("mount", "-o", "remount,ro", mount.toString());
  }

  void writable() throws IOException, InterruptedException {
    run("mount", "-o", "remount,rw", mount.toString());
  }

  /**
   * Refuses all writes, also to files that are open: a real remount would be refused because of
   * those.
   */
  void refuseWrites() throws IOException, InterruptedException {
    run("chattr", "-R", "+i", mount.toString());
  }

  void allowWrites() throws IOException, InterruptedException {
    run("chattr", "-R", "-i", mount.toString());
  }

  @Override
  public void close() throws IOException {
    try {
      writable();
      allowWrites();
      run("umount", "--lazy", mount.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    if (!succeeds(command)) {
      throw new IOException(List.of(command) + " failed");
    }
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }
}
