package io.logboom.app.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where log lines go. */
final class LogTarget {
  private final OutputStream out;

  LogTarget(OutputStream out) {
    this.out = out;
  }

  static LogTarget standardError() {
    return new LogTarget(new FileOutputStream(FileDescriptor.err));
  }

  /** A file, appended to; made where it is not there. */
  static LogTarget file(Path path) throws IOException {
    return new LogTarget(
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** Writes whole lines. A log that cannot be written is no reason to stop shipping logs. */
  void write(byte[] lines, int count) {
    try {
      out.write(lines, 0, count);
      out.flush();
    } catch (IOException e) {
      // There is no other place to say it; the counters on /metrics go on.
    }
  }
}
