package io.logboom.it.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.it.search.Search;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the demonstration for a while and then compares what was written with what is in the index.
 */
final class Check {
  private static final long LEAST_LINES = 8_000;
  private static final int LEAST_ROTATIONS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> METADATA =
      List.of(
          "pod_name",
          "namespace_name",
          "pod_id",
          "labels",
          "host",
          "container_name",
          "docker_id",
          "container_image");

  private final Stage stage;
  private final PrintStream out;
  private final List<String> wrong = new ArrayList<>();

  Check(Stage stage, PrintStream out) {
    this.stage = stage;
    this.out = out;
  }

  /**
   * @throws IllegalStateException where a line is missing, is there twice, or lacks its metadata
   */
  void run() throws IOException, InterruptedException {
    until("the containers have logged enough", this::enough);
    stage.stopWriting();
    long written = stage.written();
    out.printf(Locale.ROOT, "Written: %,d lines, %d rotations.%n", written, stage.rotations());
    Search search = stage.search();
    until("every line is in the index", () -> indexed(search) >= written);
    OptionalInt exit = stage.agent().stop(Duration.ofSeconds(30));
    if (exit.isEmpty() || exit.getAsInt() != 0) {
      wrong.add("the agent did not end well: " + exit);
    }
    search.refresh();
    compare(search);
    if (!wrong.isEmpty()) {
      wrong.stream().limit(20).forEach(out::println);
      throw new IllegalStateException(wrong.size() + " things are wrong");
    }
    out.printf(
        Locale.ROOT,
        "In the index: each of the %,d lines, once, with its pod's metadata.%n",
        written);
  }

  private boolean enough() {
    return stage.written() >= LEAST_LINES && stage.rotations() >= LEAST_ROTATIONS;
  }

  private static long indexed(Search search) throws IOException, InterruptedException {
    search.refresh();
    return search.count();
  }

  private void compare(Search search) throws IOException, InterruptedException {
    Map<String, Map<String, Integer>> missing = new HashMap<>();
    stage.workloads().forEach(w -> missing.put(w.container().pod(), new HashMap<>(w.keys())));
    search.forEach(document -> note(document, missing));
    missing.forEach(
        (pod, keys) ->
            keys.forEach(
                (key, times) -> {
                  if (times != 0) {
                    wrong.add(pod + ": " + (times > 0 ? "missing " : "too often ") + key);
                  }
                }));
  }

  private void note(JsonNode document, Map<String, Map<String, Integer>> missing) {
    JsonNode kubernetes = document.path("kubernetes");
    for (String member : METADATA) {
      if (kubernetes.path(member).isMissingNode()) {
        wrong.add("no kubernetes." + member + " in " + document);
      }
    }
    if (!document.has("@timestamp") || !document.has("stream")) {
      wrong.add("no @timestamp or no stream in " + document);
    }
    JsonNode key = document.has("request_id") ? document.path("request_id") : document.path("log");
    Map<String, Integer> keys = missing.get(kubernetes.path("pod_name").asText());
    if (keys == null) {
      wrong.add("a pod that nobody started: " + document);
    } else {
      keys.merge(key.asText(), -1, Integer::sum);
    }
  }

  /** A condition that may fail while things start. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private void until(String what, Condition condition) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (!stage.agent().isAlive()) {
        throw new IllegalStateException("the agent has ended:\n" + stage.agent().log());
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "not within "
                + PATIENCE.toSeconds()
                + " s: "
                + what
                + "; written "
                + stage.written()
                + ", in the index "
                + stage.search().count()
                + "; the agent's log:\n"
                + stage.agent().log());
      }
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(200));
    }
  }
}
