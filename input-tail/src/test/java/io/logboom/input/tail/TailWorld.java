package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.testkit.TestIntake.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** One container, one agent, and what the agent must have delivered in the end. */
final class TailWorld implements AutoCloseable {
  /** What happens. */
  enum Act {
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

  private final boolean counting;
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

  TailWorld(String option, String parsers) throws IOException {
    this(option, parsers, false);
  }

  /**
   * @param counting whether rotated files are numbered and packed as docker and logrotate do it:
   *     the newest is {@code .1}, each gets the next number with each rotation, and any is packed
   */
  TailWorld(String option, String parsers, boolean counting) throws IOException {
    this.counting = counting;
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
      for (int i = 0; counting && i < rotated.size(); i++) {
        Path from = rotated.get(i);
        rotated.set(i, Files.move(from, numbered(rotated.size() - i + 1, Siblings.isPacked(from))));
      }
      rotated.add(counting ? Files.move(log.path(), numbered(1, false)) : log.rotate());
    }
  }

  private Path numbered(int number, boolean packed) {
    return log.path().resolveSibling("0.log." + number + (packed ? Siblings.PACKED : ""));
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
    for (int i = 0; i < rotated.size() - (counting ? 0 : 1); i++) {
      Path path = rotated.get(i);
      if (!Siblings.isPacked(path)) {
        rotated.set(i, LogFile.pack(path));
        return;
      }
    }
  }

  /**
   * What is deleted was open by then, or it would be lost by anyone. Only while no record waits for
   * its last piece: pieces are kept as positions, so that one whose file is gone lives as long as
   * the agent holds that file open, and no longer.
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
