package io.logboom.input.tail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was settled since the last checkpoint, appended at once: it survives the death of the
 * process, though not that of the machine. Files beside the checkpoint with a number each; {@code
 * docs/reference/checkpoint-format.md} is their format. Safe for all threads.
 */
final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final String FIRST = "logboom-tail-journal 1";
  private static final int CRC_CHARS = 8;

  /** One that checkpoints do not keep short, because they fail, grows to this and no further. */
  private static final long MOST_BYTES = 8L << 20;

  private final Path checkpoint;
  private final TreeSet<Long> older = new TreeSet<>();
  private long number;
  private @Nullable FileChannel channel;
  private long length;

  /**
   * @param checkpoint the path of the checkpoint that it goes on from
   */
  Journal(Path checkpoint) {
    this.checkpoint = checkpoint;
    older.addAll(numbers());
    this.number = older.isEmpty() ? 1 : older.last() + 1;
  }

  private List<Long> numbers() {
    List<Long> found = new ArrayList<>();
    Path directory = checkpoint.toAbsolutePath().getParent();
    String start = checkpoint.getFileName() + ".journal.";
    if (directory == null || !Files.isDirectory(directory)) {
      return found;
    }
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(directory, path -> isNumbered(path, start))) {
      for (Path each : all) {
        found.add(Long.parseLong(each.getFileName().toString().substring(start.length())));
      }
    } catch (IOException e) {
      LOG.error("{} cannot be listed; more lines may be read again", directory, e);
    }
    return found;
  }

  private static boolean isNumbered(Path path, String start) {
    String name = path.getFileName().toString();
    String rest = name.startsWith(start) ? name.substring(start.length()) : "";
    return !rest.isEmpty()
        && rest.length() < 19
        && rest.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private Path path(long of) {
    return checkpoint.resolveSibling(checkpoint.getFileName() + ".journal." + of);
  }

  /** All entries that were written from journal {@code first} on, oldest first. */
  synchronized List<Known> load(long first) {
    List<Known> found = new ArrayList<>();
    for (long each : older.tailSet(first)) {
      try {
        load(path(each), found);
      } catch (NoSuchFileException e) {
        LOG.debug("{} is gone", path(each));
      } catch (IOException e) {
        LOG.error("{} cannot be read; more lines are read again", path(each), e);
      }
    }
    return found;
  }

  private static void load(Path path, List<Known> found) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    int damaged = 0;
    boolean known = false;
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        String line = checked(bytes, start, i);
        if (start == 0) {
          known = line != null && line.equals(FIRST);
        } else if (known) {
          damaged += line != null && entry(line, found) ? 0 : 1;
        }
        start = i + 1;
      }
    }
    if (!known && bytes.length > 0) {
      LOG.warn("{} does not start as a journal and is not used; more lines are read again", path);
    } else if (damaged > 0) {
      LOG.warn("{}: {} damaged line(s) are left out; more may be read again", path, damaged);
    }
  }

  /** A line's text; null where its checksum does not fit. */
  private static @Nullable String checked(byte[] bytes, int from, int to) {
    int text = from + CRC_CHARS + 1;
    if (text > to || bytes[text - 1] != ' ') {
      return null;
    }
    String crc = new String(bytes, from, CRC_CHARS, StandardCharsets.ISO_8859_1);
    return crc.equals(KnownLine.crc(bytes, text, to))
        ? new String(bytes, text, to - text, StandardCharsets.UTF_8)
        : null;
  }

  private static boolean entry(String line, List<Known> found) {
    try {
      found.add(KnownLine.parse(line));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Writes on in a new file from here on, where there is anything in this one.
   *
   * @return its number: what is settled before this call need not be in it
   */
  synchronized long next() {
    if (channel != null) {
      closeChannel();
      older.add(number);
      number++;
    }
    return number;
  }

  /** A checkpoint is on the disk that {@code first} goes on from: older ones are of no use. */
  synchronized void keepFrom(long first) {
    for (long each : List.copyOf(older.headSet(first))) {
      try {
        Files.deleteIfExists(path(each));
        older.remove(each);
      } catch (IOException e) {
        LOG.debug("{} cannot be deleted; tried again at the next checkpoint", path(each), e);
      }
    }
  }

  /** Appends entries: from the return on they survive the death of the process. */
  synchronized void append(Collection<Known> files) throws IOException {
    StringBuilder out = new StringBuilder(files.size() * 256 + 64);
    if (length == 0) {
      line(out, FIRST);
    }
    StringBuilder entry = new StringBuilder(256);
    for (Known file : files) {
      entry.setLength(0);
      KnownLine.append(entry, file);
      line(out, entry.toString());
    }
    byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
    FileChannel to = channel();
    if (length + bytes.length > MOST_BYTES) {
      throw new IOException("it has " + length + " bytes, and no checkpoint made it shorter");
    }
    try {
      ByteBuffer from = ByteBuffer.wrap(bytes);
      while (from.hasRemaining()) {
        to.write(from);
      }
      length += bytes.length;
    } catch (IOException e) {
      // What was written of it would spoil the next line.
      to.truncate(length);
      throw e;
    }
  }

  private static void line(StringBuilder out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.append(KnownLine.crc(bytes, 0, bytes.length)).append(' ').append(text).append('\n');
  }

  private FileChannel channel() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open =
          FileChannel.open(
              path(number),
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      channel = open;
    }
    return open;
  }

  private void closeChannel() {
    FileChannel open = channel;
    channel = null;
    length = 0;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("closing {} failed", path(number), e);
      }
    }
  }

  @Override
  public synchronized void close() {
    closeChannel();
  }
}
