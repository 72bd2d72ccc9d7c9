package io.logboom.output.s3;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what an earlier life left in a staging directory, and cuts off what it left unfinished. */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Path directory;
  private final Disk disk;
  private final Journal journal;
  private long tornBytes;
  private long damagedBytes;

  Recovery(Path directory, Disk disk, Journal journal) {
    this.directory = directory;
    this.disk = disk;
    this.journal = journal;
  }

  /** Bytes of files of the log that were cut off as torn. */
  long tornBytes() {
    return tornBytes;
  }

  /** Bytes of objects that the disk has lost. */
  long damagedBytes() {
    return damagedBytes;
  }

  /**
   * The objects that the journal knows, each file as long as it says. Files that it does not know
   * are deleted, or kept aside where the journal has lost lines.
   */
  List<Staged> objects() throws IOException {
    List<Staged> found = new ArrayList<>();
    Map<Long, Staged> objects = journal.objects();
    for (Path path : files("*.object")) {
      long id = number(path);
      if (objects.containsKey(id)) {
        continue;
      }
      if (journal.isDamaged()) {
        Path aside = path.resolveSibling(path.getFileName() + ".unknown");
        LOG.error("the journal does not know of {}; it is kept as {}", path, aside);
        disk.rename(path, aside);
      } else {
        disk.delete(path);
      }
    }
    for (Staged object : List.copyOf(objects.values())) {
      Path path = Staging.path(directory, object);
      try (DiskFile file = disk.open(path, Disk.Mode.ENSURE)) {
        long size = file.size();
        if (size < object.length) {
          LOG.error(
              "{} has {} bytes and should have {}: the disk has lost the rest",
              path,
              size,
              object.length);
          damagedBytes += object.length - size;
          object.length = size;
          object.upload = null;
          object.parts.clear();
        }
        file.truncate(object.length);
      }
      if (object.length == 0) {
        journal.done(object);
        disk.delete(path);
        continue;
      }
      found.add(object);
    }
    return found;
  }

  /** Has the log take over the files whose records are in no object, and notes their positions. */
  void log(StagingLog log, Known known) throws IOException {
    for (Path path : files("*.log")) {
      long number = number(path);
      if (number < journal.nextSegment()) {
        disk.delete(path);
        continue;
      }
      DiskFile file = disk.open(path, Disk.Mode.ENSURE);
      try {
        recover(number, path, file, log, known);
      } catch (IOException e) {
        file.close();
        throw e;
      }
    }
  }

  private void recover(long number, Path path, DiskFile file, StagingLog log, Known known)
      throws IOException {
    byte[] header = new byte[StagingLog.HEADER];
    long size = file.size();
    if (file.read(header, 0, header.length, 0) < header.length || !StagingLog.isHeader(header)) {
      if (size > StagingLog.HEADER) {
        throw new IOException(path + " is no file of this program, or of a newer version");
      }
      tornBytes += size;
      file.close();
      disk.delete(path);
      return;
    }
    UnitReader reader = new UnitReader(file, StagingLog.HEADER, size, new byte[0]);
    long[] first = {Long.MAX_VALUE};
    while (true) {
      while (reader.next()) {
        first[0] = Math.min(first[0], reader.millis());
        reader.blocks(block -> note(block, known));
      }
      if (reader.position() == size || !reader.resume()) {
        break;
      }
    }
    long end = reader.position();
    tornBytes += size - end;
    file.truncate(end);
    // What was written and not flushed may be told from nothing else from here on.
    file.force();
    log.adopt(number, path, file, end, first[0] == Long.MAX_VALUE ? 0 : first[0]);
  }

  private static void note(UnitReader block, Known known) {
    if (block.positionsTo() > block.positionsFrom()) {
      known.add(
          block.tag(), block.source(), block.bytes(), block.positionsFrom(), block.positionsTo());
    }
  }

  private List<Path> files(String glob) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> names = Files.newDirectoryStream(directory, glob)) {
      names.forEach(all::add);
    }
    Collections.sort(all);
    return all;
  }

  private static long number(Path path) throws IOException {
    String name = String.valueOf(path.getFileName());
    try {
      return Long.parseLong(name.substring(0, name.indexOf('.')));
    } catch (NumberFormatException e) {
      throw new IOException(path + " is no file of this program", e);
    }
  }
}
