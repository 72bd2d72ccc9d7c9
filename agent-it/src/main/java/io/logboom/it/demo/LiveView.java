package io.logboom.it.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Formatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Shows, once a second, what is in the index by namespace and pod, and how the agent is doing. */
final class LiveView {
  private static final String CLEAR = "\u001b[H\u001b[2J";
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Stage stage;
  private final PrintStream out;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private Map<String, Long> before = new HashMap<>();
  private long beforeNanos = start;

  /**
   * @param terminal whether the screen can be cleared; else a table is printed now and then
   */
  LiveView(Stage stage, PrintStream out, boolean terminal) {
    this.stage = stage;
    this.out = out;
    this.terminal = terminal;
  }

  /** Until the agent ends or the stage is closed. */
  void run() throws IOException, InterruptedException {
    while (stage.agent().isAlive()) {
      try {
        show();
      } catch (IOException e) {
        if (stage.isClosed()) {
          return;
        }
        throw e;
      }
      LockSupport.parkNanos(this, terminal ? SECOND : 5 * SECOND);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    if (!stage.isClosed()) {
      out.println("The agent has ended. Its log:");
      out.println(stage.agent().log());
    }
  }

  private void show() throws IOException, InterruptedException {
    Map<String, Long> counts = stage.search().countByPod();
    long now = System.nanoTime();
    double seconds = (now - beforeNanos) / (double) SECOND;
    Formatter view = new Formatter(Locale.ROOT);
    view.format(terminal ? CLEAR : "%n");
    view.format(
        "Logboom: the logs of one node, enriched, in OpenSearch. Running for %d s.%n%n",
        (now - start) / SECOND);
    view.format("  %-14s %-32s %12s %10s%n", "namespace", "pod", "documents", "a second");
    long total = 0;
    long change = 0;
    for (Map.Entry<String, Long> pod : counts.entrySet()) {
      long delta = pod.getValue() - before.getOrDefault(pod.getKey(), 0L);
      String[] names = pod.getKey().split("/", 2);
      view.format(
          "  %-14s %-32s %,12d %,10.0f%n", names[0], names[1], pod.getValue(), delta / seconds);
      total += pod.getValue();
      change += delta;
    }
    long written = stage.written();
    view.format(
        "%n  lines written %,d (files rotated %d times), in the index %,d, on the way %,d%n",
        written, stage.rotations(), total, Math.max(0, written - total));
    view.format(
        "  rate %,.0f documents a second, memory of the agent %s%n%n", change / seconds, memory());
    view.format("  index    %s%n", stage.opensearch().resolve("/logs-*/_search?pretty"));
    view.format("  metrics  %s%n", stage.agent().url("/metrics"));
    view.format("  Ctrl-C stops everything.%n");
    out.print(view);
    out.flush();
    before = counts;
    beforeNanos = now;
  }

  private String memory() {
    OptionalLong bytes = stage.agent().residentBytes();
    return bytes.isPresent() ? (bytes.getAsLong() >> 20) + " MiB" : "(not known here)";
  }
}
