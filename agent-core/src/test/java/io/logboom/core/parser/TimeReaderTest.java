package io.logboom.core.parser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimeReaderTest {
  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%Y-%m-%dT%H:%M:%S.%L|2026-01-02T03:04:05.123456789Z|2026-01-02T03:04:05.123456789Z",
        "%Y-%m-%dT%H:%M:%S.%L%z|2026-01-02T03:04:05.1+02:00|2026-01-02T01:04:05.1Z",
        "%Y-%m-%dT%H:%M:%S.%L%z|2026-01-02T03:04:05.000000001Z|2026-01-02T03:04:05.000000001Z",
        "%Y-%m-%dT%H:%M:%S,%L%z|2026-01-02T03:04:05,123456789123-0130|2026-01-02T04:34:05.123456789Z",
        "%Y-%m-%dT%H:%M:%S.%LZ|2026-01-02T03:04:05.5Z|2026-01-02T03:04:05.5Z",
        "%d/%b/%Y:%H:%M:%S %z|10/Oct/2000:13:55:36 -0700|2000-10-10T20:55:36Z",
        "%d/%b/%Y:%H:%M:%S %z|10/October/2000:13:55:36 +01|2000-10-10T12:55:36Z",
        "%b %d %H:%M:%S|Nov  5 06:07:08|2026-11-05T06:07:08Z",
        "%b %e %H:%M:%S|nov 15 06:07:08|2026-11-15T06:07:08Z",
        "%b %d %H:%M:%S|Nov 22 10:00:00|2026-11-22T10:00:00Z",
        "%b %d %H:%M:%S|Dec 31 23:59:59|2025-12-31T23:59:59Z",
        "%b %d %H:%M:%S|Feb 29 00:00:00|2024-02-29T00:00:00Z",
        "%H:%M:%S|06:07:08|2026-11-22T06:07:08Z",
        "%s|1767323045|2026-01-02T03:04:05Z",
        "%s.%L|1767323045.25|2026-01-02T03:04:05.25Z",
        "%a %b %d %T %Y|Fri Jan 02 03:04:05 2026|2026-01-02T03:04:05Z",
        "%A, %d-%b-%y %T %Z|Friday, 02-Jan-26 03:04:05 EST|2026-01-02T08:04:05Z",
        "%y%m%d %k:%M:%S|260102  3:04:05|2026-01-02T03:04:05Z",
        "%Y-%j|2026-033|2026-02-02T00:00:00Z",
        "%D %I:%M:%S %p|01/02/26 12:04:05 AM|2026-01-02T00:04:05Z",
        "%D %r|01/02/26 03:04:05 pm|2026-01-02T15:04:05Z",
        "%F %R|2026-01-02 03:04|2026-01-02T03:04:00Z",
        "%c|Fri Jan  2 03:04:05 2026|2026-01-02T03:04:05Z",
        "%C%y %m %d|2026 01 02|2026-01-02T00:00:00Z",
        "%d.%m.%Y %H:%M:%S %Z|01.07.2026 12:00:00 CEST|2026-07-01T10:00:00Z",
        "%Y-%m-%d %H:%M:%S %Z|2026-01-02 03:04:05 JST|2026-01-01T18:04:05Z",
        "%Y-%m-%d %H:%M:%S %Z|2026-01-02 03:04:05 NPT|2026-01-01T21:19:05Z",
        "%Y-%m-%dT%H:%M:%S|2026-06-30T23:59:60|2026-07-01T00:00:00Z",
        "[%Y]%%%n%m|[2026]%  03|2026-03-01T00:00:00Z",
      })
  void readsTimes(String format, String text, Instant expected) {
    assertThat(read(format, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%Y-%m-%dT%H:%M:%S|2026-13-02T03:04:05",
        "%Y-%m-%dT%H:%M:%S|2026-02-30T03:04:05",
        "%Y-%m-%dT%H:%M:%S|2026-01-02T24:04:05",
        "%Y-%m-%dT%H:%M:%S|2026-01-02T",
        "%Y-%m-%dT%H:%M:%S.%L|2026-01-02T03:04:05",
        "%Y-%m-%dT%H:%M:%S%z|2026-01-02T03:04:05",
        "%Y-%m-%dT%H:%M:%S%z|2026-01-02T03:04:05+1",
        "%Y-%m-%dT%H:%M:%S %Z|2026-01-02T03:04:05 XYZ",
        "%Y-%j|2026-366",
        "%b %d|Foo 12",
        "%I %p|13 PM",
        "%Y|9999",
        "%s|999999999999999999",
      })
  void refusesWhatIsNoSuchTime(String format, String text) {
    assertThat(read(format, text)).isNull();
  }

  @Test
  void takesWhatFitsToTheSecondWhereNotStrict() {
    TimeReader reader =
        new TimeReader(
            TimeFormat.parse("%Y-%m-%dT%H:%M:%S.%L"),
            ZoneOffset.UTC,
            InstantSource.fixed(NOW),
            false);
    assertThat(read(reader, "2026-01-02T03:04:05")).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(read(reader, "2026-01-02")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    // the clocks go from 02:00 to 03:00
    "2026-03-29T01:59:59, 2026-03-29T00:59:59Z",
    "2026-03-29T03:00:00, 2026-03-29T01:00:00Z",
    "2026-03-29T02:30:00, 2026-03-29T01:30:00Z",
    // the clocks go from 03:00 to 02:00
    "2026-10-25T01:59:59, 2026-10-24T23:59:59Z",
    "2026-10-25T02:30:00, 2026-10-25T00:30:00Z",
    "2026-10-25T03:00:00, 2026-10-25T02:00:00Z",
    "2026-07-01T12:00:00, 2026-07-01T10:00:00Z",
    "2026-12-01T12:00:00, 2026-12-01T11:00:00Z",
  })
  void followsBothSwitchesOfBerlin(String local, Instant expected) {
    assertThat(read(berlin(NOW), local)).isEqualTo(expected);
  }

  @Test
  void tellsTheTwoReadingsOfTheRepeatedHourApartWhileItLasts() {
    assertThat(read(berlin(Instant.parse("2026-10-25T00:30:01Z")), "2026-10-25T02:30:00"))
        .isEqualTo("2026-10-25T00:30:00Z");
    assertThat(read(berlin(Instant.parse("2026-10-25T01:30:01Z")), "2026-10-25T02:30:00"))
        .isEqualTo("2026-10-25T01:30:00Z");
  }

  @Test
  void ignoresItsZoneWhereTheTimeTellsIts() {
    TimeReader reader =
        new TimeReader(TimeFormat.parse("%F %T %z"), BERLIN, InstantSource.fixed(NOW), true);
    assertThat(read(reader, "2026-07-01 12:00:00 +0000")).isEqualTo("2026-07-01T12:00:00Z");
  }

  @Test
  void readsYearlessTimesAtTheTurnOfTheYear() {
    Instant before = Instant.parse("2026-12-31T23:59:58Z");
    Instant after = Instant.parse("2027-01-01T00:00:02Z");
    assertThat(read(yearless(before), "Jan 01 00:00:01")).isEqualTo("2027-01-01T00:00:01Z");
    assertThat(read(yearless(after), "Dec 31 23:59:59")).isEqualTo("2026-12-31T23:59:59Z");
  }

  @Test
  void saysWhichConversionItDoesNotKnow() {
    assertThatThrownBy(() -> TimeFormat.parse("%Y-%Q"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'%Q' at character 4");
    assertThatThrownBy(() -> TimeFormat.parse("%Y%")).hasMessageContaining("lone '%'");
    assertThatThrownBy(() -> TimeFormat.parse(" ")).hasMessageContaining("empty");
  }

  @Property(tries = 2000)
  void agreesWithJavaOnEveryZoneAndInstant(
      @ForAll @LongRange(min = 0, max = 7_000_000_000L) long second,
      @ForAll @IntRange(max = 999_999_999) int nanos,
      @ForAll @IntRange(max = 4) int zone) {
    ZoneId id =
        ZoneId.of(
            new String[] {
                  "Europe/Berlin",
                  "America/St_Johns",
                  "Asia/Kathmandu",
                  "UTC",
                  "Australia/Lord_Howe"
                }
                [zone]);
    Instant instant = Instant.ofEpochSecond(second, nanos);
    LocalDateTime local = LocalDateTime.ofInstant(instant, id);
    TimeReader reader =
        new TimeReader(
            TimeFormat.parse("%d/%b/%Y %H:%M:%S.%L"), id, InstantSource.fixed(NOW), true);
    String text =
        DateTimeFormatter.ofPattern("dd/MMM/yyyy HH:mm:ss.nnnnnnnnn", Locale.ENGLISH).format(local);
    assertThat(read(reader, text)).isEqualTo(local.atZone(id).toInstant());
  }

  @Property(tries = 2000)
  void randomBytesNeverCrash(@ForAll byte[] bytes, @ForAll @IntRange(max = 3) int which) {
    String format =
        new String[] {"%Y-%m-%dT%H:%M:%S.%L%z", "%b %d %H:%M:%S", "%a %A %p %Z %j", "%s.%L"}[which];
    TimeReader reader = reader(format, NOW);
    assertThat(reader.read(bytes, 0, bytes.length)).isNotNull();
  }

  private static TimeReader berlin(Instant now) {
    return new TimeReader(TimeFormat.parse("%FT%T"), BERLIN, InstantSource.fixed(now), true);
  }

  private static TimeReader yearless(Instant now) {
    return reader("%b %d %H:%M:%S", now);
  }

  private static TimeReader reader(String format, Instant now) {
    return new TimeReader(TimeFormat.parse(format), ZoneOffset.UTC, InstantSource.fixed(now), true);
  }

  private static Instant read(String format, String text) {
    return read(reader(format, NOW), text);
  }

  private static Instant read(TimeReader reader, String text) {
    byte[] bytes = ("<" + text + ">").getBytes(UTF_8);
    long nanos = reader.read(bytes, 1, bytes.length - 1);
    return nanos == TimeReader.NONE ? null : Instant.ofEpochSecond(0, nanos);
  }
}
