package io.logboom.input.tail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Plays a runtime and a kubelet for one log file. */
final class LogFile {
  static final String STAMP = "2026-11-22T06:00:00.%09dZ";

  private final Path path;
  private int stamp;
  private int rotation;

  LogFile(Path path) throws IOException {
    this.path = path;
    Files.createDirectories(path.getParent());
  }

  Path path() {
    return path;
  }

  /** Appends bytes. */
  LogFile write(String text) throws IOException {
    Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return this;
  }

  /** Appends complete CRI lines of stdout. */
  LogFile cri(String... texts) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String text : texts) {
      all.append(line("stdout", "F", text));
    }
    return write(all.toString());
  }

  /** Appends a piece of a CRI line. */
  LogFile piece(String stream, String text) throws IOException {
    return write(line(stream, "P", text));
  }

  /** Appends the last piece. */
  LogFile last(String stream, String text) throws IOException {
    return write(line(stream, "F", text));
  }

  String line(String stream, String tag, String text) {
    return String.format(Locale.ROOT, STAMP, stamp++)
        + " "
        + stream
        + " "
        + tag
        + " "
        + text
        + "\n";
  }

  LogFile docker(String stream, String escaped) throws IOException {
    return write(
        "{\"log\":\""
            + escaped
            + "\",\"stream\":\""
            + stream
            + "\",\"time\":\""
            + String.format(Locale.ROOT, STAMP, stamp++)
            + "\"}\n");
  }

  /** Renames as the kubelet does; the next write makes a new file. */
  Path rotate() throws IOException {
    Path to =
        path.resolveSibling(
            path.getFileName()
                + String.format(Locale.ROOT, ".20261122-06%02d%02d", rotation / 60, rotation % 60));
    rotation++;
    Files.move(path, to);
    return to;
  }

  /** Copies to a rotated name and truncates. */
  Path copyTruncate() throws IOException {
    Path to =
        path.resolveSibling(
            path.getFileName()
                + String.format(Locale.ROOT, ".20261122-06%02d%02d", rotation / 60, rotation % 60));
    rotation++;
    Files.copy(path, to, StandardCopyOption.REPLACE_EXISTING);
    truncate();
    return to;
  }

  void truncate() throws IOException {
    Files.write(path, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** Packs a rotated file as the kubelet does. */
  static Path pack(Path plain) throws IOException {
    Path packed = plain.resolveSibling(plain.getFileName() + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(Files.readAllBytes(plain));
    }
    Files.delete(plain);
    return packed;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
