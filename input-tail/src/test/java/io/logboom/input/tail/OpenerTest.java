package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.testkit.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenerTest {
  @TempDir Path dir;

  /** A file that can be opened and not be read: reading at 0 gives EIO. */
  private final Path memory = Path.of("/proc/self/mem");

  private final Book book = new Book();
  private final List<TailedFile> followed = new ArrayList<>();

  private Opener opener(TestContext context) {
    TailCounters counters = new TailCounters(context.meters());
    return new Opener("test.0", book, followed::add, counters, new Said());
  }

  private Known known() throws IOException {
    return new Known(
        memory.toString(),
        memory.toString(),
        FileStat.of(memory).key(),
        0,
        new Sample(3, 5),
        0,
        Sample.NONE,
        Taken.NONE,
        "id",
        false,
        0);
  }

  private static boolean isMemory(Path descriptor) {
    try {
      Path target = Files.readSymbolicLink(descriptor);
      return target.startsWith("/proc") && target.endsWith("mem");
    } catch (IOException e) {
      return false; // the one that lists them
    }
  }

  private static long openDescriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(OpenerTest::isMemory).count();
    }
  }

  @Test
  void leavesNoDescriptorOfAFileThatCannotBeRead() throws IOException {
    TestContext context = new TestContext(dir);
    Opener opener = opener(context);
    book.restore(List.of(known()));
    Slot slot = new Slot(memory, "tag", new Waiting());
    for (int look = 1; look <= 3; look++) {
      assertThat(opener.current(slot, memory, FileStat.of(memory).key(), true)).isNull();
      assertThat(opener.rotated(slot, new Rotations.Unread(memory, known()), null)).isNull();
      assertThat(context.meters().count(TailMeter.OPEN_FAILURES)).isEqualTo(2 * look);
    }
    assertThat(followed).isEmpty();
    assertThat(openDescriptors()).isZero();
  }

  /** Its rest would be read behind the lines of the next one. */
  @Test
  void takesNoFileThatCameInThePlaceOfTheOneThatWasSeen() throws IOException {
    TestContext context = new TestContext(dir);
    Opener opener = opener(context);
    Path log = Files.writeString(dir.resolve("0.log"), "one\n");
    FileKey seen = FileStat.of(log).key();
    Files.move(log, dir.resolve("0.log.1"));
    Files.writeString(log, "two\n");
    Slot slot = new Slot(log, "tag", new Waiting());
    assertThat(opener.current(slot, log, seen, true)).isNull();
    assertThat(followed).isEmpty();
    assertThat(context.meters().count(TailMeter.OPEN_FAILURES)).isZero();
    assertThat(opener.current(slot, log, FileStat.of(log).key(), true)).isNotNull();
  }
}
