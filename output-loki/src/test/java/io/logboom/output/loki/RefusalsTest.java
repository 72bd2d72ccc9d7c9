package io.logboom.output.loki;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Texts as a Loki 3 writes them. */
class RefusalsTest {
  private static final long NOON = 1_795_348_800L; // 2026-11-22T12:00:00Z
  private final Stream.Table table = new Stream.Table(new CardinalityWatch(_ -> {}));
  private final Entries entries = new Entries(1 << 20, 1 << 20, _ -> {});

  @Test
  void linesBeforeTheLimitAreTooOldAndThoseInItsSecondAreNotCertain() {
    String text =
        "2 errors like: entry for stream '{app=\"a\"}' has timestamp too old: 2026-11-22T11:00:00Z,"
            + " oldest acceptable timestamp is: 2026-11-22T12:00:00Z; 1 errors like: entry for"
            + " stream '{app=\"b\"}' has timestamp too old: 2026-11-22T11:00:01Z, oldest acceptable"
            + " timestamp is: 2026-11-22T12:00:00Z";
    assertThat(why(text, "b", NOON - 1, 1, 0, 0)).contains("too old");
    assertThat(why(text, "c", NOON - 1, 1, 0, 0)).contains("too old");
    assertThat(why(text, "a", NOON, 1, 0, 0)).isNull();
  }

  @Test
  void linesBehindTheWindowAreThoseOfTheStream() {
    String text =
        "entry with timestamp 2026-11-22 11:00:00.5 +0000 UTC ignored, reason: 'entry too far"
            + " behind, entry timestamp is: 2026-11-22T11:00:00Z, oldest acceptable timestamp is:"
            + " 2026-11-22T12:00:00Z',\nuser 'fake', total ignored: 1 out of 2 for stream:"
            + " {app=\"a\", service_name=\"a\"}";
    assertThat(why(text, "a", NOON - 1, 1, 0, 0)).startsWith("entry too far behind");
    assertThat(why(text, "a", NOON, 1, 0, 0)).isNull();
    assertThat(why(text, "b", NOON - 1, 1, 0, 0)).isNull();
    String older =
        "entry with timestamp 2026-11-22 11:00:00 +0000 UTC ignored, reason: 'entry too far behind,"
            + " oldest acceptable timestamp is: 2026-11-22T12:00:00Z',\nuser 'fake', total ignored:"
            + " 1 out of 2 for stream: {app=\"a\"}";
    assertThat(why(older, "a", NOON - 1, 1, 0, 0)).startsWith("entry too far behind");
  }

  @Test
  void sizesAreCertain() {
    String text =
        "Max entry size '100' bytes exceeded for stream '{app=\"a\"}' while adding an entry with"
            + " length '101' bytes";
    assertThat(why(text, "a", NOON, 101, 0, 0)).isEqualTo(text);
    assertThat(why(text, "a", NOON, 100, 0, 0)).isNull();
    String large =
        "stream '{app=\"a\"}' has structured metadata too large: '70' bytes, limit: '60' bytes."
            + " Please see";
    assertThat(why(large, "a", NOON, 1, 61, 1)).isEqualTo(large);
    assertThat(why(large, "a", NOON, 1, 60, 1)).isNull();
    String many =
        "stream '{app=\"a\"}' has too many structured metadata labels: '4', limit: '3'. Please";
    assertThat(why(many, "a", NOON, 1, 1, 4)).isEqualTo(many);
    assertThat(why(many, "a", NOON, 1, 1, 3)).isNull();
  }

  @Test
  void aLineAheadOfTheClockIsCertainInItsSecond() {
    String text = "entry for stream '{app=\"a\"}' has timestamp too new: 2026-11-22T13:00:00Z";
    assertThat(why(text, "a", NOON + 3600, 1, 0, 0)).contains("too new");
    assertThat(why(text, "a", NOON + 3599, 1, 0, 0)).isNull();
    assertThat(why(text, "a", NOON, 1, 0, 0)).isNull();
  }

  @Test
  void labelsCostAllLinesOfTheirStream() {
    for (String text :
        new String[] {
          "entry for stream '{app=\"a\"}' has 20 label names; limit 15",
          "stream '{app=\"a\"}' has label name too long: 'x'",
          "stream '{app=\"a\"}' has label value too long: 'x'",
          "Error parsing labels '{app=\"a\"}' with error: 1:2: parse error"
        }) {
      assertThat(why(text, "a", NOON, 1, 0, 0)).isEqualTo(text);
      assertThat(why(text, "b", NOON, 1, 0, 0)).isNull();
    }
  }

  /** As a Loki 3.8 answers: several kinds at once, and with the service_name that it adds. */
  @Test
  void groupedRefusalsTellOfEachLineWithTheirOwnSentence() {
    String old =
        "entry for stream '{app=\"a\", service_name=\"a\"}' has timestamp too old:"
            + " 2026-11-22T05:03:32Z, oldest acceptable timestamp is: 2026-11-22T12:00:00Z";
    String longer =
        "max entry size '1000' bytes exceeded for stream '{app=\"a\", service_name=\"a\"}' while"
            + " adding an entry with length '1001' bytes";
    String value = "stream '{app=\"b\", service_name=\"b\"}' has label value too long: 'b'";
    String missing =
        "missing required labels 'team' for user 'x' for stream '{app=\"c\","
            + " service_name=\"c\\\"c\"}' (policy: '')";
    String text =
        "2 errors like: "
            + longer
            + "; 1 errors like: "
            + value
            + "; 10 errors like: "
            + old
            + "; 3 errors like: "
            + missing
            + "\n";
    assertThat(why(text, "a", NOON - 1, 1, 0, 0)).isEqualTo(old);
    assertThat(why(text, "a", NOON, 1001, 0, 0)).isEqualTo(longer);
    assertThat(why(text, "b", NOON, 1, 0, 0)).isEqualTo(value);
    assertThat(why(text, "c", NOON, 1, 0, 0)).isEqualTo(missing);
    assertThat(why(text, "d", NOON, 1, 0, 0)).isNull();
  }

  @Test
  void strangeTextsTellNothing() {
    for (String text :
        new String[] {
          "",
          "nonsense",
          "entry out of order",
          "entry for stream 'x' has timestamp too old: 2026-99-22T11:00:00Z, oldest acceptable"
              + " timestamp is: 2026-99-22T12:00:00Z",
          "total ignored: 1 out of 2 for stream: {",
          "'{app=\"a\"}' has "
        }) {
      assertThat(why(text, "a", NOON, 1, 0, 0)).isNull();
    }
  }

  private String why(
      String text, String app, long second, int line, int metadata, int metadataCount) {
    entries.clear();
    Pairs labels = new Pairs(10, 1000, 1000);
    byte[] value = app.getBytes(StandardCharsets.UTF_8);
    labels.add("app".getBytes(StandardCharsets.UTF_8), value, 0, value.length);
    entries.add(table.of(labels), 0, second * 1_000_000_000L + 5, 0, line, metadata, metadataCount);
    return new Refusals(text, entries, NOON).why(0);
  }
}
