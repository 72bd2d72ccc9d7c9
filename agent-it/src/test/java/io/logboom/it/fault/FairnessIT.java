package io.logboom.it.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FairnessIT {
  private static final int QUIET = 30;
  private static final int QUIET_RATE = 10;
  private static final Duration TIME = Size.seconds("fair.seconds", 5, 60);
  private static final Pattern STAMP = Pattern.compile("\"@timestamp\":\"([^\"]+)\"");
  private static final Duration MOST = Duration.ofSeconds(3);

  @TempDir Path directory;

  @Test
  void aContainerAtFullSpeedDoesNotHoldUpThirtyQuietOnes() throws Exception {
    List<Long> latencies = Collections.synchronizedList(new ArrayList<>());
    try (Stand stand = new Stand(directory)) {
      stand.tap(document -> note(document, latencies));
      AgentProcess agent = stand.start(stand.usual());
      long lines = QUIET_RATE * TIME.toSeconds();
      List<SequenceWriter> quiet = new ArrayList<>();
      try (SequenceWriter loud =
          stand
              .writer("loud", Integer.MAX_VALUE, 0, 500, Rotation.renaming(50_000_000, 5))
              .start()) {
        for (int c = 0; c < QUIET; c++) {
          quiet.add(stand.writer("quiet" + c, lines, QUIET_RATE, 100).start());
        }
        for (int c = 0; c < QUIET; c++) {
          assertThat(quiet.get(c).join()).isEqualTo(lines);
          stand.awaitAll(agent, Stand.PATIENCE, "quiet" + c, lines);
        }
        long loudLines = loud.stop();
        Collections.sort(latencies);
        long p99 = latencies.get(latencies.size() * 99 / 100);
        Size.report(
            "fairness",
            "beside one that wrote %.0f MB/s, quiet lines took %d ms (median), %d ms (p99), %d ms"
                + " (most)",
            loudLines * 500 / 1e6 / TIME.toSeconds(),
            latencies.get(latencies.size() / 2),
            p99,
            latencies.getLast());
        assertThat(Duration.ofMillis(p99)).isLessThan(MOST);
      }
    }
  }

  /** How long a quiet line took from its container to here. */
  private static void note(byte[] document, List<Long> latencies) {
    String text = new String(document, ISO_8859_1);
    Matcher stamp = STAMP.matcher(text);
    if (text.contains("seq=quiet") && stamp.find()) {
      latencies.add(Duration.between(Instant.parse(stamp.group(1)), Instant.now()).toMillis());
    }
  }
}
