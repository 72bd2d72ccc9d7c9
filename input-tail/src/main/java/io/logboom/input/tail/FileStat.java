package io.logboom.input.tail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/** What the kernel says of a path, links followed. */
record FileStat(FileKey key, long size, long modifiedMillis, boolean regular) {
  private static final String WANTED = "unix:dev,ino,size,lastModifiedTime,isRegularFile";

  static FileStat of(Path path) throws IOException {
    Map<String, Object> found = Files.readAttributes(path, WANTED);
    return new FileStat(
        new FileKey(number(found, "dev"), number(found, "ino")),
        number(found, "size"),
        value(found, "lastModifiedTime", FileTime.class).toMillis(),
        value(found, "isRegularFile", Boolean.class));
  }

  /** Whether the file of this inode has this name. */
  static boolean isAt(Path path, FileKey key) {
    try {
      return of(path).key().equals(key);
    } catch (IOException e) {
      return false;
    }
  }

  private static long number(Map<String, Object> found, String name) {
    return value(found, name, Number.class).longValue();
  }

  private static <T> T value(Map<String, Object> found, String name, Class<T> type) {
    return type.cast(Objects.requireNonNull(found.get(name), name));
  }
}
