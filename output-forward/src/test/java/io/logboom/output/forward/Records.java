package io.logboom.output.forward;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonScanner;
import io.logboom.testkit.TestContext;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Fills a batch for a test. */
final class Records {
  static final long SECONDS = 1_795_334_645L;
  static final int NANOS = 123_456_789;
  private static final long TIME = SECONDS * 1_000_000_000L + NANOS;

  private final TestContext context;
  private final Batch batch;
  private int origin;

  Records(TestContext context) {
    this.context = context;
    try {
      this.batch = context.batches().open();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    tag("kube.app");
  }

  /** The records that follow have this tag. */
  Records tag(String tag) {
    return origin(tag, o -> o);
  }

  Records origin(String tag, UnaryOperator<Origin.Builder> more) {
    origin = batch.origin(more.apply(Origin.builder(context.names(), tag)).build());
    return this;
  }

  /** Adds a member to all records of the last origin. */
  Records enrich(String name, String json) {
    batch.enrich(
        origin,
        Fragment.builder(context.names())
            .json(name, json.getBytes(StandardCharsets.UTF_8))
            .build());
    return this;
  }

  Records text(String body) {
    return bytes(body.getBytes(StandardCharsets.UTF_8), TIME);
  }

  /** Text that need not be UTF-8. */
  Records bytes(byte[] body, long nanos) {
    batch.add(origin, batch.append(body, 0, body.length), body.length, nanos, batch.size() * 100L);
    return this;
  }

  /** The last record has its time as its source wrote it. */
  Records stamp(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    batch.stamp(batch.size() - 1, batch.append(ascii, 0, ascii.length), ascii.length);
    return this;
  }

  Records json(String body) {
    text(body);
    int record = batch.size() - 1;
    JsonScanner scanner = new JsonScanner(context.names());
    int from = batch.offset(record);
    if (scanner.scan(batch.bytes(), from, from + batch.length(record)) != JsonScanner.CLEAN) {
      throw new IllegalArgumentException("not a clean JSON object: " + body);
    }
    batch.json(record, scanner.start(), scanner.stop() - scanner.start(), scanner.names());
    return this;
  }

  /** Records {@code {"n":first}} and so on. */
  Records numbered(int first, int count) {
    for (int i = 0; i < count; i++) {
      json("{\"n\":" + (first + i) + "}");
    }
    return this;
  }

  /** Drops the last record. */
  Records drop() {
    batch.drop(batch.size() - 1);
    return this;
  }

  Batch batch() {
    return batch;
  }
}
