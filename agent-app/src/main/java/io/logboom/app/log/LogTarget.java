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
  private final boolean closeable;

  private LogTarget(OutputStream out, boolean closeable) {
    this.out = out;
    this.closeable = closeable;
  }

  /** A stream that stays its owner's. */
  static LogTarget of(OutputStream out) {
    return new LogTarget(out, false);
  }

  static LogTarget standardError() {
    return of(new FileOutputStream(FileDescriptor.err));
  }

  /** A file, appended to; made where it is not there. */
  static LogTarget file(Path path) throws IOException {
    return new LogTarget(
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND), true);
  }

  /** Nothing is written to it any more. */
  void close() {
    if (closeable) {
      try {
        out.close();
      } catch (IOException e) {
        // What was written was flushed with each line.
      }
    }
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
