package io.logboom.testkit;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonScanner;
import java.nio.charset.StandardCharsets;

/** Fills a batch for a test. What follows an origin comes from there. */
public final class TestRecords {
  /** The time of records that are given none. */
  public static final long NANOS = 1_795_334_645_123_456_789L; // 2026-11-22T08:04:05.123456789Z

  private final TestContext context;
  private final Batch batch;
  private int origin;

  public TestRecords(TestContext context) {
    this.context = context;
    try {
      this.batch = context.batches().open();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    origin(Origin.builder(context.names(), "kube.app").sourceId("file1").build());
  }

  /** The records that follow come from there. */
  public TestRecords origin(Origin from) {
    origin = batch.origin(from);
    return this;
  }

  /** Adds members to all records of the last origin. */
  public TestRecords enrich(String name, String json) {
    batch.enrich(
        origin,
        Fragment.builder(context.names())
            .json(name, json.getBytes(StandardCharsets.UTF_8))
            .build());
    return this;
  }

  public TestRecords text(String body) {
    return text(body, NANOS);
  }

  public TestRecords text(String body, long nanos) {
    return bytes(body.getBytes(StandardCharsets.UTF_8), nanos);
  }

  /** Text that need not be UTF-8. */
  public TestRecords bytes(byte[] body) {
    return bytes(body, NANOS);
  }

  private TestRecords bytes(byte[] body, long nanos) {
    batch.add(origin, batch.append(body, 0, body.length), body.length, nanos, batch.size() * 100L);
    return this;
  }

  public TestRecords json(String body) {
    return json(body, NANOS);
  }

  public TestRecords json(String body, long nanos) {
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
  public TestRecords drop() {
    batch.drop(batch.size() - 1);
    return this;
  }

  public Batch batch() {
    return batch;
  }
}
