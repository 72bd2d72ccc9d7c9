package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonScanner;
import io.logboom.testkit.TestContext;
import java.nio.charset.StandardCharsets;

/** Fills a batch for a test. */
final class Records {
  static final long NANOS = 1_795_334_645_123_456_789L; // 2026-11-22T08:04:05.123456789Z

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
    origin(Origin.builder(context.names(), "kube.app").sourceId("file1").build());
  }

  /** The records that follow come from there. */
  Records origin(Origin from) {
    origin = batch.origin(from);
    return this;
  }

  /** Adds members to all records of the last origin. */
  Records enrich(String name, String json) {
    batch.enrich(
        origin,
        Fragment.builder(context.names())
            .json(name, json.getBytes(StandardCharsets.UTF_8))
            .build());
    return this;
  }

  Records text(String body) {
    return text(body, NANOS);
  }

  Records text(String body, long nanos) {
    return bytes(body.getBytes(StandardCharsets.UTF_8), nanos);
  }

  /** Text that need not be UTF-8. */
  Records bytes(byte[] body) {
    return bytes(body, NANOS);
  }

  private Records bytes(byte[] body, long nanos) {
    batch.add(origin, batch.append(body, 0, body.length), body.length, nanos, batch.size() * 100L);
    return this;
  }

  Records json(String body) {
    return json(body, NANOS);
  }

  Records json(String body, long nanos) {
    text(body, nanos);
    int record = batch.size() - 1;
    JsonScanner scanner = new JsonScanner(context.names());
    int from = batch.offset(record);
    if (scanner.scan(batch.bytes(), from, from + batch.length(record)) != JsonScanner.CLEAN) {
      throw new IllegalArgumentException("not a clean JSON object: " + body);
    }
    batch.json(record, scanner.start(), scanner.stop() - scanner.start(), scanner.names());
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
