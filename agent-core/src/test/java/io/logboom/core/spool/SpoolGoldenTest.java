package io.logboom.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.disk.LocalDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What version 1 wrote is read for ever: five entries in three segments, after a kill; the first
 * and the third are settled.
 */
class SpoolGoldenTest {
  private static final int[] SEGMENTS = {1, 3, 5};

  @TempDir Path directory;
  private final TestClock clock = new TestClock();

  private Spool open() throws IOException {
    return Spool.open(
        directory, new LocalDisk(), new SpoolSettings(1 << 20, new SpoolBudget(1 << 20)), clock);
  }

  private void segments() throws IOException {
    for (int first : SEGMENTS) {
      Files.write(
          directory.resolve(SegmentHeader.name(first)), golden("segment-1." + first + ".hex"));
    }
  }

  /** The slot that holds is one of three, any of them. */
  private void cursor(int slot) throws IOException {
    byte[] file = new byte[Cursor.FILE_BYTES];
    byte[] used = golden("cursor-1.hex");
    System.arraycopy(used, 0, file, slot * Cursor.SLOT_BYTES, used.length);
    Files.write(directory.resolve("cursor"), file);
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream file = SpoolGoldenTest.class.getResourceAsStream(name)) {
      assertThat(file).as(name).isNotNull();
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return HexFormat.of().parseHex(text.replaceAll("(?m)#.*$|\\s", ""));
    }
  }

  private static List<String> drain(Spool spool) {
    List<String> found = new ArrayList<>();
    for (Head head = spool.next(); head != null; head = spool.next()) {
      byte[] into = new byte[head.payloadBytes()];
      assertThat(spool.read(head, into, 0)).isTrue();
      found.add(
          String.join(
              " ",
              Long.toString(head.sequence()),
              new String(into, StandardCharsets.UTF_8),
              Integer.toString(head.records()),
              Integer.toString(head.flags()),
              Long.toString(head.appendedMillis() - TestClock.START)));
      spool.settle(head.sequence());
    }
    return found;
  }

  @Test
  void readsSegmentsAndACursorOfVersionOne() throws IOException {
    for (int slot = 0; slot < Cursor.SLOTS; slot++) {
      segments();
      cursor(slot);
      try (Spool spool = open()) {
        assertThat(spool.usage().records()).isEqualTo(2 + 4 + 5);
        assertThat(drain(spool))
            .containsExactly("2 two 2 3 1000", "4 four 4 4 3000", "5 five 5 4 4000");
        assertThat(spool.usage().damage()).isEqualTo(Usage.Damage.NONE);
        byte[] more = "six".getBytes(StandardCharsets.UTF_8);
        assertThat(spool.append(more, 0, more.length, 6, 0)).isEqualTo(new Append.Appended(6));
      }
      for (Path file : list()) {
        Files.delete(file);
      }
    }
  }

  private List<Path> list() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void readsSegmentsOfVersionOneWithoutACursor() throws IOException {
    segments();
    try (Spool spool = open()) {
      assertThat(drain(spool))
          .containsExactly(
              "1 one 1 3 0",
              "2 two 2 3 1000",
              "3 three 3 5 2000",
              "4 four 4 4 3000",
              "5 five 5 4 4000");
    }
  }

  /** What is written today is what was written then, byte by byte. */
  @Test
  void writesTheSame() throws IOException {
    try (Spool spool =
        Spool.open(
            directory,
            new LocalDisk(),
            new SpoolSettings(180, 1 << 20, new SpoolBudget(1 << 20), false, 0),
            clock)) {
      int records = 1;
      for (String text : List.of("one", "two", "three", "four", "five")) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        spool.append(bytes, 0, bytes.length, records++, text.length());
        clock.advance(1000);
        spool.sync(records - 1L);
      }
      for (int first : SEGMENTS) {
        assertThat(Files.readAllBytes(directory.resolve(SegmentHeader.name(first))))
            .isEqualTo(golden("segment-1." + first + ".hex"));
      }
    }
    byte[] slot = Arrays.copyOf(golden("cursor-1.hex"), Cursor.SLOT_BYTES);
    Cursor known = Cursor.parse(slot);
    assertThat(known).isNotNull();
    assertThat(known.toBytes()).isEqualTo(slot);
  }
}
