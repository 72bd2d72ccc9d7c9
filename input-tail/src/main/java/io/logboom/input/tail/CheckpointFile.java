package io.logboom.input.tail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoint file; {@code docs/reference/checkpoint-format.md} is its format. */
final class CheckpointFile {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFile.class);
  private static final String FIRST = "logboom-tail ";
  private static final String JOURNAL = "journal ";
  private static final String CRC = "crc32c ";
  private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.ISO_8859_1);

  /** No journal goes on from the checkpoint. */
  static final long NO_JOURNAL = Long.MAX_VALUE;

  private final Path path;

  /**
   * What was in it, and when it was written.
   *
   * @param journal the number of the first journal that goes on from it
   */
  record Content(long savedMillis, long journal, List<Known> files) {}

  CheckpointFile(Path path) {
    this.path = path;
  }

  /**
   * The checkpoint file at {@code wanted}; beside it, where that is a database of Fluent Bit's,
   * which stays as it is.
   */
  static CheckpointFile at(Path wanted) {
    if (!startsAsSqlite(wanted)) {
      return new CheckpointFile(wanted);
    }
    Path beside = wanted.resolveSibling(wanted.getFileName() + ".logboom");
    LOG.info(
        "{} is a database of Fluent Bit's and stays as it is; positions go to {}", wanted, beside);
    return new CheckpointFile(beside);
  }

  private static boolean startsAsSqlite(Path file) {
    try (var in = Files.newInputStream(file)) {
      return java.util.Arrays.equals(in.readNBytes(SQLITE.length), SQLITE);
    } catch (IOException e) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  /** What was saved last; null where nothing was. A file that cannot be used is put aside. */
  @Nullable Content load(long nowMillis) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOG.error("{} cannot be read, files are read from their start: {}", path, e.toString());
      return null;
    }
    try {
      return parse(bytes);
    } catch (IllegalArgumentException e) {
      putAside(nowMillis, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void putAside(long nowMillis, String why) {
    Path aside = path.resolveSibling(path.getFileName() + ".unreadable-" + nowMillis);
    try {
      Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.error(
          "{} is damaged ({}) and was put aside as {}; files are read again", path, why, aside);
    } catch (IOException e) {
      LOG.error("{} is damaged ({}); files are read again", path, why, e);
    }
  }

  private static Content parse(byte[] bytes) {
    int end = bytes.length - 1;
    if (end < 0 || bytes[end] != '\n') {
      throw new IllegalArgumentException("it does not end with a line break");
    }
    int last = end;
    while (last > 0 && bytes[last - 1] != '\n') {
      last--;
    }
    String crcLine = new String(bytes, last, end - last, StandardCharsets.UTF_8);
    if (!crcLine.equals(CRC + KnownLine.crc(bytes, 0, last))) {
      throw new IllegalArgumentException("its checksum is wrong");
    }
    List<String> lines = new String(bytes, 0, last, StandardCharsets.UTF_8).lines().toList();
    int head = heading(lines);
    long journal = head == 2 ? NO_JOURNAL : number(lines.get(2), JOURNAL);
    List<Known> files = lines.subList(head, lines.size()).stream().map(KnownLine::parse).toList();
    return new Content(number(lines.get(1), "saved "), journal, files);
  }

  /** How many lines stand before those of files. */
  private static int heading(List<String> lines) {
    int known =
        switch (lines.isEmpty() ? "" : lines.getFirst()) {
          case FIRST + 1 -> 2;
          case FIRST + 2 -> 3;
          default -> throw new IllegalArgumentException("its version is not known");
        };
    if (lines.size() < known) {
      throw new IllegalArgumentException("its first lines are not all there");
    }
    return known;
  }

  private static long number(String line, String name) {
    if (!line.startsWith(name)) {
      throw new IllegalArgumentException("there is no line '" + name.trim() + "'");
    }
    return Long.parseLong(line.substring(name.length()));
  }

  /** Replaces the file, and returns when it is on the disk. */
  void save(long nowMillis, long journal, Collection<Known> files) throws IOException {
    StringBuilder out = new StringBuilder(64 + files.size() * 256);
    out.append(FIRST).append(2);
    out.append("\nsaved ").append(nowMillis).append('\n');
    out.append(JOURNAL).append(journal).append('\n');
    for (Known file : files) {
      KnownLine.append(out, file);
      out.append('\n');
    }
    byte[] body = out.toString().getBytes(StandardCharsets.UTF_8);
    byte[] crc =
        (CRC + KnownLine.crc(body, 0, body.length) + "\n").getBytes(StandardCharsets.US_ASCII);
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(path + " is no file's path");
    }
    Files.createDirectories(directory);
    Path next = path.resolveSibling(path.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer[] parts = {ByteBuffer.wrap(body), ByteBuffer.wrap(crc)};
      while (parts[1].hasRemaining()) {
        channel.write(parts);
      }
      channel.force(true);
    }
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
