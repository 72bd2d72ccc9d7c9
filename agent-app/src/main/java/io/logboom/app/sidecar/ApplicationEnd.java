package io.logboom.app.sidecar;

import io.logboom.core.config.ServiceConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the application has ended: by a file that it leaves behind, or by its process,
 * which the agent sees where the pod's containers share their processes. Once it has, it stays so.
 */
public final class ApplicationEnd implements BooleanSupplier {
  private static final int LOOKS_WITHOUT = 2;
  private static final char ZOMBIE = 'Z';

  private final @Nullable Path doneFile;
  private final @Nullable String process;
  private final Path proc;
  private final long self;
  private boolean seen;
  private int without;
  private boolean ended;

  /**
   * @param doneFile null where a process tells
   * @param process its command without directory; null where a file tells
   * @param proc where the kernel shows processes, such as {@code /proc}
   * @param self the agent's own process
   */
  ApplicationEnd(@Nullable Path doneFile, @Nullable String process, Path proc, long self) {
    this.doneFile = doneFile;
    this.process = process;
    this.proc = proc;
    this.self = self;
  }

  /** As configured; null where nothing would tell. */
  static @Nullable ApplicationEnd of(ServiceConfig.Sidecar options) {
    return options.doneFile() == null && options.process() == null
        ? null
        : new ApplicationEnd(
            options.doneFile(), options.process(), Path.of("/proc"), ProcessHandle.current().pid());
  }

  /** Looks. */
  @Override
  public synchronized boolean getAsBoolean() {
    if (!ended) {
      ended = doneFile != null ? Files.exists(doneFile) : isGone(String.valueOf(process));
    }
    return ended;
  }

  /** Whether the process was ever there. */
  synchronized boolean wasSeen() {
    return seen;
  }

  /** What it goes by, for messages. */
  String place() {
    return doneFile != null ? "the file " + doneFile : "a process called " + process;
  }

  boolean isProcess() {
    return doneFile == null;
  }

  /** A process that replaces itself may be missed for a moment. */
  private boolean isGone(String command) {
    if (isThere(command)) {
      seen = true;
      without = 0;
      return false;
    }
    return seen && ++without >= LOOKS_WITHOUT;
  }

  private boolean isThere(String command) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path each : all) {
        if (isOf(each, command)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      // Not to be seen is not to have ended.
      return seen;
    }
  }

  private boolean isOf(Path directory, String command) {
    if (String.valueOf(directory.getFileName()).equals(Long.toString(self))) {
      return false;
    }
    try {
      return isCalled(directory, command) && state(directory) != ZOMBIE;
    } catch (IOException e) {
      // It has just ended, or is not ours to look at.
      return false;
    }
  }

  /** By the first word of its command line, or by the name that the kernel has, which is cut. */
  private static boolean isCalled(Path directory, String command) throws IOException {
    String line = text(directory.resolve("cmdline"));
    int end = line.indexOf('\0');
    String word = end < 0 ? line : line.substring(0, end);
    return word.substring(word.lastIndexOf('/') + 1).equals(command)
        || text(directory.resolve("comm")).strip().equals(command);
  }

  /** {@code PID (COMMAND) STATE ...} */
  private static char state(Path directory) throws IOException {
    String stat = text(directory.resolve("stat"));
    int behind = stat.lastIndexOf(')') + 2;
    return behind < stat.length() ? stat.charAt(behind) : ZOMBIE;
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
