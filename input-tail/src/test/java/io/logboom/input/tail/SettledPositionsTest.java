package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.plugin.Settlement;
import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import io.logboom.testkit.TestIntake.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is on disk at any moment is never past what is settled: whatever the order in which batches
 * settle, a line that is not settled would be read again after a crash at that moment.
 */
class SettledPositionsTest {
  @TempDir Path dir;

  @Property(tries = 25, shrinking = ShrinkingMode.BOUNDED)
  void nothingOnDiskIsPastWhatIsSettled(@ForAll long seed) throws IOException {
    Path home = Files.createTempDirectory("tail-settled");
    try (World world = new World(home, new Random(seed))) {
      world.live(120);
    }
    try (Stream<Path> all = Files.walk(home)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Where a line of a stream starts, and in which file. */
  private record Line(FileKey file, long offset, int stream, String text) {}

  /** Two containers, and an agent whose batches settle in any order, late, or not at all. */
  private static final class World implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile("t\\d+");

    private final Path state;
    private final Random random;
    private final List<LogFile> logs = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final Set<String> settled = new HashSet<>();
    private final Follower follower;
    private int next;

    World(Path dir, Random random) throws IOException {
      this.state = dir.resolve("state");
      this.random = random;
      for (int i = 0; i < 2; i++) {
        logs.add(new LogFile(dir.resolve("pods/c" + i + "/0.log")));
        logs.get(i).write("");
      }
      follower =
          Follower.smallHolding(
              state,
              4096,
              "path",
              dir + "/pods/*/0.log",
              "parser",
              "docker",
              "docker_mode_flush",
              "86400");
      follower.pass();
    }

    void live(int acts) throws IOException {
      for (int i = 0; i < acts; i++) {
        act();
        check();
      }
    }

    private void act() throws IOException {
      int log = random.nextInt(logs.size());
      switch (random.nextInt(14)) {
        case 0, 1 -> write(log, 1 + random.nextInt(60));
        case 2 -> piece();
        case 3 -> lastPiece();
        case 4 -> rotate(log);
        case 5, 6 -> follower.step(60);
        case 7 -> follower.look();
        case 8 -> follower.checkpoint();
        case 9, 10 -> follower.journal();
        default -> settle();
      }
    }

    private void write(int log, int count) throws IOException {
      for (int i = 0; i < count; i++) {
        boolean error = random.nextInt(4) == 0;
        String text = "t" + next++;
        line(log, error ? "stderr" : "stdout", "F", text);
      }
    }

    private void line(int log, String stream, String tag, String text) throws IOException {
      LogFile file = logs.get(log);
      long offset = Files.exists(file.path()) ? Files.size(file.path()) : 0;
      file.write(file.line(stream, tag, text));
      int number = stream.equals("stdout") ? Origins.STDOUT : Origins.STDERR;
      lines.add(new Line(FileStat.of(file.path()).key(), offset, number, text));
    }

    /** Pieces are of the first container's stderr, so that its stdout gets on meanwhile. */
    private void piece() throws IOException {
      line(0, "stderr", "P", "t" + next++);
    }

    private void lastPiece() throws IOException {
      line(0, "stderr", "F", "t" + next++);
    }

    private void rotate(int log) throws IOException {
      if (Files.exists(logs.get(log).path())) {
        logs.get(log).rotate();
        logs.get(log).write("");
      }
    }

    private void settle() {
      int held = follower.intake().heldBatches();
      if (held == 0) {
        return;
      }
      Settlement how = random.nextInt(12) == 0 ? Settlement.AGAIN : Settlement.DONE;
      for (Entry entry : follower.intake().settleOne(random.nextInt(held), how)) {
        if (how == Settlement.DONE) {
          LINE.matcher(Follower.text(entry.json())).results().forEach(r -> settled.add(r.group()));
        }
      }
    }

    /** Plays a restart: whoever is passed over by what is on disk must be settled. */
    private void check() {
      Map<FileKey, Known> saved = onDisk(state);
      for (Line line : lines) {
        Known known = saved.get(line.file);
        boolean passed =
            known != null
                && (line.offset < known.position() || line.offset < known.taken().of(line.stream));
        if (passed) {
          assertThat(settled)
              .as("%s at %s, saved %s", line, line.offset, known)
              .contains(line.text);
        }
      }
    }

    @Override
    public void close() {
      follower.intake().settle(Settlement.DONE);
      follower.stop();
    }
  }

  private static Map<FileKey, Known> onDisk(Path state) {
    TestContext context = new TestContext(state);
    Positions positions =
        new Positions(
            "test.0",
            state.resolve("positions"),
            new Book(),
            new TailCounters(context.meters()),
            new Said());
    Positions.Saved saved = positions.load(System.currentTimeMillis());
    Map<FileKey, Known> files = new HashMap<>();
    if (saved != null) {
      saved.files().forEach(known -> files.put(known.key(), known));
    }
    return files;
  }

  /** The same with the threads that there are in earnest, looked at while they run. */
  @Test
  @Timeout(60)
  void nothingOnDiskIsPastWhatIsSettledUnderLoad() throws Exception {
    int width = 100;
    Path state = dir.resolve("state");
    Path log = dir.resolve("a.log");
    Files.createFile(log);
    TestContext context = new TestContext(state, 8192, 1 << 20);
    TestIntake intake = new TestIntake(context, false);
    Load load = new Load(log, intake, width);
    try (Tail tail =
        new Tail(
            Binder.bind(TailConfig.class, "path", log.toString()),
            context,
            System::nanoTime,
            Map.of())) {
      tail.start(intake);
      await().until(() -> Files.exists(state.resolve("positions")));
      Thread running = Thread.ofPlatform().start(load);
      Set<Long> seen = new HashSet<>();
      while (seen.size() < 100 && !Thread.interrupted()) {
        long onDisk = onDisk(state).values().stream().mapToLong(Known::position).sum();
        assertThat(onDisk).isLessThanOrEqualTo(load.settledLines() * width);
        seen.add(onDisk);
      }
      load.stop = true;
      running.join();
      intake.settle(Settlement.DONE);
    }
  }

  @Test
  @Timeout(60)
  void whatIsSettledIsOnDiskWithoutWaitingForACheckpoint() throws Exception {
    Path state = dir.resolve("state");
    Path log = dir.resolve("a.log");
    Files.createFile(log);
    TestContext context = new TestContext(state);
    try (Tail tail =
        new Tail(
            Binder.bind(TailConfig.class, "path", log.toString()),
            context,
            System::nanoTime,
            Map.of())) {
      TestIntake intake = new TestIntake(context, true);
      tail.start(intake);
      await().until(() -> Files.exists(state.resolve("positions")));
      Files.writeString(log, "x\n");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> onDisk(state).values().stream().mapToLong(Known::position).sum() == 2);
      assertThat(context.meters().count(TailMeter.JOURNAL_ENTRIES)).isEqualTo(1);
    }
  }

