package io.logboom.api.time;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
  private static final long FIRST = Instant.parse("1678-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST = Instant.parse("2261-12-31T23:59:59Z").getEpochSecond();

  private final Timestamps timestamps = new Timestamps();

  @Property
  void readsWhatJavaTimeWrites(
      @ForAll @LongRange(min = -9_000_000_000L, max = 9_000_000_000L) long second,
      @ForAll @IntRange(max = 999_999_999) int nanos,
      @ForAll @IntRange(max = 9) int digits,
      @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int minutes,
      @ForAll boolean colon) {
    LocalDateTime local = LocalDateTime.ofEpochSecond(second, nanos, ZoneOffset.UTC);
    ZoneOffset offset = ZoneOffset.ofTotalSeconds(minutes * 60);
    String fraction =
        String.format(Locale.ROOT, ".%09d", nanos).substring(0, digits == 0 ? 0 : digits + 1);
    String text =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).format(local)
            + fraction
            + DateTimeFormatter.ofPattern(colon ? "xxx" : "xx", Locale.ROOT)
                .format(OffsetDateTime.of(local, offset));

    long unit = (long) Math.pow(10, 9 - digits);
    Instant expected = local.withNano((int) (nanos / unit * unit)).toInstant(offset);

    assertThat(parse(text)).as(text).isEqualTo(nanos(expected));
  }

  @Property
  void writesWhatJavaTimeReads(
      @ForAll @LongRange(min = -9_000_000_000_000_000_000L, max = 9_000_000_000_000_000_000L)
          long nanos) {
    Instant instant = Instant.EPOCH.plusNanos(nanos);

    assertThat(Instant.parse(written(nanos, true))).isEqualTo(instant);
    assertThat(Instant.parse(written(nanos, false))).isEqualTo(floor(instant));
    assertThat(parse(written(nanos, true))).isEqualTo(nanos);
  }

  @Test
  void knowsEachDayFromTheFirstYearToTheLast() {
    for (long second = FIRST; second <= LAST; second += 86_400) {
      String text = Instant.ofEpochSecond(second).toString();
      long nanos = second * 1_000_000_000L;
      if (parse(text) != nanos || !written(nanos, false).equals(text.replace("Z", ".000Z"))) {
        assertThat(parse(text)).as(text).isEqualTo(nanos);
        assertThat(written(nanos, false)).isEqualTo(text.replace("Z", ".000Z"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 0",
    "1970-01-01T00:00:00.000000001Z, 1",
    "1970-01-01T00:00:00.1Z, 100000000",
    "1970-01-01t00:00:00z, 0",
    "1970-01-01 00:00:00Z, 0",
    "'1970-01-01T00:00:00,5Z', 500000000",
    "1970-01-01T00:00:00.1234567899999Z, 123456789",
    "1970-01-01T01:30:00+01:30, 0",
    "1970-01-01T01:30:00+0130, 0",
    "1969-12-31T23:00:00.25-01:00, 250000000",
    "1969-12-31T23:59:60Z, 0",
    "1970-01-01T00:00:00-00:00, 0",
    "2026-11-22T06:00:00.123456789Z, 1795327200123456789"
  })
  void readsTheFormsThatLogsHave(String text, long nanos) {
    assertThat(parse(text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-11-22",
        "2026-11-22T06:00:00",
        "2026-11-22T06:00:00.",
        "2026-11-22T06:00:00.Z",
        "2026-11-22T06:00:00.123",
        "2026-11-22T06:00:00.123456789",
        "2026-11-22T06:00:00.12345678:Z",
        "2026-11-22T06:00:00./2345678Z",
        "2026-11-22T06:00:00.123456789ZZ",
        "2026-11-22T06:00:00Z ",
        "2026-11-22T06:00:00+",
        "2026-11-22T06:00:00+1",
        "2026-11-22T06:00:00+01",
        "2026-11-22T06:00:00+01:0",
        "2026-11-22T06:00:00+01:00:00",
        "2026-11-22T06:00:00+24:00",
        "2026-11-22T06:00:00+01:60",
        "2026-11-22T06:00:00*01:00",
        "2026-13-22T06:00:00Z",
        "2026-00-22T06:00:00Z",
        "2026-11-31T06:00:00Z",
        "2026-11-00T06:00:00Z",
        "2026-02-29T06:00:00Z",
        "2100-02-29T06:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T06:60:00Z",
        "2026-11-22T06:00:61Z",
        "2026/11-22T06:00:00Z",
        "2026-11/22T06:00:00Z",
        "2026-11-22X06:00:00Z",
        "2026-11-22T06.00:00Z",
        "2026-11-22T06:00.00Z",
        "1677-12-31T23:59:59Z",
        "2262-01-01T00:00:00Z",
        "0000-00-00T00:00:00Z",
        "+026-11-22T06:00:00Z",
        "2026-1:-22T06:00:00Z"
      })
  void refusesWhatIsNoTimestamp(String text) {
    assertThat(parse(text)).isEqualTo(Timestamps.NONE);
    assertThat(parse(text)).as("again, remembered").isEqualTo(Timestamps.NONE);
  }

  @Test
  void knowsLeapYears() {
    assertThat(parse("2024-02-29T00:00:00Z")).isNotEqualTo(Timestamps.NONE);
    assertThat(parse("2000-02-29T00:00:00Z")).isNotEqualTo(Timestamps.NONE);
    assertThat(parse("1900-02-29T00:00:00Z")).isEqualTo(Timestamps.NONE);
  }

  @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
  void damagedTimestampsAreReadRightOrRefused(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] text = "2026-11-22T06:00:00.123456789Z".getBytes(US_ASCII);
    for (int n = random.nextInt(3); n >= 0; n--) {
      text[random.nextInt(text.length)] = (byte) "0123456789:-+.TZ /".charAt(random.nextInt(18));
    }
    String damaged = new String(text, US_ASCII);

    long fresh = new Timestamps().parse(text, 0, text.length);
    timestamps.parse("2026-11-22T06:00:00.000000000Z".getBytes(US_ASCII), 0, 30);
    assertThat(timestamps.parse(text, 0, text.length)).as(damaged).isEqualTo(fresh);
    if (fresh != Timestamps.NONE && damaged.charAt(10) == 'T' && !damaged.contains(":60")) {
      assertThat(fresh).as(damaged).isEqualTo(nanos(OffsetDateTime.parse(damaged).toInstant()));
    }
  }

  @Property
  void writesUnixTimes(
      @ForAll @LongRange(min = -9_000_000_000_000_000_000L, max = 9_000_000_000_000_000_000L)
          long nanos,
      @ForAll @LongRange(min = -2_000_000_000L, max = 2_000_000_000L) long further) {
    // The second one is often of the second before or after, or of the same.
    for (long each : new long[] {nanos, nanos + further}) {
      long second = Math.floorDiv(each, 1_000_000_000L);
      String fraction = String.format(Locale.ROOT, "%09d", Math.floorMod(each, 1_000_000_000L));
      assertThat(epoch(each, 0, false)).isEqualTo(Long.toString(second));
      for (int digits : new int[] {3, 6, 9}) {
        String cut = fraction.substring(0, digits);
        assertThat(epoch(each, digits, true)).isEqualTo(second + "." + cut);
        assertThat(epoch(each, digits, false)).isEqualTo(second + cut);
      }
    }
  }

  @Test
  void writesTheFirstUnixTimesAndTheLast() {
    assertThat(epoch(0, 9, true)).isEqualTo("0.000000000");
    assertThat(epoch(Long.MAX_VALUE, 9, true)).isEqualTo("9223372036.854775807");
    assertThat(epoch(1, 9, true)).isEqualTo("0.000000001");
  }

  private String epoch(long nanos, int digits, boolean point) {
    byte[] out = new byte[21];
    return new String(out, 0, timestamps.writeEpoch(nanos, digits, point, out, 0), US_ASCII);
  }

  @Test
  void looksAtNothingBehindItsRange() {
    byte[] text = "..2026-11-22T06:00:00.123456789Z9Z".getBytes(US_ASCII);

    assertThat(timestamps.parse(text, 2, 32)).isEqualTo(1795327200123456789L);
    assertThat(timestamps.parse(text, 2, 31)).isEqualTo(Timestamps.NONE);
    assertThat(timestamps.parse(text, 2, 33)).isEqualTo(Timestamps.NONE);
    assertThat(timestamps.parse(text, 2, 21)).isEqualTo(Timestamps.NONE);
  }

  @Test
  void writesOverNothingButItsPlace() {
    byte[] out = "#".repeat(40).getBytes(US_ASCII);

    int end = timestamps.write(1795327200123456789L, false, out, 5);

    assertThat(end).isEqualTo(29);
    assertThat(new String(out, US_ASCII)).isEqualTo("#####2026-11-22T06:00:00.123Z###########");
  }

  private long parse(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return timestamps.parse(bytes, 0, bytes.length);
  }

  private String written(long nanos, boolean withNanos) {
    byte[] out = new byte[30];
    int end = timestamps.write(nanos, withNanos, out, 0);
    assertThat(end).isEqualTo(withNanos ? 30 : 24);
    return new String(out, 0, end, US_ASCII);
  }

  private static Instant floor(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }

  private static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }
}
