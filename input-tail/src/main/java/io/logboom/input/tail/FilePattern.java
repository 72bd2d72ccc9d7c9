package io.logboom.input.tail;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** One pattern of {@code path}: a directory that is written out, and what follows it. */
final class FilePattern {
  private final Path base;
  private final List<Part> parts;

  private record Part(String text, boolean wild, Pattern pattern) {}

  /** What a walk comes by. */
  interface Visitor {
    /**
     * A directory in which files or directories of the pattern may appear; told before it is
     * listed.
     */
    void directory(Path directory);

    /** A directory of the pattern is not there (yet). */
    void missing(Path directory);

    /** A path that the pattern takes in; not necessarily a file. */
    void file(Path path);

    /** A directory could not be listed. */
    void trouble(Path directory, IOException e);
  }

  private FilePattern(Path base, List<Part> parts) {
    this.base = base;
    this.parts = parts;
  }

  /**
   * @param home what {@code ~} at the start stands for
   */
  static FilePattern of(String text, String home) {
    String full = text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
    Path base = Path.of(full.startsWith("/") ? "/" : "");
    List<Part> parts = new ArrayList<>();
    for (String each : full.split("/")) {
      if (!each.isEmpty()) {
        parts.add(new Part(each, Wildcard.isWild(each), Wildcard.component(each)));
      }
    }
    while (parts.size() > 1 && !parts.getFirst().wild()) {
      base = base.resolve(parts.removeFirst().text());
    }
    return new FilePattern(base, List.copyOf(parts));
  }

  /** Finds all paths that are there now. */
  void walk(Visitor visitor) {
    if (!parts.isEmpty()) {
      walk(base, 0, visitor);
    }
  }

  private void walk(Path directory, int depth, Visitor visitor) {
    if (!Files.isDirectory(directory.toString().isEmpty() ? Path.of(".") : directory)) {
      visitor.missing(directory);
      return;
    }
    visitor.directory(directory);
    Part part = parts.get(depth);
    if (!part.wild()) {
      step(directory.resolve(part.text()), depth, visitor);
      return;
    }
    Path listed = directory.toString().isEmpty() ? Path.of(".") : directory;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(listed)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (part.pattern().matcher(name).matches()) {
          step(directory.resolve(name), depth, visitor);
        }
      }
    } catch (IOException e) {
      visitor.trouble(directory, e);
    } catch (DirectoryIteratorException e) {
      visitor.trouble(directory, new IOException(e));
    }
  }

  private void step(Path entry, int depth, Visitor visitor) {
    if (depth < parts.size() - 1) {
      if (Files.isDirectory(entry)) {
        walk(entry, depth + 1, visitor);
      } else if (!parts.get(depth).wild()) {
        visitor.missing(entry);
      }
    } else if (Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
      visitor.file(entry);
    }
  }

  /** Whether the path is one that a walk would find, were it there. */
  boolean matches(Path path) {
    int n = parts.size();
    int count = path.getNameCount();
    int baseCount = base.toString().isEmpty() ? 0 : base.getNameCount();
    if (count != baseCount + n || path.isAbsolute() != base.isAbsolute()) {
      return false;
    }
    if (baseCount > 0 && !path.startsWith(base)) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      String name = path.getName(baseCount + i).toString();
      Part part = parts.get(i);
      if (part.wild() ? !part.pattern().matcher(name).matches() : !part.text().equals(name)) {
        return false;
      }
    }
    return true;
  }
}
