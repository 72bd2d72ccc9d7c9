package io.logboom.input.tail;

import io.logboom.input.tail.TailWorld.Act;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    try (TailWorld world = new TailWorld("parser", "docker")) {
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

  /** Renamed and packed after a kill, it is known by its bytes, though none of them is settled. */
  @Example
  void aFileThatIsRenamedAndPackedIsKnownByItsBytes() throws IOException {
    everyLineArrivesWhereRotationCounts(
        List.of(Act.PIECE, Act.ROTATE, Act.PIECE, Act.PASS, Act.KILL, Act.ROTATE, Act.PACK_OLDEST));
  }

  /**
   * Found and no more before the agent stops: a packed file of whatever name must not be taken for
   * it, nor another one with half of a line.
   */
  @Example
  void aNumberedFileThatWasOnlyFoundIsToldFromThoseThatGetItsName() throws IOException {
    everyLineArrivesWhereRotationCounts(
        List.of(
            Act.WRITE,
            Act.ROTATE,
            Act.WRITE,
            Act.LOOK,
            Act.RESTART,
            Act.ROTATE,
            Act.PACK_OLDEST,
            Act.JOURNAL,
            Act.DELETE_OLDEST_READ,
            Act.PACK_OLDEST));
    everyLineArrivesWhereRotationCounts(
        List.of(
            Act.HALF_A_LINE,
            Act.PASS,
            Act.RESTART,
            Act.ROTATE,
            Act.WRITE,
            Act.LOOK,
            Act.ROTATE,
            Act.RESTART,
            Act.PACK_OLDEST));
  }

  /** As docker and logrotate do it. */
  @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
  void everyLineArrivesWhereRotationCounts(@ForAll("life") List<Act> life) throws IOException {
    try (TailWorld world = new TailWorld("parser", "docker", true)) {
      world.live(life);
      world.check();
    }
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
    try (TailWorld world = new TailWorld("multiline.parser", "docker, java")) {
      world.live(life);
      world.check();
    }
  }

  @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void everyLineArrivesOnceOverCopiesAndTruncation(@ForAll("lifeWithCopies") List<Act> life)
      throws IOException {
    try (TailWorld world = new TailWorld("parser", "docker")) {
      world.live(life);
      world.check();
    }
  }
}
