package io.logboom.input.tail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoint file; {@code docs/reference/checkpoint-format.md} is its format. */
final class CheckpointFile {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFile.class);
  private static final String FIRST = "logboom-tail 1";
  private static final String CRC = "crc32c ";
  private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int FIELDS = 14;
  private static final int MOST_FIELDS = 16;

  private final Path path;

  /** What was in it, and when it was written. */
  record Content(long savedMillis, List<Known> files) {}

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
    if (!crcLine.equals(CRC + crc(bytes, last))) {
      throw new IllegalArgumentException("its checksum is wrong");
    }
    List<String> lines = new String(bytes, 0, last, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() < 2 || !lines.get(0).equals(FIRST) || !lines.get(1).startsWith("saved ")) {
      throw new IllegalArgumentException("its version is not known");
    }
    List<Known> files = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      files.add(known(line.split(" ", -1)));
    }
    return new Content(Long.parseLong(lines.get(1).substring("saved ".length())), files);
  }

  private static Known known(String[] f) {
    if ((f.length != FIELDS && f.length != MOST_FIELDS) || !f[0].equals("file")) {
      throw new IllegalArgumentException("a line has not the fields of its version");
    }
    return new Known(
        decoded(f[12]),
        decoded(f[13]),
        new FileKey(Long.parseLong(f[1]), Long.parseLong(f[2])),
        Integer.parseInt(f[3]),
        new Sample(Integer.parseInt(f[4]), Long.parseUnsignedLong(f[5], 16)),
        Long.parseLong(f[6]),
        new Sample(Integer.parseInt(f[7]), Long.parseUnsignedLong(f[8], 16)),
        f.length == FIELDS
            ? Taken.NONE
            : new Taken(Long.parseLong(f[FIELDS]), Long.parseLong(f[FIELDS + 1])),
        f[11].equals("-") ? "" : f[11],
        f[9].equals("complete"),
        Long.parseLong(f[10]));
  }

  /** Replaces the file, and returns when it is on the disk. */
  void save(long nowMillis, Collection<Known> files) throws IOException {
    StringBuilder out = new StringBuilder(64 + files.size() * 256);
    out.append(FIRST).append("\nsaved ").append(nowMillis).append('\n');
    for (Known file : files) {
      append(out, file);
    }
    byte[] body = out.toString().getBytes(StandardCharsets.UTF_8);
    byte[] crc = (CRC + crc(body, body.length) + "\n").getBytes(StandardCharsets.US_ASCII);
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

  private static void append(StringBuilder out, Known file) {
    out.append("file ").append(file.key().device());
    out.append(' ').append(file.key().inode());
    out.append(' ').append(file.generation());
    append(out, file.head());
    out.append(' ').append(file.position());
    append(out, file.before());
    out.append(file.complete() ? " complete" : " open");
    out.append(' ').append(file.seenMillis());
    out.append(' ').append(file.sourceId().isEmpty() ? "-" : file.sourceId());
    out.append(' ').append(encoded(file.path()));
    out.append(' ').append(encoded(file.name()));
    if (!file.taken().equals(Taken.NONE)) {
      out.append(' ').append(file.taken().stdout()).append(' ').append(file.taken().stderr());
    }
    out.append('\n');
  }

  private static void append(StringBuilder out, Sample sample) {
    out.append(' ').append(sample.length());
    out.append(' ').append(HexFormat.of().toHexDigits(sample.hash()));
  }

  private static String crc(byte[] bytes, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, count);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static String encoded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == '%' || c == 0x7F) {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] == '%') {
        out.write(HexFormat.fromHexDigits(text(utf8, i + 1)));
        i += 2;
      } else {
        out.write(utf8[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8, int from) {
    if (from + 2 > utf8.length) {
      throw new IllegalArgumentException("an escape is cut off");
    }
    return new String(utf8, from, 2, StandardCharsets.UTF_8);
  }
}
