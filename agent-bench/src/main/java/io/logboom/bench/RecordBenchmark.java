package io.logboom.bench;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonScanner;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.time.Timestamps;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The work per record behind framing. One operation is one record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBenchmark {
  private static final int RECORDS = 1000;

  /** The kind of body; "clash" is JSON with a name that the pipeline writes too. */
  @Param({"json", "text", "clash"})
  public String kind = "json";

  private final Names names = new Names();
  private final RecordWriter writer = new RecordWriter(names);
  private final Timestamps timestamps = new Timestamps();
  private final ByteSink out = ByteSink.growing(4 << 20);
  private final byte[] stamp = new byte[30];
  private final Batch batch =
      new Batch(
          (bytes, used, atLeast) -> Arrays.copyOf(bytes, Math.max(atLeast, bytes.length * 2)),
          new byte[256 * 1024],
          RECORDS);

  /** Fills the batch. */
  @Setup
  public void fill() {
    names.of("@timestamp");
    Fragment kubernetes =
        Fragment.builder(names)
            .json(
                "kubernetes",
                Lines.utf8(
                    "{\"pod_name\":\"web-7d9c5b6f4-x0001\",\"namespace_name\":\"shop\","
                        + "\"pod_id\":\"00000001-1111-2222-3333-000000000001\","
                        + "\"labels\":{\"app\":\"web\",\"tier\":\"backend\"},\"host\":\"node-1\","
                        + "\"container_name\":\"web\",\"docker_id\":\""
                        + "a".repeat(64)
                        + "\",\"container_image\":\"registry.example/shop/web:1.4.2\"}"))
            .build();
    int origin =
        batch.origin(
            Origin.builder(names, "kube.var.log.containers.web.log")
                .base(Fragment.builder(names).string("stream", "stdout").build())
                .stamp("time")
                .build());
    batch.enrich(origin, kubernetes);
    JsonScanner scanner = new JsonScanner(names);
    Lines lines = new Lines(7);
    for (int n = 0; n < RECORDS; n++) {
      byte[] time = Lines.utf8(Lines.stamp(n));
      int stampAt = batch.append(time, 0, time.length);
      byte[] body = Lines.utf8(body(lines, n));
      int at = batch.append(body, 0, body.length);
      int record = batch.add(origin, at, body.length, timestamps.parse(time, 0, time.length), n);
      batch.stamp(record, stampAt, time.length);
      if (scanner.scan(body, 0, body.length) == JsonScanner.CLEAN) {
        batch.json(record, at, body.length, scanner.names());
      }
    }
  }

  private String body(Lines lines, int n) {
    String json = lines.json(Lines.stamp(n), 0, n);
    return switch (kind) {
      case "json" -> json;
      case "clash" -> "{\"stream\":\"mine\"," + json.substring(1);
      case "text" -> lines.text(0, n);
      default -> throw new IllegalStateException(kind);
    };
  }

  /** Writes each record as a document. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public int encode() {
    out.position(0);
    for (int i = 0; i < batch.size(); i++) {
      out.put((byte) '{');
      writer.write(batch, i, true, out);
      out.put((byte) '}');
      out.put((byte) '\n');
    }
    return out.position();
  }

  /** Reads each record's time, which grows by a millisecond. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public long parseTimes() {
    long sum = 0;
    byte[] bytes = batch.bytes();
    for (int i = 0; i < batch.size(); i++) {
      int from = batch.stampOffset(i);
      sum += timestamps.parse(bytes, from, from + batch.stampLength(i));
    }
    return sum;
  }

  /** Writes each record's time in milliseconds. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public int writeTimes() {
    int sum = 0;
    for (int i = 0; i < batch.size(); i++) {
      sum += timestamps.write(batch.epochNanos(i), false, stamp, 0);
    }
    return sum;
  }
}