  /** Writes numbered lines of one width, and settles what comes of them in no order. */
  private static final class Load implements Runnable {
    private static final int MOST_AHEAD = 5000;
    private final Path log;
    private final TestIntake intake;
    private final int width;
    private final Random random = new Random(42);
    private final BitSet settled = new BitSet();
    volatile boolean stop;

    Load(Path log, TestIntake intake, int width) {
      this.log = log;
      this.intake = intake;
      this.width = width;
    }

    /** How many lines from the first on are settled without a gap. */
    synchronized long settledLines() {
      return settled.nextClearBit(0);
    }

    @Override
    public void run() {
      int written = 0;
      while (!stop) {
        if (written - settledLines() < MOST_AHEAD) {
          write(written, written + 100);
          written += 100;
        } else if (intake.heldBatches() > 0) {
          settle(0);
        }
        // A few are always left, so that what comes after them settles before them.
        for (int left = intake.heldBatches(); left > 4; left--) {
          settle(random.nextInt(left));
        }
        Thread.onSpinWait();
      }
    }

    private void write(int from, int to) {
      StringBuilder text = new StringBuilder();
      for (int i = from; i < to; i++) {
        String number = Integer.toString(i);
        text.append(number).append(" ".repeat(width - 1 - number.length())).append('\n');
      }
      try {
        Files.writeString(log, text, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Under one lock: whoever looks at the disk first and here second sees no difference. */
    private synchronized void settle(int index) {
      for (Entry entry : intake.settleOne(index, Settlement.DONE)) {
        settled.set(Integer.parseInt(Follower.text(entry.json()).strip()));
      }
    }
  }
}
