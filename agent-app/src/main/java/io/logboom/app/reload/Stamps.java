package io.logboom.app.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How files and directories look from outside, to see whether they may have changed: by the file
 * that a path leads to, its time and its size. Looking costs less than watching here, works on
 * every file system, and sees what a ConfigMap volume does: it moves a link above the files.
 */
record Stamps(Map<Path, Stamp> of) {
  /** One path. */
  record Stamp(Path real, FileTime modified, long size, @Nullable Object key) {}

  Stamps {
    of = Map.copyOf(of);
  }

  static Stamps of(Set<Path> paths) {
    Map<Path, Stamp> stamps = new HashMap<>();
    for (Path path : paths) {
      Stamp stamp = stamp(path);
      if (stamp != null) {
        stamps.put(path, stamp);
      }
    }
    return new Stamps(stamps);
  }

  /** Null where there is nothing that can be looked at. */
  private static @Nullable Stamp stamp(Path path) {
    try {
      Path real = path.toRealPath();
      BasicFileAttributes seen = Files.readAttributes(real, BasicFileAttributes.class);
      return new Stamp(real, seen.lastModifiedTime(), seen.size(), seen.fileKey());
    } catch (IOException e) {
      return null;
    }
  }
}
