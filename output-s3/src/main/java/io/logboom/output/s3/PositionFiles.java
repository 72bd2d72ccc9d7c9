package io.logboom.output.s3;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.api.json.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the positions of records that are not in the log any more, so that they are known after a
 * restart: files that are appended to, the oldest of which go when there is more than {@link Known}
 * can hold. One thread at a time.
 *
 * <pre>
 * entry  0 4 "LBSP"   4 4 length of what follows   8 8 number of the segment   16 4 CRC-32C of it
 *       20 for each source: 2 length of the tag, tag, 2 length of the source, source,
 *          4 length of the positions, positions
 * </pre>
 */
final class PositionFiles {
  private static final int MAGIC = 0x4C425350;
  private static final int HEADER = 20;
  private static final long MOST_OF_A_FILE = Known.MOST_BYTES / 2;

  private final Path directory;
  private final Disk disk;
  private final ArrayDeque<Path> files = new ArrayDeque<>();
  private @Nullable DiskFile file;
  private long length;
  // Of all files.
  private long size;

  PositionFiles(Path directory, Disk disk) {
    this.directory = directory;
    this.disk = disk;
  }

  /**
   * Reads what there is.
   *
   * @param before segments from this one on are in the log yet, and are passed over
   */
  void read(long before, Known known) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> names = Files.newDirectoryStream(directory, "*.positions")) {
      names.forEach(found::add);
    }
    Collections.sort(found);
    for (Path path : found) {
      files.addLast(path);
      close();
      DiskFile in = disk.open(path, Disk.Mode.ENSURE);
      file = in;
      length = readFile(in, before, known);
      size += length;
    }
    if (file != null) {
      // What is behind is of segments that are in the log yet, or torn.
      file.truncate(length);
    }
  }

  /** Reads a file and tells where what counts of it ends. */
  private static long readFile(DiskFile in, long before, Known known) throws IOException {
    long at = 0;
    byte[] header = new byte[HEADER];
    while (in.read(header, 0, HEADER, at) == HEADER) {
      ByteBuffer h = ByteBuffer.wrap(header);
      int count = h.getInt(4);
      if (h.getInt(0) != MAGIC
          || count < 0
          || count > in.size() - at - HEADER
          || h.getLong(8) >= before) {
        break;
      }
      byte[] body = new byte[count];
      if (in.read(body, 0, count, at + HEADER) < count
          || h.getInt(16) != UnitReader.crc(body, 0, count)) {
        break;
      }
      note(body, known);
      at += HEADER + count;
    }
    return at;
  }

  private static void note(byte[] body, Known known) {
    ByteBuffer in = ByteBuffer.wrap(body);
    while (in.remaining() > 8) {
      String tag = text(in);
      String source = text(in);
      int count = in.getInt();
      known.add(tag, source, body, in.position(), in.position() + count);
      in.position(in.position() + count);
    }
  }

  private static String text(ByteBuffer in) {
    byte[] utf8 = new byte[in.getShort() & 0xFFFF];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** Begins an entry. */
  static ByteSink entry() {
    ByteSink out = ByteSink.growing(16 * 1024);
    out.position(HEADER);
    return out;
  }

  /** Adds the positions of the reader's block. */
  static void add(UnitReader block, ByteSink out) {
    byte[] b = block.bytes();
    int from = block.positionsFrom();
    int count = block.positionsTo() - from;
    if (count == 0) {
      return;
    }
    text(block.tag(), out);
    text(block.source(), out);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.put((byte) (count >>> shift));
    }
    out.put(b, from, count);
  }

  private static void text(String text, ByteSink out) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.put((byte) (utf8.length >>> 8));
    out.put((byte) utf8.length);
    out.put(utf8, 0, utf8.length);
  }

  /** Returns when the entry is on the disk. */
  void append(long segment, ByteSink entry) throws IOException {
    int end = entry.position();
    if (end == HEADER) {
      return;
    }
    byte[] b = entry.array();
    ByteBuffer.wrap(b)
        .putInt(MAGIC)
        .putInt(end - HEADER)
        .putLong(segment)
        .putInt(UnitReader.crc(b, HEADER, end - HEADER));
    DiskFile out = file;
    if (out == null || length + end > MOST_OF_A_FILE) {
      out = begin(segment);
    }
    try {
      out.write(b, 0, end, length);
      out.force();
    } catch (IOException e) {
      out.truncate(length);
      throw e;
    }
    length += end;
    size += end;
  }

  private DiskFile begin(long segment) throws IOException {
    close();
    Path path = directory.resolve(String.format(Locale.ROOT, "%016d.positions", segment));
    DiskFile made = disk.open(path, Disk.Mode.ENSURE);
    made.truncate(0);
    disk.forceDirectory(directory);
    file = made;
    length = 0;
    if (!path.equals(files.peekLast())) {
      files.addLast(path);
    }
    while (size > Known.MOST_BYTES && files.size() > 1) {
      Path oldest = files.removeFirst();
      size -= Files.size(oldest);
      disk.delete(oldest);
    }
    return made;
  }

  void close() throws IOException {
    DiskFile open = file;
    if (open != null) {
      file = null;
      open.close();
    }
  }
}
