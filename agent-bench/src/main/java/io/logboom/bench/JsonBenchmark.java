package io.logboom.bench;

import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Validation and escaping of bodies. One operation is one byte of input: operations per microsecond
 * are megabytes per second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JsonBenchmark {
  /** Bytes per invocation: many lines, as many as make just this. */
  private static final int BYTES = 256 * 1024;

  /** The kind of line. */
  @Param({"json", "text", "ascii", "latin"})
  public String kind = "json";

  private byte[] slab = new byte[0];
  private int[] offset = new int[0];
  private final Names names = new Names();
  private final JsonScanner scanner = new JsonScanner(names);
  private final ByteSink out = ByteSink.growing(8 * BYTES);

  /** Fills the slab. */
  @Setup
  public void fill() {
    for (String name : List.of("@timestamp", "stream", "log", "kubernetes", "time")) {
      names.of(name);
    }
    Lines lines = new Lines(7);
    List<Integer> starts = new ArrayList<>();
    byte[] all = new byte[BYTES];
    int at = 0;
    for (int n = 0; ; n++) {
      byte[] line = Lines.utf8(line(lines, n));
      if (at + line.length > BYTES) {
        break;
      }
      starts.add(at);
      System.arraycopy(line, 0, all, at, line.length);
      at += line.length;
    }
    starts.add(at);
    slab = all;
    offset = starts.stream().mapToInt(Integer::intValue).toArray();
  }

  private String line(Lines lines, int n) {
    return switch (kind) {
      case "json" -> lines.json(Lines.stamp(n), 0, n);
      case "text" -> lines.text(0, n);
      case "ascii" -> ("the quick brown fox jumps over the lazy dog; ".repeat(5) + n);
      case "latin" -> ("Größe übergeben, Zugriff für Müller gewährt; ".repeat(5) + n);
      default -> throw new IllegalStateException(kind);
    };
  }

  /** Finds out whether bodies are JSON. */
  @Benchmark
  @org.openjdk.jmh.annotations.OperationsPerInvocation(BYTES)
  public int scan() {
    int findings = 0;
    for (int i = 0; i + 1 < offset.length; i++) {
      findings += scanner.scan(slab, offset[i], offset[i + 1]);
    }
    return findings;
  }

  /** Writes bodies as JSON strings. */
  @Benchmark
  @org.openjdk.jmh.annotations.OperationsPerInvocation(BYTES)
  public boolean escape() {
    out.position(0);
    boolean valid = true;
    for (int i = 0; i + 1 < offset.length; i++) {
      valid &= out.putEscaped(slab, offset[i], offset[i + 1] - offset[i]);
    }
    return valid;
  }
}
