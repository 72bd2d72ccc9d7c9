package io.logboom.output.s3;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.output.s3.Multipart.Part;
import io.logboom.output.s3.S3Config.Checksum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is of objects, as lines, each with the CRC-32C of what follows it:
 *
 * <pre>
 * 1c9a0f3e numbers  next-segment  next-object  next-index
 * ........ object   id  period  created  coding  tag  key
 * ........ flushed  segment  id:length:records ...
 * ........ sealed   id
 * ........ intended id
 * ........ begun    id  part-bytes  upload-id  checksum-algorithm
 * ........ part     id  number  etag  checksum
 * ........ void     id
 * ........ done     id
 * </pre>
 *
 * <p>Fields are parted by tabs. An {@code object} counts from the {@code flushed} on that has its
 * length. A line that is not whole ends the file. One thread at a time.
 */
final class Journal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int MOST_BYTES = 1 << 20;
  private static final int RESERVE_BYTES = 64 * 1024;
  private static final String RESERVE = "reserve";
  static final String NAME = "journal";

  private final Path path;
  private final Disk disk;
  private final Map<Long, Staged> objects = new LinkedHashMap<>();
  private final Map<Long, Staged> announced = new LinkedHashMap<>();
  private long nextSegment = 1;
  private long nextObject = 1;
  private long nextIndex;
  private DiskFile file;
  private long length;
  private long cutBytes;
  private boolean damaged;

  /** Opens and reads it; begins it where there is none. */
  Journal(Path directory, Disk disk) throws IOException {
    this.path = directory.resolve(NAME);
    this.disk = disk;
    this.file = disk.open(path, Disk.Mode.ENSURE);
    try {
      read();
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    try {
      rewrite();
    } catch (IOException e) {
      // Such as a full disk. Uploads make room, and they need no more than single lines.
      LOG.warn("{} is gone on with as it is: {}", path, e.toString());
    }
    keepReserve();
  }

  /**
   * A file that is deleted where a full disk takes no line any more: without the line that an
   * object is done, what it has on the disk could not be deleted either.
   */
  private void keepReserve() {
    Path reserve = path.resolveSibling(RESERVE);
    if (Files.exists(reserve)) {
      return;
    }
    try (DiskFile made = disk.open(reserve, Disk.Mode.ENSURE)) {
      made.write(new byte[RESERVE_BYTES], 0, RESERVE_BYTES, 0);
    } catch (IOException e) {
      LOG.debug("there is no room for {}", reserve, e);
    }
  }

  private void read() throws IOException {
    int size = Math.toIntExact(Math.min(file.size(), 256 << 20));
    byte[] all = new byte[size];
    int count = file.read(all, 0, size, 0);
    int at = 0;
    while (at < count) {
      int end = at;
      while (end < count && all[end] != '\n') {
        end++;
      }
      if (end == count || !JournalLine.isWhole(all, at, end)) {
        break;
      }
      take(JournalLine.text(all, at, end));
      at = end + 1;
    }
    length = at;
    cutBytes = file.size() - at;
    announced.clear();
    damaged = JournalLine.follow(all, at, count);
    if (damaged) {
      Path aside = path.resolveSibling(NAME + ".damaged");
      Files.write(aside, all);
      LOG.error("{} is damaged at byte {}; what it was is kept as {}", path, at, aside);
    }
  }

  /** Whether lines in its middle were lost, and with them perhaps objects. */
  boolean isDamaged() {
    return damaged;
  }

  private void take(String line) throws IOException {
    String[] f = line.split("\t", -1);
    try {
      switch (f[0]) {
        case "numbers" -> {
          nextSegment = Long.parseLong(f[1]);
          nextObject = Long.parseLong(f[2]);
          nextIndex = Long.parseLong(f[3]);
        }
        case "object" -> {
          Staged made =
              new Staged(
                  Long.parseLong(f[1]),
                  Long.parseLong(f[2]),
                  Long.parseLong(f[3]),
                  Staged.Coding.valueOf(f[4]),
                  JournalLine.plain(f[5]),
                  JournalLine.plain(f[6]));
          announced.put(made.id, made);
          nextObject = Math.max(nextObject, made.id + 1);
        }
        case "flushed" -> flushed(f);
        case "sealed" -> of(f).sealed = true;
        case "intended" -> of(f).intended = true;
        case "begun" -> {
          Staged object = of(f);
          object.partBytes = Long.parseLong(f[2]);
          // Lines from before there were checksums have no such field.
          Checksum checksum = f.length > 4 ? Checksum.valueOf(f[4]) : Checksum.NONE;
          object.upload = new Multipart(JournalLine.plain(f[3]), checksum);
        }
        case "part" ->
            of(f)
                .parts
                .add(
                    new Part(JournalLine.plain(f[3]), f.length > 4 ? JournalLine.plain(f[4]) : ""));
        case "void" -> {
          Staged object = of(f);
          object.intended = false;
          object.upload = null;
          object.parts = new ArrayList<>();
        }
        case "done" -> objects.remove(Long.parseLong(f[1]));
        default -> throw new IOException(path + " is of a newer version: " + f[0]);
      }
    } catch (RuntimeException e) {
      throw new IOException(path + " has a line that makes no sense: " + line, e);
    }
  }

  private Staged of(String[] f) {
    Staged object = objects.get(Long.parseLong(f[1]));
    return object == null ? new Staged(0, 0, 0, Staged.Coding.NONE, "", "") : object;
  }

  private void flushed(String[] f) {
    nextSegment = Math.max(nextSegment, Long.parseLong(f[1]) + 1);
    nextIndex = Math.max(nextIndex, Long.parseLong(f[2]));
    for (int i = 3; i < f.length; i++) {
      String[] part = f[i].split(":", -1);
      long id = Long.parseLong(part[0]);
      Staged fresh = announced.remove(id);
      if (fresh != null) {
        objects.put(id, fresh);
      }
      Staged object = objects.get(id);
      if (object != null) {
        object.length = Long.parseLong(part[1]);
        object.records = Long.parseLong(part[2]);
      }
    }
    announced.clear();
  }

  /** The objects that are not done, oldest first. */
  Map<Long, Staged> objects() {
    return objects;
  }

  /** The first segment of the log whose records are not in objects. */
  long nextSegment() {
    return nextSegment;
  }

  long nextObject() {
    return nextObject;
  }

  /** The next {@code $INDEX}. */
  long nextIndex() {
    return nextIndex;
  }

  /** How many bytes at the end were no whole lines when it was opened. */
  long cutBytes() {
    return cutBytes;
  }

  static String object(Staged o) {
    return String.join(
        "\t",
        "object",
        Long.toString(o.id),
        Long.toString(o.period),
        Long.toString(o.createdMillis),
        o.coding.name(),
        JournalLine.safe(o.tag),
        JournalLine.safe(o.key));
  }

  static String state(Staged o) {
    return o.id + ":" + o.length + ":" + o.records;
  }

  /**
   * The records of a segment are in these objects now: returns when that is on the disk.
   *
   * @param made those that are new
   * @param index the next {@code $INDEX}
   */
  void flushed(long segment, long index, List<Staged> made, List<String> states)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Staged each : made) {
      JournalLine.append(object(each), lines);
    }
    JournalLine.append(
        "flushed\t"
            + segment
            + '\t'
            + index
            + (states.isEmpty() ? "" : "\t")
            + String.join("\t", states),
        lines);
    write(lines, true);
    nextSegment = segment + 1;
    nextIndex = index;
    for (Staged each : made) {
      objects.put(each.id, each);
      nextObject = Math.max(nextObject, each.id + 1);
    }
  }

  /** What is noted of an upload in parts that was begun. */
  static String[] begun(Staged object, Multipart upload) {
    String partBytes = Long.toString(object.partBytes);
    return new String[] {"begun", partBytes, upload.id(), upload.checksum().name()};
  }

  /** What is noted of a part that S3 has. */
  static String[] part(int number, Part part) {
    return new String[] {"part", Integer.toString(number), part.etag(), part.checksum()};
  }

  /**
   * Writes one line about an object.
   *
   * @param fields what it says, and what belongs to that
   */
  void note(Staged object, boolean force, String... fields) throws IOException {
    StringBuilder lines = new StringBuilder();
    append(object, lines, fields);
    write(lines, force);
  }

  private static void append(Staged object, StringBuilder to, String... fields) {
    StringBuilder text = new StringBuilder(fields[0]).append('\t').append(object.id);
    for (int i = 1; i < fields.length; i++) {
      text.append('\t').append(JournalLine.safe(fields[i]));
    }
    JournalLine.append(text.toString(), to);
  }

  /** The object is where it should be; nothing more is known of it. */
  void done(Staged object) throws IOException {
    note(object, true, "done");
    objects.remove(object.id);
    keepReserve();
    if (length > MOST_BYTES) {
      try {
        rewrite();
      } catch (IOException e) {
        LOG.debug("{} could not be made shorter", path, e);
      }
    }
  }

  private void write(StringBuilder lines, boolean force) throws IOException {
    byte[] utf8 = lines.toString().getBytes(StandardCharsets.UTF_8);
    try {
      put(utf8, force);
    } catch (IOException e) {
      cut();
      disk.delete(path.resolveSibling(RESERVE));
      try {
        put(utf8, force);
      } catch (IOException again) {
        cut();
        throw again;
      }
    }
    length += utf8.length;
  }

  private void put(byte[] utf8, boolean force) throws IOException {
    file.write(utf8, 0, utf8.length, length);
    if (force) {
      file.force();
    }
  }

  /** Takes back what was not written whole; what a failed cut leaves is overwritten. */
  private void cut() {
    try {
      file.truncate(length);
    } catch (IOException e) {
      LOG.debug("{} could not be cut back", path, e);
    }
  }

  /** Puts a file in its place that says the same in fewer lines. */
  private void rewrite() throws IOException {
    StringBuilder lines = new StringBuilder();
    JournalLine.append("numbers\t" + nextSegment + '\t' + nextObject + '\t' + nextIndex, lines);
    List<String> states = new ArrayList<>();
    for (Staged o : objects.values()) {
      JournalLine.append(object(o), lines);
      states.add(state(o));
    }
    if (!states.isEmpty()) {
      JournalLine.append(
          "flushed\t" + (nextSegment - 1) + '\t' + nextIndex + '\t' + String.join("\t", states),
          lines);
    }
    for (Staged o : objects.values()) {
      if (o.sealed) {
        append(o, lines, "sealed");
      }
      if (o.intended) {
        append(o, lines, "intended");
      }
      if (o.upload != null) {
        append(o, lines, begun(o, o.upload));
      }
      for (int i = 0; i < o.parts.size(); i++) {
        append(o, lines, part(i + 1, o.parts.get(i)));
      }
    }
    byte[] utf8 = lines.toString().getBytes(StandardCharsets.UTF_8);
    Path next = path.resolveSibling(NAME + ".new");
    DiskFile fresh = disk.open(next, Disk.Mode.ENSURE);
    try {
      fresh.truncate(0);
      fresh.write(utf8, 0, utf8.length, 0);
      fresh.force();
      disk.rename(next, path);
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
    file.close();
    file = fresh;
    length = utf8.length;
    Path directory = path.getParent();
    if (directory != null) {
      disk.forceDirectory(directory);
    }
  }

  void close() throws IOException {
    file.close();
  }
}
