package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.ContainerLog;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Conduct;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks again and again at the position that is saved, and at what is safe elsewhere. */
class AckIT {
  private static final int RATE = 5_000;
  private static final Duration EACH = Size.seconds("ack.seconds", 2, 20);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  /**
   * One look.
   *
   * @param saved the bytes of the log that need not be read again
   * @param safe how many lines from its start were safe, as seen later than {@code saved}
   */
  private record Look(long saved, long safe) {}

  private final List<Look> looks = new ArrayList<>();

  /** Also while the receiver is away, and over {@code kill -9}, and though the spool takes all. */
  @Test
  void withAckDeliveredNoSavedPositionIsAheadOfWhatTheReceiverHas() throws Exception {
    try (Stand stand = new Stand(directory)) {
      LongSupplier safe = () -> prefix(stand);
      run(stand, stand.usual().with("ack", "delivered"), safe);
    }
  }

  @Test
  void withAckSpooledNoSavedPositionIsAheadOfReceiverAndSpool() throws Exception {
    try (Stand stand = new Stand(directory)) {
      run(stand, stand.usual().with("ack", "spooled").with("workers", 1), null);
    }
  }

  /**
   * @param safe null for what the receiver has and the agent's spool says to have beyond it
   */
  private void run(Stand stand, Setup setup, LongSupplier safe) throws Exception {
    ContainerLog log = stand.log("steady", Rotation.NONE);
    AgentProcess agent = stand.start(setup);
    long moved;
    try (SequenceWriter writer =
        new SequenceWriter(log, "steady", Integer.MAX_VALUE, RATE, 200).start()) {
      watch(stand, agent, safe);
      stand.sink().conduct(new Conduct.Late(Duration.ofMillis(300)));
      watch(stand, agent, safe);
      stand.sink().conduct(new Conduct.Away());
      watch(stand, agent, safe);
      agent.kill();
      agent = stand.start(setup);
      watch(stand, agent, safe);
      stand.sink().conduct(new Conduct.Well());
      watch(stand, agent, safe);
      long lines = writer.stop();
      stand.awaitAll(agent, Stand.PATIENCE, "steady", lines);
      long end = Files.size(log.path());
      Stand.waiting(agent).until(() -> saved(stand) == end);
      moved = end;
    }
    List<Long> ends = ends(log.path());
    for (Look look : looks) {
      int known = (int) Math.min(look.safe(), ends.size() - 1);
      assertThat(look.saved()).isLessThanOrEqualTo(ends.get(known));
    }
    assertThat(looks.stream().mapToLong(Look::saved).distinct().count())
        .as("positions that were seen")
        .isGreaterThan(10);
    Size.report(
        "ack",
        "%d looks at the saved position on its way to %d: none ahead of what was safe",
        looks.size(),
        moved);
  }

  private void watch(Stand stand, AgentProcess agent, LongSupplier safe) throws Exception {
    for (long until = System.nanoTime() + EACH.toNanos(); until - System.nanoTime() > 0; ) {
      long saved = saved(stand);
      looks.add(new Look(saved, safe == null ? prefixAndSpool(stand, agent) : safe.getAsLong()));
      Stand.letBe(POLL);
    }
  }

  private static long prefix(Stand stand) {
    long first = stand.seen().firstMissing("steady", Integer.MAX_VALUE);
    return first < 0 ? Integer.MAX_VALUE : first;
  }

  /** The spool is looked at first: what leaves it meanwhile is then seen at the receiver. */
  private static long prefixAndSpool(Stand stand, AgentProcess agent) throws Exception {
    long spooled =
        JSON.readTree(agent.get("/api/v1/status").body())
            .at("/outputs/sink/spool/records")
            .asLong();
    return prefix(stand) + spooled;
  }

  /** What the tail input would go on from; see {@code docs/reference/checkpoint-format.md}. */
  private static long saved(Stand stand) throws IOException {
    long most = 0;
    List<Path> files;
    try (Stream<Path> all = Files.list(stand.checkpoint().getParent())) {
      files = all.filter(file -> file.getFileName().toString().startsWith("positions")).toList();
    } catch (NoSuchFileException e) {
      return 0;
    }
    for (Path file : files) {
      boolean journal = file.toString().contains(".journal.");
      for (String line : lines(file)) {
        String[] fields = line.split(" ");
        int at = journal ? 1 : 0;
        if (fields.length > at + 6 && fields[at].equals("file")) {
          most = Math.max(most, Long.parseLong(fields[at + 6]));
        }
      }
    }
    return most;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of(); // replaced since
    }
  }

  /** Where line n - 1 ends, for each n. */
  private static List<Long> ends(Path log) throws IOException {
    List<Long> ends = new ArrayList<>(List.of(0L));
    byte[] bytes = Files.readAllBytes(log);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        ends.add(i + 1L);
      }
    }
    return ends;
  }
}
