package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.testkit.TestIntake.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Random sequences of what happens to a container's log and to the agent, against a model that is a
 * set of lines: every line arrives; none twice but for a kill; a record's id names one text.
 */
class TailModelTest {
  private enum Act {
    WRITE,
    WRITE_MUCH,
    HALF_A_LINE,
    PIECE,
    LAST_PIECE,
    ERROR_LINE,
    TRACE,
    ROTATE,
    PACK_OLDEST,
    COPY_TRUNCATE,
    DELETE_OLDEST_READ,
    LOOK,
    READ,
    PASS,
    CHECKPOINT,
    JOURNAL,
    RESTART,
    KILL
  }

  @Provide
  Arbitrary<List<Act>> life() {
    return Arbitraries.frequency(
            net.jqwik.api.Tuple.of(6, Act.WRITE),
            net.jqwik.api.Tuple.of(1, Act.WRITE_MUCH),
            net.jqwik.api.Tuple.of(2, Act.HALF_A_LINE),
            net.jqwik.api.Tuple.of(2, Act.PIECE),
            net.jqwik.api.Tuple.of(2, Act.LAST_PIECE),
            net.jqwik.api.Tuple.of(2, Act.ERROR_LINE),
            net.jqwik.api.Tuple.of(3, Act.ROTATE),
            net.jqwik.api.Tuple.of(2, Act.PACK_OLDEST),
            net.jqwik.api.Tuple.of(1, Act.DELETE_OLDEST_READ),
            net.jqwik.api.Tuple.of(4, Act.LOOK),
            net.jqwik.api.Tuple.of(4, Act.READ),
            net.jqwik.api.Tuple.of(2, Act.PASS),
            net.jqwik.api.Tuple.of(2, Act.CHECKPOINT),
            net.jqwik.api.Tuple.of(2, Act.JOURNAL),
            net.jqwik.api.Tuple.of(2, Act.RESTART),
            net.jqwik.api.Tuple.of(2, Act.KILL))
        .list()
        .ofMinSize(5)
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<Act>> lifeWithCopies() {
    return Arbitraries.frequency(
            net.jqwik.api.Tuple.of(6, Act.WRITE),
            net.jqwik.api.Tuple.of(1, Act.WRITE_MUCH),
            net.jqwik.api.Tuple.of(3, Act.COPY_TRUNCATE),
            net.jqwik.api.Tuple.of(6, Act.PASS),
            net.jqwik.api.Tuple.of(2, Act.CHECKPOINT),
            net.jqwik.api.Tuple.of(2, Act.RESTART))
        .list()
        .ofMinSize(5)
        .ofMaxSize(40);
  }

  @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
  void everyLineArrivesWhateverHappens(@ForAll("life") List<Act> life) throws IOException {
    try (World world = new World("parser", "docker")) {
      world.live(life);
      world.check();
    }
  }

  /**
   * Killed right after it had found the file, and rotated on: the inode that it remembers without a
   * byte is another file's by then.
   */
  @Example
  void aFileOnTheInodeOfOneThatWasOnlyFoundTellsNothingOfThoseBeforeIt() throws IOException {
    List<Act> life = new ArrayList<>(List.of(Act.RESTART));
    life.addAll(Collections.nCopies(10, Act.WRITE));
    life.addAll(List.of(Act.LOOK, Act.WRITE, Act.ROTATE, Act.READ, Act.ERROR_LINE, Act.KILL));
    life.addAll(List.of(Act.ROTATE, Act.PACK_OLDEST, Act.PIECE, Act.KILL, Act.ROTATE));
    everyLineArrivesWhateverHappens(life);
  }

  /** Found, and rotated on and packed before a byte of it was read. */
  @Example
  void aFileThatWasOnlyFoundIsKnownInWhatItIsPackedInto() throws IOException {
    List<Act> life =
        List.of(Act.PIECE, Act.LOOK, Act.ROTATE, Act.PIECE, Act.ROTATE, Act.PACK_OLDEST);
    everyTraceArrivesWholeWhateverHappens(life);
    everyLineArrivesWhateverHappens(life);
  }

  /**
   * The start of a record waits in a file of which nothing is settled. While the agent is down it
   * is packed, and the file that comes next has its inode.
   */
  @Example
  void aPackedFileIsKnownByItsNameWhenItsInodeIsAnothers() throws IOException {
    List<Act> life =
        List.of(
            Act.PIECE, Act.ROTATE, Act.PIECE, Act.PASS, Act.ROTATE, Act.PACK_OLDEST, Act.RESTART);
    everyTraceArrivesWholeWhateverHappens(life);
    everyLineArrivesWhateverHappens(life);
  }

  /** The same while it is read: of a file found only, the next start tells nothing. */
  @Example
  void aFileThatIsReadIsRememberedWhenItsInodeIsAnothers() throws IOException {
    List<Act> life = new ArrayList<>(List.of(Act.WRITE, Act.ROTATE, Act.WRITE, Act.ROTATE));
    life.addAll(List.of(Act.DELETE_OLDEST_READ, Act.LAST_PIECE, Act.ROTATE, Act.PACK_OLDEST));
    life.addAll(List.of(Act.PIECE, Act.ROTATE, Act.LOOK, Act.RESTART));
    everyTraceArrivesWholeWhateverHappens(life);
    everyLineArrivesWhateverHappens(life);
  }

  /** What is settled of the next file is in the journal, and with it what this one is called. */
  @Example
  void aFileIsKnownByTheNameThatItGotBeforeTheKill() throws IOException {
    List<Act> life = new ArrayList<>(List.of(Act.PIECE, Act.PASS, Act.ROTATE, Act.ERROR_LINE));
    life.addAll(List.of(Act.LOOK, Act.READ, Act.JOURNAL, Act.ROTATE, Act.PACK_OLDEST, Act.KILL));
    everyTraceArrivesWholeWhateverHappens(life);
    everyLineArrivesWhateverHappens(life);
  }

  /** Nothing but half a line was seen of it: the line of a file that has its inode starts alike. */
  @Example
  void aFileWithHalfALineIsToldFromTheOneThatHasItsInode() throws IOException {
    List<Act> life = new ArrayList<>(List.of(Act.WRITE, Act.ROTATE, Act.PIECE, Act.ROTATE));
    life.addAll(List.of(Act.HALF_A_LINE, Act.DELETE_OLDEST_READ, Act.ROTATE, Act.RESTART));
    life.addAll(List.of(Act.WRITE, Act.ROTATE, Act.PACK_OLDEST, Act.PIECE, Act.ROTATE));
    life.addAll(List.of(Act.PACK_OLDEST, Act.PACK_OLDEST));
    everyTraceArrivesWholeWhateverHappens(life);
    everyLineArrivesWhateverHappens(life);
  }

  @Provide
  Arbitrary<List<Act>> lifeWithTraces() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(
                3, Arbitraries.of(Act.PIECE, Act.LAST_PIECE, Act.ERROR_LINE, Act.WRITE_MUCH)),
            net.jqwik.api.Tuple.of(3, Arbitraries.just(Act.TRACE)),
            net.jqwik.api.Tuple.of(
                2, Arbitraries.of(Act.ROTATE, Act.PACK_OLDEST, Act.DELETE_OLDEST_READ)),
            net.jqwik.api.Tuple.of(3, Arbitraries.of(Act.LOOK, Act.READ, Act.PASS, Act.CHECKPOINT)),
            net.jqwik.api.Tuple.of(1, Arbitraries.of(Act.JOURNAL, Act.RESTART, Act.KILL)))
        .list()
        .ofMinSize(5)
        .ofMaxSize(60);
  }

  @Property(tries = 80, shrinking = ShrinkingMode.BOUNDED)
  void everyTraceArrivesWholeWhateverHappens(@ForAll("lifeWithTraces") List<Act> life)
      throws IOException {
    try (World world = new World("multiline.parser", "docker, java")) {
      world.live(life);
      world.check();
    }
  }

  @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void everyLineArrivesOnceOverCopiesAndTruncation(@ForAll("lifeWithCopies") List<Act> life)
      throws IOException {
    try (World world = new World("parser", "docker")) {
      world.live(life);
      world.check();
    }
  }

  /** One container, one agent, and what the agent must have delivered in the end. */
  private static final class World implements AutoCloseable {
    private final Path dir;
    private final LogFile log;
    private final Set<String> written = new LinkedHashSet<>();
    private final List<Path> rotated = new ArrayList<>();
    private Follower follower;
    private int next;
    private String half = "";
    // Whether pieces wait for the rest of the half line.
    private boolean halfEndsRecord;
    private String pieces = "";
    private boolean killed;
    // Whether the agent has read something of the file since it was empty.
    private boolean begun;

    World(String option, String parsers) throws IOException {
      dir = Files.createTempDirectory("tail-model");
      log = new LogFile(dir.resolve("pods/p/c/0.log"));
      Path links = Files.createDirectories(dir.resolve("containers"));
      Files.createSymbolicLink(links.resolve("p_ns_c-1.log"), log.path());
      follower =
          Follower.small(
              dir.resolve("state"),
              4096,
              "path",
              links + "/*.log",
              option,
              parsers,
              "docker_mode_flush",
              "86400");
      follower.pass();
    }

    void live(List<Act> life) throws IOException {
      for (Act act : life) {
        act(act);
      }
      finishLine();
      if (!pieces.isEmpty()) {
        act(Act.LAST_PIECE);
      }
      for (int i = 0; i < 6; i++) {
        follower.pass();
      }
    }

    private void act(Act act) throws IOException {
      switch (act) {
        case WRITE -> lines(1 + next % 3);
        case WRITE_MUCH -> lines(150);
        case HALF_A_LINE -> {
          finishLine();
          String text = text();
          written.add(text);
          String line = log.line("stdout", "F", text);
          if (!pieces.isEmpty()) {
            written.remove(text);
            written.add(pieces + text);
            halfEndsRecord = true;
            pieces = "";
          }
          log.write(line.substring(0, line.length() / 2));
          half = line.substring(line.length() / 2);
        }
        case PIECE -> {
          finishLine();
          String text = text();
          pieces += text;
          log.piece("stdout", text);
        }
        case LAST_PIECE -> {
          finishLine();
          String text = text();
          log.last("stdout", text);
          written.add(pieces + text);
          pieces = "";
        }
        case ERROR_LINE -> {
          finishLine();
          String text = text();
          log.last("stderr", text);
          written.add(text);
        }
        case TRACE -> trace();
        case ROTATE -> rotate();
        case PACK_OLDEST -> packOldest();
        case COPY_TRUNCATE -> copyTruncate();
        case DELETE_OLDEST_READ -> deleteOldest();
        case LOOK -> follower.look();
        case READ -> follower.read();
        case PASS -> {
          follower.pass();
          begun = Files.exists(log.path()) && Files.size(log.path()) > 0;
        }
        case CHECKPOINT -> follower.checkpoint();
        case JOURNAL -> follower.journal();
        case RESTART -> follower.restart();
        case KILL -> {
          killed = true;
          follower.crash();
        }
      }
    }

    private String text() {
      return "t" + next++;
    }

    private void lines(int count) throws IOException {
      finishLine();
      for (int i = 0; i < count; i++) {
        String text = text();
        log.cri(text);
        written.add(pieces + text);
        pieces = "";
      }
    }

    /** Of both streams, with the line behind each; long enough to fill more than a slab. */
    private void trace() throws IOException {
      lines(1);
      String[] record = {"x.Exception: " + text(), "x.Exception: " + text()};
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 2; i++) {
        all.append(log.line(i == 0 ? "stdout" : "stderr", "F", record[i]));
      }
      for (int line = next % 40; line >= 0; line--) {
        int i = (line * 7 + next) % 2;
        String frame = "at " + text();
        all.append(log.line(i == 0 ? "stdout" : "stderr", "F", "\t" + frame));
        record[i] += "\\n\\t" + frame;
      }
      String error = text();
      log.write(all + log.line("stderr", "F", error));
      written.addAll(List.of(record[0], record[1], error));
      lines(1);
    }

    private void finishLine() throws IOException {
      if (!half.isEmpty()) {
        log.write(half);
        half = "";
        halfEndsRecord = false;
      }
    }

    /** As a runtime does: lines are not split over a rotation, records of several lines may be. */
    private void rotate() throws IOException {
      finishLine();
      if (Files.exists(log.path())) {
        rotated.add(log.rotate());
      }
    }

    /** A file that is truncated before anything of it was read shows no trace of that. */
    private void copyTruncate() throws IOException {
      finishLine();
      if (Files.exists(log.path())) {
        if (!begun) {
          follower.pass();
        }
        log.copyTruncate();
        begun = false;
      }
    }

    /** The kubelet packs all rotated files but the newest. */
    private void packOldest() throws IOException {
      for (int i = 0; i < rotated.size() - 1; i++) {
        Path path = rotated.get(i);
        if (!Siblings.isPacked(path)) {
          rotated.set(i, LogFile.pack(path));
          return;
        }
      }
    }

    /**
     * What is deleted was open by then, or it would be lost by anyone. Only while no record waits
     * for its last piece: pieces are kept as positions, so that one whose file is gone lives as
     * long as the agent holds that file open, and no longer.
     */
    private void deleteOldest() throws IOException {
      if (halfEndsRecord) {
        finishLine();
      }
      if (rotated.size() > 1 && pieces.isEmpty()) {
        for (int i = 0; i < 4; i++) {
          follower.pass();
        }
        Files.delete(rotated.removeFirst());
      }
    }

    void check() {
      List<Entry> entries = follower.entries();
      List<String> texts = follower.texts();
      assertThat(new LinkedHashSet<>(texts)).containsAll(written);
      if (!killed) {
        assertThat(texts).containsExactlyInAnyOrderElementsOf(written);
      }
      Map<String, String> byId = new HashMap<>();
      for (Entry entry : entries) {
        String id = entry.sourceId() + "/" + entry.position();
        String text = Follower.text(entry.json());
        assertThat(byId.merge(id, text, (a, b) -> a)).as("id %s", id).isEqualTo(text);
      }
    }

    @Override
    public void close() throws IOException {
      follower.stop();
      assertThat(follower.context().testBatches().used()).isZero();
      try (Stream<Path> all = Files.walk(dir)) {
        all.sorted(Comparator.reverseOrder())
            .forEach(
                path -> {
                  try {
                    Files.delete(path);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
      }
    }
  }
}
