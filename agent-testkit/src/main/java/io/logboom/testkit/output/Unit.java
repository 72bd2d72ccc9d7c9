package io.logboom.testkit.output;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.testkit.TestContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lines to send, as two batches of text records, a microsecond apart. Those that begin with {@link
 * #LATER} have a tag of their own.
 */
final class Unit implements AutoCloseable {
  /** For lines that a backend takes at the second time. */
  static final String LATER = "later ";

  /** For lines that a backend never takes; they are the oldest, and long. */
  static final String POISON = "poison ";

  /** 2026-11-22T08:04:05Z. */
  static final long NANOS = 1_795_334_645_000_000_000L;

  private final TestContext context;
  private final List<String> lines;
  private final List<Batch> batches = new ArrayList<>();

  Unit(TestContext context, List<String> lines) throws InterruptedException {
    this.context = context;
    this.lines = List.copyOf(lines);
    int half = (lines.size() + 1) / 2;
    add(0, half);
    if (half < lines.size()) {
      add(half, lines.size());
    }
  }

  /** So many lines of this length, each with its number. */
  static List<String> lines(int count, int length) {
    return IntStream.range(0, count)
        .mapToObj(i -> "line " + i + " ")
        .map(start -> start + "x".repeat(Math.max(0, length - start.length())))
        .toList();
  }

  private void add(int from, int to) throws InterruptedException {
    Batch batch = context.batches().open();
    int usual = origin(batch, "kube.app");
    int later = origin(batch, "kube.later");
    for (int i = from; i < to; i++) {
      String line = lines.get(i);
      int origin = line.startsWith(LATER) ? later : usual;
      byte[] body = line.getBytes(StandardCharsets.UTF_8);
      batch.add(origin, batch.append(body, 0, body.length), body.length, NANOS + i * 1000L, i);
    }
    batches.add(batch);
  }

  private int origin(Batch batch, String tag) {
    return batch.origin(Origin.builder(context.names(), tag).sourceId("file").build());
  }

  List<Batch> batches() {
    return batches;
  }

  List<String> lines() {
    return lines;
  }

  /** Drops a record, as a filter does. */
  void drop(int number) {
    int first = batches.getFirst().size();
    if (number < first) {
      batches.getFirst().drop(number);
    } else {
      batches.get(1).drop(number - first);
    }
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    batches.forEach(context.testBatches()::release);
  }
}
