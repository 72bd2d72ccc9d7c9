package io.logboom.core.assembly;

import io.logboom.api.disk.DiskFullException;
import io.logboom.api.disk.DiskLockedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells a disk that refuses writes at present, such as a full or a read-only one, from a path that
 * is wrong: the agent works without the former until it is over, and not with the latter.
 */
final class DiskTrouble {
  private static final long NO_ROOM_BYTES = 64 * 1024;
  private static final List<String> WORDS =
      List.of(
          "read-only file system",
          "no space left",
          "quota exceeded",
          "input/output error",
          "stale file handle");

  private DiskTrouble() {}

  /** Whether it is the disk's trouble, which may pass, and not the path's. */
  static boolean mayPass(Path path, IOException e) {
    if (e instanceof FileAlreadyExistsException
        || e instanceof NotDirectoryException
        || e instanceof AccessDeniedException
        || e instanceof DiskLockedException) {
      return false;
    }
    String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return e instanceof DiskFullException
        || WORDS.stream().anyMatch(said::contains)
        || refusesWrites(path);
  }

  /** In no language: the words of an exception may be in any. */
  private static boolean refusesWrites(Path path) {
    try {
      Path there = path.toAbsolutePath();
      while (!Files.exists(there) && there.getParent() != null) {
        there = there.getParent();
      }
      var store = Files.getFileStore(there);
      return store.isReadOnly() || store.getUsableSpace() < NO_ROOM_BYTES;
    } catch (IOException probe) {
      return false;
    }
  }

  /** What an exception says, without the path. */
  static String words(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
      return "it is no directory";
    }
    @Nullable String reason = e instanceof FileSystemException known ? known.getReason() : null;
    return reason == null ? String.valueOf(e.getMessage()) : reason;
  }
}
