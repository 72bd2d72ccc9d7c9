package io.logboom.core.deadletter;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The files by which commands ask something of the agent: written under another name, flushed,
 * renamed. Who may write into the directory may ask.
 */
final class Requests {
  private static final String SUFFIX = ".request";
  private static final String REFUSED = ".refused";
  private static final int MOST_BYTES = 4 << 20;

  private final Disk disk;
  private final Path directory;

  Requests(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  void leave(Request request) throws IOException {
    String name = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + SUFFIX;
    byte[] text = request.toText().getBytes(StandardCharsets.UTF_8);
    if (text.length > MOST_BYTES) {
      throw new IOException("the letters are scattered too far for one request: ask for fewer");
    }
    Path draft = directory.resolve(name + ".new");
    try (DiskFile file = disk.open(draft, Disk.Mode.CREATE)) {
      file.write(text, 0, text.length, 0);
      file.force();
    }
    disk.rename(draft, directory.resolve(name));
    disk.forceDirectory(directory);
  }

  /** The names of the files of those that are not done. */
  List<String> names() throws IOException {
    return disk.list(directory).stream().filter(name -> name.endsWith(SUFFIX)).sorted().toList();
  }

  /**
   * @throws IllegalArgumentException where the file holds no request
   */
  Request read(String name) throws IOException {
    try (DiskFile file = disk.open(directory.resolve(name), Disk.Mode.READ)) {
      long size = file.size();
      if (size > MOST_BYTES) {
        throw new IllegalArgumentException("it has " + size + " bytes");
      }
      byte[] bytes = new byte[(int) size];
      int count = file.read(bytes, 0, bytes.length, 0);
      return Request.parse(new String(bytes, 0, count, StandardCharsets.UTF_8));
    }
  }

  /** Puts a file aside that holds no request. */
  void refuse(String name) throws IOException {
    disk.rename(directory.resolve(name), directory.resolve(name + REFUSED));
  }

  void done(String name) throws IOException {
    disk.delete(directory.resolve(name));
  }
}
