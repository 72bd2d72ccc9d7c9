package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.BulkSink;
import io.logboom.it.sink.Conduct;
import io.logboom.it.sink.Sequences;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadIT {
  private static final int RATE = 10_000;
  private static final int WARM_UP = 10;
  private static final Duration MOST_FOR_ONE = Duration.ofSeconds(5);
  private static final long MOST_GROWTH = 10 << 20;

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * One output is dead all the time, another one comes and goes, the input is made anew at each
   * third; every fifth configuration is invalid.
   */
  @Test
  void reloadsUnderLoadWithoutLosingOrDoublingALine() throws Exception {
    int reloads = Size.of("reloads", 20, 200);
    Sequences guests = new Sequences();
    try (BulkSink dead = new BulkSink(_ -> {});
        BulkSink guest = new BulkSink(guests::note);
        Stand stand = new Stand(directory)) {
      dead.conduct(new Conduct.Frozen());
      AgentProcess agent = stand.start(setup(stand, dead, guest, 0));
      Stand.waiting(agent).until(() -> agent.answers("/readyz"));
      long warm = 0;
      long slowest = 0;
      try (SequenceWriter writer =
          stand
              .writer("steady", Integer.MAX_VALUE, RATE, 200, Rotation.renaming(10_000_000, 5))
              .start()) {
        for (int i = 1; i <= reloads; i++) {
          long begun = System.nanoTime();
          long before = events(agent);
          publish(
              stand,
              i % 5 == 0 ? invalid(stand, dead, guest, i) : setup(stand, dead, guest, i).yaml());
          ask(agent, i);
          Stand.waiting(agent, MOST_FOR_ONE).until(() -> events(agent) > before);
          slowest = Math.max(slowest, System.nanoTime() - begun);
          warm = i <= WARM_UP ? agent.residentBytes().orElse(0) : warm;
        }
        long lines = writer.stop();
        stand.awaitAll(agent, Stand.PATIENCE, "steady", lines);
        long grown = agent.residentBytes().orElse(0) - warm;
        Metrics metrics = Metrics.of(agent);
        Size.report(
            "reload",
            "%d reloads (%d invalid), %d lines: 0 lost, %d doubled, %d at the output that came and"
                + " went; the slowest took %.1f s; resident memory grew by %.1f MiB from the %dth to"
                + " the last, to %.1f MiB",
            reloads,
            metrics.sum("logboom_reloads_total", "outcome=\"invalid\""),
            lines,
            stand.seen().duplicates(),
            guests.duplicates(),
            slowest / 1e9,
            grown / 1048576.0,
            WARM_UP,
            agent.residentBytes().orElse(0) / 1048576.0);
        assertThat(metrics.sum("logboom_reloads_total", "outcome=\"done\""))
            .isEqualTo(reloads - reloads / 5);
        assertThat(metrics.sum("logboom_reloads_total", "outcome=\"invalid\""))
            .isEqualTo(reloads / 5);
        assertThat(stand.seen().duplicates()).isZero();
        assertThat(guests.duplicates()).isZero();
        assertThat(stand.seen().unnumbered()).isZero();
        assertThat(grown).isLessThanOrEqualTo(MOST_GROWTH);

        dead.conduct(new Conduct.Well());
        Books books = Books.atRest(agent);
        assertThat(books.read()).isEqualTo(lines);
        assertThat(books.delivered("sink")).isEqualTo(lines);
        assertThat(books.delivered("dead")).isEqualTo(lines);
      }
      assertThat(agent.stop(Duration.ofSeconds(10))).as(agent.log()).hasValue(0);
    }
  }

  private static Setup setup(Stand stand, BulkSink dead, BulkSink guest, int i) {
    Setup setup =
        stand
            .setup()
            .input("refresh_interval", 30 + i / 3 % 2)
            .output("sink", stand.sink().port())
            .with("buffer_size", i % 2 == 0 ? "512k" : "1m")
            .output("dead", dead.port());
    return i % 4 < 2 ? setup : setup.output("guest", guest.port());
  }

  private static String invalid(Stand stand, BulkSink dead, BulkSink guest, int i) {
    return setup(stand, dead, guest, i).yaml().replace(i % 2 == 0 ? "flush" : "host", "flsh");
  }

  private static void publish(Stand stand, String yaml) throws IOException {
    Path next = Files.writeString(stand.configuration().resolveSibling("next.yaml"), yaml);
    Files.move(next, stand.configuration(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** In turn by signal, by request, and not at all: the agent sees that the file has changed. */
  private void ask(AgentProcess agent, int i) throws IOException, InterruptedException {
    switch (i % 3) {
      case 0 -> agent.reload();
      case 1 -> {
        HttpRequest request =
            HttpRequest.newBuilder(agent.url("/api/v2/reload"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .isIn(200, 400);
      }
      default -> {}
    }
  }

  private static long events(AgentProcess agent) throws IOException, InterruptedException {
    return Metrics.of(agent).sum("logboom_reloads_total");
  }
}
