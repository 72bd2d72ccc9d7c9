package io.logboom.api.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DatedRecordWriterTest {
  private static final DateTimeFormatter CALENDAR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Names names = new Names();
  private final Map<DateFormat, DatedRecordWriter> writers = new EnumMap<>(DateFormat.class);

  /** From 1900 to 2200, and times that are near each other. */
  @Property
  void writesTimesAsTheJdkDoes(
      @ForAll @LongRange(min = -2_208_988_800_000_000_000L, max = 7_258_118_400_000_000_000L)
          long nanos,
      @ForAll @LongRange(min = -1_500_000_000L, max = 1_500_000_000L) long further) {
    for (long each : new long[] {nanos, nanos + further}) {
      for (DateFormat format : DateFormat.values()) {
        assertThat(written(format, each))
            .as(format + " " + each)
            .isEqualTo("{\"date\":" + expected(format, each) + ",\"log\":\"a\"}");
      }
    }
  }

  private static String expected(DateFormat format, long nanos) {
    Instant instant = Instant.EPOCH.plusNanos(nanos);
    return switch (format) {
      case DOUBLE -> micros(nanos);
      case EPOCH -> Long.toString(instant.getEpochSecond());
      case EPOCH_MS, EPOCH_MILLIS, EPOCH_MILLISECONDS -> Long.toString(instant.toEpochMilli());
      case ISO8601 -> "\"" + CALENDAR.format(instant).replace(' ', 'T') + "Z\"";
      case JAVA_SQL_TIMESTAMP -> "\"" + CALENDAR.format(instant) + "\"";
    };
  }

  /** The second below, and the microseconds above it. */
  private static String micros(long nanos) {
    long rounded = Math.floorDiv(nanos + 500, 1000L);
    long second = Math.floorDiv(rounded, 1_000_000L);
    BigDecimal fraction = BigDecimal.valueOf(Math.floorMod(rounded, 1_000_000L), 6);
    String digits = fraction.setScale(6, RoundingMode.UNNECESSARY).toPlainString().substring(2);
    String significant = digits.replaceAll("0+$", "");
    return second + "." + (significant.isEmpty() ? "0" : significant);
  }

  @Test
  void wholeSecondsHaveOneZero() {
    assertThat(written(DateFormat.DOUBLE, 1_795_334_645_000_000_000L)).contains(":1795334645.0,");
    assertThat(written(DateFormat.DOUBLE, 1_795_334_645_100_000_000L)).contains(":1795334645.1,");
    assertThat(written(DateFormat.DOUBLE, 1_795_334_645_999_999_500L)).contains(":1795334646.0,");
    assertThat(written(DateFormat.DOUBLE, 1_795_334_645_999_999_499L))
        .contains(":1795334645.999999,");
  }

  @Test
  void aMemberOfTheTimesNameWins() {
    Batch batch = batch();
    byte[] body = "{\"date\":1}".getBytes(UTF_8);
    DatedRecordWriter writer = writer(DateFormat.DOUBLE);
    int record = add(batch, body, 7);
    batch.json(record, batch.offset(record), body.length, names.of("date"));
    ByteSink out = ByteSink.growing(64);
    writer.write(batch, record, out);
    assertThat(new String(out.toByteArray(), UTF_8)).isEqualTo("{\"date\":1}");
  }

  private static Batch batch() {
    return new Batch((bytes, _, atLeast) -> Arrays.copyOf(bytes, atLeast * 2), new byte[64], 4);
  }

  private int add(Batch batch, byte[] body, long nanos) {
    int origin = batch.origin(Origin.builder(names, "t").build());
    return batch.add(origin, batch.append(body, 0, body.length), body.length, nanos, 0);
  }

  private DatedRecordWriter writer(DateFormat format) {
    return writers.computeIfAbsent(format, f -> new DatedRecordWriter(names, "date", f));
  }

  private String written(DateFormat format, long nanos) {
    Batch batch = batch();
    int record = add(batch, "a".getBytes(UTF_8), nanos);
    ByteSink out = ByteSink.growing(64);
    writer(format).write(batch, record, out);
    return new String(out.toByteArray(), UTF_8);
  }
}
