package io.logboom.output.stdout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.DateFormat;
import io.logboom.api.plugin.Outcome;
import io.logboom.output.stdout.StdoutConfig.Format;
import io.logboom.testkit.TestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StdoutTest {
  private static final long NANOS = 1_767_323_045_123_456_789L;

  @TempDir Path directory;
  private TestContext context;
  private Origin origin;
  private final Sink sink = new Sink();

  /** Takes what its script says (bytes, 0 for "would block", -1 for an error), then everything. */
  private static final class Sink implements WritableByteChannel {
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    final Deque<Integer> script = new ArrayDeque<>();

    @Override
    public int write(ByteBuffer source) throws IOException {
      int count = script.isEmpty() ? source.remaining() : script.remove();
      if (count < 0) {
        throw new IOException("Broken pipe");
      }
      byte[] part = new byte[Math.min(count, source.remaining())];
      source.get(part);
      taken.write(part);
      return part.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}

    String text() {
      return taken.toString(UTF_8);
    }
  }

  @BeforeEach
  void prepare() {
    context = new TestContext(directory);
    origin =
        Origin.builder(context.names(), "kube.x")
            .base(Fragment.builder(context.names()).string("stream", "stdout").build())
            .build();
  }

  private Stdout output(Format format, String key, DateFormat dates) {
    return new Stdout(
        sink, new StdoutEncoder(new StdoutConfig(format, key, dates), context.names()));
  }

  private Batch batch(String... bodies) throws InterruptedException {
    Batch batch = context.batches().open();
    for (String body : bodies) {
      byte[] bytes = body.getBytes(UTF_8);
      int record =
          batch.add(
              batch.origin(origin), batch.append(bytes, 0, bytes.length), bytes.length, NANOS, 0);
      if (body.startsWith("{")) {
        batch.json(record, batch.offset(record), bytes.length, 0);
      }
    }
    return batch;
  }

  @Test
  void printsAsMsgpackIsShownByDefault() throws Exception {
    Batch batch =
        batch(
            "a \"quoted\" line",
            "{\"n\":null,\"i\":-12,\"f\":1.5,\"e\":1e3,\"t\":true,\"a\":[1, 2],\"m\":{\"k\":\"v\"},"
                + "\"s\":\"x:,\\n\\u00e9\\ud83d\\ude00\\/\"}");
    assertThat(output(Format.MSGPACK, "date", DateFormat.DOUBLE).send(List.of(batch)))
        .isEqualTo(Outcome.DELIVERED);
    assertThat(sink.text())
        .isEqualTo(
            "[0] kube.x: [[1767323045.123456789, {}], {\"stream\"=>\"stdout\", "
                + "\"log\"=>\"a \"quoted\" line\"}]\n"
                + "[1] kube.x: [[1767323045.123456789, {}], {\"stream\"=>\"stdout\", \"n\"=>nil, "
                + "\"i\"=>-12, \"f\"=>1.500000, \"e\"=>1000.000000, \"t\"=>true, \"a\"=>[1, 2], "
                + "\"m\"=>{\"k\"=>\"v\"}, \"s\"=>\"x:,\né😀/\"}]\n");
  }

  @Test
  void printsOneArrayPerFlushAsJson() throws Exception {
    output(Format.JSON, "date", DateFormat.DOUBLE).send(List.of(batch("a"), batch("b")));
    assertThat(sink.text())
        .isEqualTo(
            "[{\"date\":1767323045.123457,\"stream\":\"stdout\",\"log\":\"a\"},"
                + "{\"date\":1767323045.123457,\"stream\":\"stdout\",\"log\":\"b\"}]\n");
  }

  @Test
  void printsOneObjectPerLineAsJsonLinesAndNoneForADroppedRecord() throws Exception {
    Batch batch = batch("a", "b", "c");
    batch.drop(1);
    output(Format.JSON_LINES, "false", DateFormat.DOUBLE).send(List.of(batch));
    assertThat(sink.text())
        .isEqualTo(
            "{\"stream\":\"stdout\",\"log\":\"a\"}\n{\"stream\":\"stdout\",\"log\":\"c\"}\n");
  }

  @Test
  void printsObjectsWithoutASeparatorAsJsonStream() throws Exception {
    output(Format.JSON_STREAM, "off", DateFormat.DOUBLE).send(List.of(batch("a", "b")));
    assertThat(sink.text())
        .isEqualTo("{\"stream\":\"stdout\",\"log\":\"a\"}{\"stream\":\"stdout\",\"log\":\"b\"}\n");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          DOUBLE, 1767323045123456789, 1767323045.123457
          DOUBLE, 1767323045500000000, 1767323045.5
          DOUBLE, 1767323045000000000, 1767323045.0
          DOUBLE, 1767323045999999999, 1767323046.0
          EPOCH, 1767323045999999999, 1767323045
          EPOCH_MS, 1767323045123456789, 1767323045123
          EPOCH_MILLIS, 1767323045123456789, 1767323045123
          ISO8601, 1767323045123456789, "2026-01-02T03:04:05.123456Z"
          JAVA_SQL_TIMESTAMP, 1767323045123456789, "2026-01-02 03:04:05.123456"
          """)
  void printsTheTimeInTheChosenFormat(DateFormat format, long nanos, String expected)
      throws Exception {
    Batch batch = batch("{}");
    batch.epochNanos(0, nanos);
    output(Format.JSON_LINES, "time", format).send(List.of(batch));
    assertThat(sink.text()).isEqualTo("{\"time\":" + expected + ",\"stream\":\"stdout\"}\n");
  }

  @Test
  void theRecordsOwnMemberOfTheDatesNameIsKept() throws Exception {
    Batch batch = context.batches().open();
    Stdout output = output(Format.JSON_LINES, "date", DateFormat.EPOCH);
    byte[] body = "{\"date\":\"mine\"}".getBytes(UTF_8);
    int record =
        batch.add(batch.origin(origin), batch.append(body, 0, body.length), body.length, NANOS, 0);
    batch.json(record, batch.offset(record), body.length, context.names().of("date"));
    output.send(List.of(batch));
    assertThat(sink.text()).isEqualTo("{\"stream\":\"stdout\",\"date\":\"mine\"}\n");
  }

  @Test
  void writesOnAfterPartialWritesAndAFullPipe() throws Exception {
    sink.script.addAll(List.of(1, 0, 5, 0, 0, 3));
    output(Format.JSON_LINES, "false", DateFormat.EPOCH).send(List.of(batch("a")));
    assertThat(sink.text()).isEqualTo("{\"stream\":\"stdout\",\"log\":\"a\"}\n");
  }

  @Test
  void aTornLineIsEndedBeforeTheUnitIsPrintedAgain() throws Exception {
    Stdout output = output(Format.JSON_LINES, "false", DateFormat.EPOCH);
    sink.script.addAll(List.of(7, -1));
    assertThat(output.send(List.of(batch("a"))))
        .isInstanceOfSatisfying(
            Outcome.Retry.class, retry -> assertThat(retry.why()).contains("Broken pipe"));
    assertThat(output.send(List.of(batch("a")))).isEqualTo(Outcome.DELIVERED);
    assertThat(sink.text()).isEqualTo("{\"strea\n{\"stream\":\"stdout\",\"log\":\"a\"}\n");
  }

  @Test
  void anInterruptEndsAWriteThatGetsNowhere() throws Exception {
    for (int i = 0; i < 1000; i++) {
      sink.script.add(0);
    }
    Batch batch = batch("a");
    Stdout output = output(Format.JSON_LINES, "false", DateFormat.EPOCH);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> output.send(List.of(batch))).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void printsMoreThanOneChunk() throws Exception {
    String line = "x".repeat(10_000);
    String[] lines = new String[25];
    java.util.Arrays.fill(lines, line);
    output(Format.JSON_LINES, "false", DateFormat.EPOCH).send(List.of(batch(lines)));
    assertThat(sink.text().lines().count()).isEqualTo(25);
    assertThat(sink.taken.size()).isEqualTo(25 * (line.length() + 29));
  }
}
