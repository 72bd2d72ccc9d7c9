package io.logboom.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One agent process from its start until the sink has the whole backlog. Linux only (/proc). */
final class AgentRun {
  /** What the kernel counts processor time in, on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private static final long POLL_MILLIS = 20;

  private final CountingSink sink;
  private final long expected;
  private final Duration patience;

  /**
   * What a run showed.
   *
   * @param records how many arrived
   * @param wallSeconds from the start of the process to the last record
   * @param firstSeconds from the start of the process to the first record
   * @param cpuSeconds user and system time of the process and its children until the last record
   * @param peakMebibytes the most resident memory at any time
   * @param outBytes bytes of all requests
   * @param problem why the run does not count; empty where it does
   */
  record Result(
      long records,
      double wallSeconds,
      double firstSeconds,
      double cpuSeconds,
      double peakMebibytes,
      long outBytes,
      String problem) {}

  AgentRun(CountingSink sink, long expected, Duration patience) {
    this.sink = sink;
    this.expected = expected;
    this.patience = patience;
  }

  Result run(List<String> command, Path directory) throws IOException, InterruptedException {
    long recordsBefore = sink.records();
    long bytesBefore = sink.bytes();
    long start = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("agent.log").toFile());
    builder.environment().putAll(sink.environment());
    Process process = builder.start();
    long first = -1;
    long got = 0;
    String problem = "";
    double cpu = 0;
    double peak = 0;
    try {
      while (got < expected && problem.isEmpty()) {
        boolean ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        long now = System.nanoTime() - start;
        got = sink.records() - recordsBefore;
        if (got > 0 && first < 0) {
          first = now;
        }
        if (ended) {
          problem = "the agent ended with status " + process.exitValue();
        } else if (now > patience.toNanos()) {
          problem = "after " + patience.toSeconds() + " s there were " + got + " of " + expected;
        } else {
          List<Long> tree = tree(process);
          cpu = cpuSeconds(tree);
          peak = peakMebibytes(tree);
        }
      }
      double wall = (System.nanoTime() - start) / 1e9;
      return new Result(got, wall, first / 1e9, cpu, peak, sink.bytes() - bytesBefore, problem);
    } finally {
      stop(process);
    }
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(15, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private static List<Long> tree(Process process) {
    List<Long> tree = new ArrayList<>();
    tree.add(process.pid());
    try (Stream<ProcessHandle> children = process.descendants()) {
      children.forEach(child -> tree.add(child.pid()));
    }
    return tree;
  }

  private static double cpuSeconds(List<Long> tree) throws IOException {
    double ticks = 0;
    for (long pid : tree) {
      String stat = read(pid, "stat");
      // Behind the name, which may hold anything: state is field 3, utime 14, stime 15.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
      if (fields.length > 12) {
        ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      }
    }
    return ticks / TICKS_PER_SECOND;
  }

  private static double peakMebibytes(List<Long> tree) throws IOException {
    double kibibytes = 0;
    for (long pid : tree) {
      for (String line : read(pid, "status").lines().toList()) {
        if (line.startsWith("VmHWM:")) {
          kibibytes += Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    }
    return kibibytes / 1024;
  }

  private static String read(long pid, String file) throws IOException {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (NoSuchFileException e) {
      return ""; // it has just ended
    }
  }
}
