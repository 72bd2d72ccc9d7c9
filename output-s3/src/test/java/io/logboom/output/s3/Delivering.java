package io.logboom.output.s3;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonScanner;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** An {@code s3} output at work, and records for it. */
final class Delivering implements AutoCloseable {
  /** 2026-11-22T08:04:05.123456789Z. */
  static final long NANOS = 1_795_334_645_123_456_789L;

  static final Duration PATIENCE = Duration.ofSeconds(20);

  final TestContext context;
  final S3 output;

  Delivering(Path state, String endpoint, String... options) throws StartException {
    context = new TestContext(state);
    List<String> all = new ArrayList<>(List.of("bucket", "logs", "endpoint", endpoint));
    all.addAll(List.of(options));
    output =
        (S3)
            new S3Plugin().create(Binder.bind(S3Config.class, all.toArray(String[]::new)), context);
    output.start();
  }

  /** Has all that is staged leave, and waits for it. */
  void conclude() {
    await(output::conclude);
  }

  static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(condition);
  }

  Origin origin(String tag, String source) {
    return Origin.builder(context.names(), tag).sourceId(source).build();
  }

  /** Records {@code {"n":from}} and so on, a hundred bytes apart in their source. */
  Batch numbered(Origin origin, int from, int count, long nanos) throws InterruptedException {
    Batch batch = context.batches().open();
    int index = batch.origin(origin);
    for (int n = from; n < from + count; n++) {
      byte[] body = ("{\"n\":" + n + "}").getBytes(StandardCharsets.UTF_8);
      int record =
          batch.add(index, batch.append(body, 0, body.length), body.length, nanos, n * 100L);
      JsonScanner scanner = new JsonScanner(context.names());
      int at = batch.offset(record);
      if (scanner.scan(batch.bytes(), at, at + body.length) != JsonScanner.CLEAN) {
        throw new IllegalArgumentException("not a clean JSON object");
      }
      batch.json(record, scanner.start(), scanner.stop() - scanner.start(), scanner.names());
    }
    return batch;
  }

  Batch numbered(int from, int count) throws InterruptedException {
    return numbered(origin("kube.app", "file1"), from, count, NANOS);
  }

  long count(S3Meter meter) {
    return context.meters().count(meter);
  }

  @Override
  public void close() {
    output.close();
  }
}
