package io.logboom.testkit;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Fills a batch for a test of an output. */
public final class Records {
  /** The time of records that are given none: 2026-11-22T08:04:05.123456789Z. */
  public static final long NANOS = 1_795_334_645_123_456_789L;

  /** {@link #NANOS} in seconds. */
  public static final long SECONDS = NANOS / 1_000_000_000;

  /** What {@link #NANOS} has beyond whole seconds. */
  public static final int FRACTION = (int) (NANOS % 1_000_000_000);

  private final TestContext context;
  private final Batch batch;
  private int origin;

  /** Records of the tag {@code kube.app}. */
  public Records(TestContext context) {
    this.context = context;
    try {
      this.batch = context.batches().open();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    origin(Origin.builder(context.names(), "kube.app").sourceId("file1").build());
  }

  /** The records that follow come from there. */
  public Records origin(Origin from) {
    origin = batch.origin(from);
    return this;
  }

  /** As {@link #origin(Origin)}, made on the spot. */
  public Records origin(String tag, UnaryOperator<Origin.Builder> more) {
    return origin(more.apply(Origin.builder(context.names(), tag)).build());
  }

  /** The records that follow have this tag. */
  public Records tag(String tag) {
    return origin(tag, o -> o);
  }

  /** Adds a member to all records of the last origin. */
  public Records enrich(String name, String json) {
    batch.enrich(
        origin,
        Fragment.builder(context.names())
            .json(name, json.getBytes(StandardCharsets.UTF_8))
            .build());
    return this;
  }

  public Records text(String body) {
    return text(body, NANOS);
  }

  public Records text(String body, long nanos) {
    return bytes(body.getBytes(StandardCharsets.UTF_8), nanos);
  }

  /** Text that need not be UTF-8. */
  public Records bytes(byte[] body) {
    return bytes(body, NANOS);
  }

  /** Text that need not be UTF-8. */
  public Records bytes(byte[] body, long nanos) {
    batch.add(origin, batch.append(body, 0, body.length), body.length, nanos, batch.size() * 100L);
    return this;
  }

  /** The last record has its time as its source wrote it. */
  public Records stamp(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    batch.stamp(batch.size() - 1, batch.append(ascii, 0, ascii.length), ascii.length);
    return this;
  }

  public Records json(String body) {
    return json(body, NANOS);
  }

  public Records json(String body, long nanos) {
    text(body, nanos);
    int record = batch.size() - 1;
    JsonScanner scanner = new JsonScanner(context.names());
    int from = batch.offset(record);
    int found = scanner.scan(batch.bytes(), from, from + batch.length(record));
    if ((found & ~JsonScanner.TRAILING_BREAK) != JsonScanner.CLEAN) {
      throw new IllegalArgumentException("not a clean JSON object: " + body);
    }
    batch.json(record, scanner.start(), scanner.stop() - scanner.start(), scanner.names());
    return this;
  }

  /** Records {@code {"n":first}} and so on. */
  public Records numbered(int first, int count) {
    for (int i = 0; i < count; i++) {
      json("{\"n\":" + (first + i) + "}");
    }
    return this;
  }

  /** Drops the last record. */
  public Records drop() {
    batch.drop(batch.size() - 1);
    return this;
  }

  public Batch batch() {
    return batch;
  }
}
