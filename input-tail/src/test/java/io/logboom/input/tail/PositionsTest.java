package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.testkit.TestContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoint and journal: what is written, and what of it is believed. */
class PositionsTest {
  private static final long NOW = 1795330800500L;

  @TempDir Path dir;
  private Path checkpoint;

  @BeforeEach
  void prepare() {
    checkpoint = dir.resolve("positions");
  }

  private Positions positions(Book book) {
    TestContext context = new TestContext(dir);
    return new Positions(
        "test.0", checkpoint, book, new TailCounters(context.meters()), new Said());
  }

  private List<Known> load() {
    Positions.Saved saved = positions(new Book()).load(NOW);
    return saved == null ? List.of() : List.copyOf(saved.files());
  }

  private static Known known(int inode, int generation, long position) {
    return new Known(
        "/c/" + inode + ".log",
        "/p/" + inode + " %\n/0.log",
        new FileKey(7, inode),
        generation,
        new Sample(3, 5),
        position,
        new Sample(2, -1),
        Taken.NONE,
        "id",
        false,
        NOW);
  }

  private Path journalFile(long number) {
    return dir.resolve("positions.journal." + number);
  }

  private byte[] resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }

  private void golden(String name, Path to) throws IOException {
    Files.write(to, resource(name));
  }

  @Test
  void readsACheckpointOfVersionOne() throws IOException {
    golden("positions-1", checkpoint);
    golden("positions-2.journal.17", journalFile(17));
    assertThat(load()).extracting(Known::position).containsExactly(40960L, 10L);
    assertThat(load().getFirst().taken()).isEqualTo(new Taken(41000, 40970));
    assertThat(load().getLast().name()).isEqualTo("/var/log/pods/a b/web/0.log");
  }

  @Test
  void readsACheckpointOfVersionTwoAndItsJournalOfVersionOne() throws IOException {
    golden("positions-2", checkpoint);
    golden("positions-2.journal.17", journalFile(17));
    assertThat(load()).extracting(Known::position).containsExactly(40960L, 900L, 77L);
    assertThat(load().get(1).sourceId()).isEqualTo("zz");
  }

  @Test
  void writesTheVersionThatItsGoldenFilesHave() throws IOException {
    golden("positions-2", checkpoint);
    CheckpointFile file = CheckpointFile.at(checkpoint);
    CheckpointFile.Content content = Objects.requireNonNull(file.load(NOW));
    file.save(content.savedMillis(), content.journal(), content.files());
    assertThat(checkpoint).hasBinaryContent(resource("positions-2"));
  }

  @Test
  void takesNoJournalThatIsOlderThanTheCheckpoint() throws IOException {
    golden("positions-2", checkpoint);
    golden("positions-2.journal.17", journalFile(16));
    assertThat(load()).extracting(Known::position).containsExactly(40960L, 10L);
  }

  @Test
  void takesNoJournalWithoutACheckpoint() throws IOException {
    golden("positions-2.journal.17", journalFile(17));
    assertThat(load()).isEmpty();
  }

  @Test
  void writesOnUnderANumberThatNoJournalHas() throws IOException {
    golden("positions-2.journal.17", journalFile(17));
    Book book = new Book();
    Positions positions = positions(book);
    book.remember(known(1, 0, 5));
    positions.save(NOW);
    assertThat(Files.readString(checkpoint)).contains("\njournal 18\n");
    assertThat(journalFile(17)).doesNotExist();
  }

  @Test
  void believesTheLatestOfAFileOverCheckpointAndJournals() throws IOException {
    CheckpointFile.at(checkpoint)
        .save(NOW, 1, List.of(known(1, 0, 100), known(2, 3, 100), known(3, 0, 100)));
    try (Journal journal = new Journal(checkpoint)) {
      journal.append(List.of(known(1, 0, 150), known(2, 2, 5000), known(3, 1, 20)));
      journal.append(List.of(known(1, 0, 120)));
      assertThat(journal.next()).isEqualTo(2);
      journal.append(List.of(known(4, 0, 9)));
    }
    assertThat(load())
        .extracting(k -> k.key().inode() + ":" + k.generation() + ":" + k.position())
        .containsExactly("1:0:150", "2:3:100", "3:1:20", "4:0:9");
  }

  @Test
  void believesWhatComesBeforeATornEnd() throws IOException {
    List<Known> written = journalOfTen();
    byte[] whole = Files.readAllBytes(journalFile(1));
    for (int length = 0; length <= whole.length; length++) {
      byte[] torn = Arrays.copyOf(whole, length);
      Files.write(journalFile(1), torn);
      int lines =
          (int) new String(torn, StandardCharsets.UTF_8).chars().filter(c -> c == '\n').count();
      assertThat(load())
          .as("%s bytes", length)
          .isEqualTo(written.subList(0, Math.max(0, lines - 1)));
    }
  }

  @Test
  void believesNothingThatIsDamaged() throws IOException {
    List<Known> written = journalOfTen();
    byte[] whole = Files.readAllBytes(journalFile(1));
    for (int bit = 0; bit < whole.length * 8; bit += 3) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(journalFile(1), flipped);
      List<Known> believed = load();
      assertThat(written).as("bit %s", bit).containsAll(believed);
      boolean first = bit / 8 < firstLine(whole);
      assertThat(believed.size()).as("bit %s", bit).isGreaterThanOrEqualTo(first ? 0 : 8);
    }
  }

  private static int firstLine(byte[] bytes) {
    int i = 0;
    while (bytes[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  private List<Known> journalOfTen() throws IOException {
    CheckpointFile.at(checkpoint).save(NOW, 1, List.of());
    List<Known> written = new ArrayList<>();
    try (Journal journal = new Journal(checkpoint)) {
      for (int i = 0; i < 10; i++) {
        written.add(known(i, 0, i * 1000));
        journal.append(written.subList(i, i + 1));
      }
    }
    return written;
  }

  @Test
  void keepsJournalsUntilACheckpointSucceeds() throws IOException {
    Book book = new Book();
    Positions positions = positions(book);
    positions.save(NOW);
    Path obstacle = dir.resolve("positions.tmp");
    Files.createDirectory(obstacle);
    TailedFile file = open(book, 1);
    for (int i = 1; i <= 5; i++) {
      settle(positions, file, i * 10);
      positions.save(NOW);
    }
    assertThat(journals()).hasSizeLessThanOrEqualTo(2);
    assertThat(load()).extracting(Known::position).containsExactly(50L);
    Files.delete(obstacle);
    positions.save(NOW);
    assertThat(journals()).hasSizeLessThanOrEqualTo(1);
    assertThat(load()).extracting(Known::position).containsExactly(50L);
    positions.close();
  }

  @Test
  void forgetsWhatAFileWasBeforeItWasBegunAnew() throws IOException {
    Book book = new Book();
    Positions positions = positions(book);
    positions.save(NOW);
    TailedFile old = open(book, 1);
    TailedFile next = open(book, 1);
    settle(positions, old, 10);
    assertThat(load()).extracting(Known::position).containsExactly(0L);
    settle(positions, next, 20);
    assertThat(load()).extracting(Known::position).containsExactly(20L);
    positions.close();
  }

  private TailedFile open(Book book, int inode) throws IOException {
    Path path = dir.resolve(inode + ".log");
    Files.writeString(path, "x".repeat(100));
    TailedFile file =
        new TailedFile(
            path.toString(),
            "t",
            path,
            new FileKey(7, inode),
            0,
            PlainContent.open(path),
            new Lineage(new Waiting()),
            Place.START,
            "id");
    book.opened(file);
    return file;
  }

  private static void settle(Positions positions, TailedFile file, long position) {
    Place place = new Place(position, Sample.NONE);
    assertThat(file.ledger().sent(place).settle(io.logboom.api.plugin.Settlement.DONE)).isTrue();
    positions.moves().add(file);
    positions.journal(NOW);
  }

  private List<Path> journals() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.filter(p -> p.getFileName().toString().contains(".journal.")).toList();
    }
  }
}
