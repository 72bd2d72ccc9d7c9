package io.logboom.input.tail;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The names that rotation gives to what a file was before: {@code 0.log.20261122-060000} (kubelet),
 * {@code x-json.log.1} (docker, logrotate), {@code app.log-20261122} (logrotate), each with {@code
 * .gz} or not.
 */
final class Siblings {
  static final String PACKED = ".gz";
  private static final int LONGEST_NUMBER = 5;

  private Siblings() {}

  /** The rotated files beside {@code target}, oldest first. */
  static List<Path> of(Path target) throws IOException {
    List<Path> found = new ArrayList<>();
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return found;
    }
    String base = target.getFileName().toString();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (isSibling(base, entry.getFileName().toString())) {
          found.add(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw new IOException(e);
    }
    found.sort(oldestFirst(base));
    return found;
  }

  /** Whether {@code name} is what rotation may have made of {@code base}. */
  static boolean isSibling(String base, String name) {
    if (name.length() <= base.length() + 1 || !name.startsWith(base) || name.endsWith(".tmp")) {
      return false;
    }
    char next = name.charAt(base.length());
    return (next == '.' || next == '-') && Character.isDigit(name.charAt(base.length() + 1));
  }

  /** The names of which rotation may have made {@code path}, longest first. */
  static List<Path> originals(Path path) {
    List<Path> found = new ArrayList<>();
    String name = path.getFileName().toString();
    for (int i = name.length() - 2; i > 0; i--) {
      if (isSibling(name.substring(0, i), name)) {
        found.add(path.resolveSibling(name.substring(0, i)));
      }
    }
    return found;
  }

  static boolean isPacked(Path path) {
    return path.toString().endsWith(PACKED);
  }

  /** The name without {@code .gz}. */
  static Path unpacked(Path path) {
    String name = path.getFileName().toString();
    return name.endsWith(PACKED)
        ? path.resolveSibling(name.substring(0, name.length() - PACKED.length()))
        : path;
  }

  /** Short numbers count up with age; stamps sort by time. Numbers stand before stamps. */
  private static Comparator<Path> oldestFirst(String base) {
    Comparator<String> bySuffix =
        (x, y) -> {
          boolean number = isNumber(x);
          if (number != isNumber(y)) {
            return number ? -1 : 1;
          }
          return number
              ? Integer.compare(Integer.parseInt(y), Integer.parseInt(x))
              : x.compareTo(y);
        };
    return Comparator.comparing((Path p) -> suffix(base, p), bySuffix)
        .thenComparingInt(p -> p.toString().length());
  }

  private static String suffix(String base, Path path) {
    return unpacked(path).getFileName().toString().substring(base.length() + 1);
  }

  private static boolean isNumber(String text) {
    return text.length() <= LONGEST_NUMBER && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
