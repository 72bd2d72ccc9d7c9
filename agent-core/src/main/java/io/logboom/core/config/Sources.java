package io.logboom.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens the files of one configuration, each once, within bounds: {@value #MOST_FILES} files of
 * {@value #LARGEST} bytes, {@value #DEEPEST} deep.
 */
final class Sources {
  static final int LARGEST = 1 << 20;
  static final int MOST_FILES = 1000;
  static final int DEEPEST = 50;

  private static final String LOOKED =
      "a relative path starts at the working directory, or where the main file is";

  private final Path workingDirectory;
  private final Path mainDirectory;
  private final Findings findings;
  private final Set<Path> lookedAt;
  private final Set<Object> opened = new HashSet<>();
  private int depth;

  /**
   * A file that was read.
   *
   * @param name for marks
   */
  record Source(String name, Path path, String text) {}

  /**
   * @param mainDirectory where the main file is
   * @param lookedAt takes each file that is read or looked for, and each directory that is searched
   */
  Sources(Path workingDirectory, Path mainDirectory, Findings findings, Set<Path> lookedAt) {
    this.workingDirectory = workingDirectory;
    this.mainDirectory = mainDirectory;
    this.findings = findings;
    this.lookedAt = lookedAt;
  }

  /**
   * Reads a file; null where it cannot be, which is reported.
   *
   * @param from where it is named
   */
  @Nullable Source open(Path path, Mark from) {
    return open(path, from, path.toString());
  }

  /**
   * As {@link #open(Path, Mark)}.
   *
   * @param shown the path for messages
   */
  @Nullable Source open(Path path, Mark from, String shown) {
    Path file = workingDirectory.resolve(path);
    lookedAt.add(file);
    try {
      if (!opened.add(identity(file))) {
        findings.error(
            from, shown + " is included a second time", "a file is read once; remove it");
        return null;
      }
      if (opened.size() > MOST_FILES) {
        findings.error(from, "more than " + MOST_FILES + " files", "put several into one");
        return null;
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(LARGEST + 1);
      }
      if (bytes.length > LARGEST) {
        findings.error(
            from, shown + " is larger than " + (LARGEST >> 20) + " MiB", "split it by includes");
        return null;
      }
      return decode(path, file, bytes);
    } catch (IOException e) {
      findings.error(from, shown + " cannot be read: " + reason(e), LOOKED);
      return null;
    }
  }

  private @Nullable Source decode(Path path, Path file, byte[] bytes) {
    try {
      return new Source(path.toString(), file, decode(bytes));
    } catch (CharacterCodingException e) {
      int bad = validPrefix(bytes);
      int line = 1;
      int start = 0;
      for (int i = 0; i < bad; i++) {
        if (bytes[i] == '\n') {
          line++;
          start = i + 1;
        }
      }
      findings.error(
          new Mark(path.toString(), line, bad - start + 1),
          "a byte that is not UTF-8",
          "save the file as UTF-8");
      return null;
    }
  }

  private static int validPrefix(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    var out = java.nio.CharBuffer.allocate(bytes.length);
    StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    return in.position();
  }

  /** Strict UTF-8; a byte order mark is left out. */
  static String decode(byte[] bytes) throws CharacterCodingException {
    String text =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes))
            .toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static Object identity(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return Objects.requireNonNullElseGet(key, () -> file.toAbsolutePath().normalize());
  }

  /** In words why a file could not be read. */
  static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "access is denied";
      case FileSystemException f when f.getReason() != null -> String.valueOf(f.getReason());
      default -> String.valueOf(e.getMessage());
    };
  }

  /** Goes one include deeper; false where that is too deep, which is reported. */
  boolean enter(Mark from) {
    if (depth == DEEPEST) {
      findings.error(from, "includes are nested deeper than " + DEEPEST, "");
      return false;
    }
    depth++;
    return true;
  }

  void leave() {
    depth--;
  }

  /** A path as given where that exists, else beside the main file. */
  @Nullable Path locate(String text, Mark from) {
    Path path = path(text, from);
    if (path == null || Files.exists(workingDirectory.resolve(path))) {
      return path;
    }
    Path beside = mainDirectory.resolve(path);
    return Files.exists(workingDirectory.resolve(beside)) ? beside : path;
  }

  /** A path beside a file. */
  @Nullable Path beside(Path file, String text, Mark from) {
    Path path = path(text, from);
    Path directory = file.getParent();
    return path == null || directory == null ? path : directory.resolve(path);
  }

  private @Nullable Path path(String text, Mark from) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      findings.error(from, Entry.quote(text) + " is not a path: " + e.getReason(), "");
      return null;
    }
  }

  /**
   * The files that a pattern with {@code *} names, sorted. Relative to the main file's directory.
   */
  List<Path> glob(String pattern, Path directory, Mark from) {
    Path path = path(pattern, from);
    if (path == null) {
      return List.of();
    }
    Path start = path.isAbsolute() ? Objects.requireNonNull(path.getRoot()) : directory;
    List<Path> found = List.of(start);
    for (Path part : path) {
      List<Path> next = new ArrayList<>();
      for (Path each : found) {
        expand(each, part.toString(), next);
        if (next.size() > MOST_FILES) {
          findings.error(
              from, Entry.quote(pattern) + " names more than " + MOST_FILES + " files", "");
          return List.of();
        }
      }
      found = next;
    }
    return found.stream().filter(p -> !Files.isDirectory(workingDirectory.resolve(p))).toList();
  }

  /** The directory of the main file. */
  Path mainDirectory() {
    return mainDirectory;
  }

  private void expand(Path directory, String part, List<Path> into) {
    if (!part.contains("*") && !part.contains("?") && !part.contains("[")) {
      Path next = directory.resolve(part);
      if (Files.exists(workingDirectory.resolve(next))) {
        into.add(next);
      } else {
        lookedAt.add(workingDirectory.resolve(next));
      }
      return;
    }
    String glob = part.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}");
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (IllegalArgumentException e) {
      return; // an open bracket names no file
    }
    lookedAt.add(workingDirectory.resolve(directory));
    List<Path> names = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(workingDirectory.resolve(directory))) {
      for (Path each : all) {
        Path name = each.getFileName();
        boolean hidden = name.toString().startsWith(".") && !part.startsWith(".");
        if (!hidden && matcher.matches(name)) {
          names.add(name);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return; // as for a shell: what cannot be listed holds no match
    }
    names.stream().sorted().map(directory::resolve).forEach(into::add);
  }
}
