package io.logboom.it.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Writes one container's log as its runtime would, and rotates it as the kubelet would. For one
 * thread.
 *
 * <p>Lines wait in memory until {@link #flush}; a rotation happens between two flushes only, so
 * that each write call holds whole lines.
 */
public final class ContainerLog implements AutoCloseable {
  private static final int WRITE_AT = 64 * 1024;

  private final Path directory;
  private final Path current;
  private final LogFormat format;
  private final Rotation rotation;
  private final InstantSource clock;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(2 * WRITE_AT);
  private OutputStream out;
  private long size;
  private int rotations;

  ContainerLog(
      Path directory, LogFormat format, Rotation rotation, InstantSource clock, int restarts)
      throws IOException {
    this.directory = Files.createDirectories(directory);
    this.current = directory.resolve(restarts + ".log");
    this.format = format;
    this.rotation = rotation;
    this.clock = clock;
    this.out = open();
  }

  /** The file that is being written. */
  public Path path() {
    return current;
  }

  /** How often the file was rotated. */
  public int rotations() {
    return rotations;
  }

  /** One line of the program's output, without its newline. */
  public void line(String stream, byte[] line) throws IOException {
    format.append(waiting, stream, LogFormat.time(clock.instant()), line);
    if (waiting.size() >= WRITE_AT) {
      flush();
    }
  }

  /** One line whose time has been made already; for writers in a hurry. */
  void line(String stream, byte[] time, byte[] line) throws IOException {
    format.append(waiting, stream, time, line);
    if (waiting.size() >= WRITE_AT) {
      flush();
    }
  }

  /** Writes what waits, and rotates where the file is full. */
  public void flush() throws IOException {
    waiting.writeTo(out);
    size += waiting.size();
    waiting.reset();
    if (size >= rotation.bytes()) {
      rotate();
    }
  }

  /** Rotates now. */
  public void rotate() throws IOException {
    rotations++;
    List<Path> rotated = rotated();
    for (int i = 0; i <= rotated.size() - rotation.keep(); i++) {
      Files.delete(rotated.get(i));
    }
    if (rotation.compress()) {
      for (Path file : rotated()) {
        compress(file);
      }
    }
    Path to = directory.resolve(current.getFileName() + "." + stamp());
    switch (rotation.how()) {
      case RENAME -> {
        Files.move(current, to);
        out.close();
        out = open();
      }
      case COPY_TRUNCATE -> {
        Files.copy(current, to, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(current, StandardOpenOption.WRITE)) {
          channel.truncate(0);
        }
      }
    }
    size = 0;
  }

  @Override
  public void close() throws IOException {
    flush();
    out.close();
  }

  private OutputStream open() throws IOException {
    return Files.newOutputStream(current, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** As the kubelet's, made longer by a number, since a test rotates more than once a second. */
  private String stamp() {
    String second = clock.instant().toString().replaceAll("[-:]", "").replace('T', '-');
    return String.format(Locale.ROOT, "%s-%06d", second.substring(0, 15), rotations);
  }

  /** Rotated files, the oldest first. */
  private List<Path> rotated() throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, current.getFileName() + ".*")) {
      files.forEach(found::add);
    }
    Collections.sort(found);
    return found;
  }

  private static void compress(Path file) throws IOException {
    String name = file.toString();
    if (name.endsWith(".gz")) {
      return;
    }
    Path part = Path.of(name + ".tmp");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(part))) {
      Files.copy(file, gzip);
    }
    Files.move(part, Path.of(name + ".gz"), StandardCopyOption.ATOMIC_MOVE);
    Files.delete(file);
  }

  Instant now() {
    return clock.instant();
  }
}
