package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.BulkSink;
import io.logboom.it.sink.Conduct;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkIT {
  private static final int RATE = 2_000;
  private static final Duration FAILING = Size.seconds("dns.seconds", 3, 60);
  private static final Duration SHARED = Size.seconds("share.seconds", 3, 30);
  private static final Duration IDLE = Size.seconds("idle.seconds", 1, 50);

  /** So many requests that a share of them means something. */
  private static final int ENOUGH = 30;

  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path directory;

  /**
   * The name of the receivers cannot be looked up while its only one dies, and then has three other
   * addresses; one of these is killed; a load balancer closes connections that are idle.
   */
  @Test
  void goesWhereTheNameLeadsAndLosesNothing() throws Exception {
    try (Stand stand = new Stand(directory);
        Names names = new Names(directory.resolve("names"));
        Replicas replicas =
            new Replicas(stand, "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")) {
      names.addresses("127.0.0.2");
      Setup setup =
          stand
              .setup()
              .service("scheduler.base", "5")
              .service("scheduler.cap", "30")
              .output("sinks", replicas.port())
              .with("host", Names.NAME)
              .with("net.keepalive_idle_timeout", IDLE.multipliedBy(4).toSeconds() + "s");
      AgentProcess.Launch usual = stand.launch(setup);
      AgentProcess.Launch launch =
          new AgentProcess.Launch(
              names.home(AgentProcess.program(usual.home())),
              usual.configuration(),
              usual.directory(),
              names.environment());
      try (AgentProcess agent = launch.start()) {
        Stand.waiting(agent).until(() -> agent.answers("/livez"));
        long soon;
        long[] shares;
        long lines;
        try (SequenceWriter writer = stand.writer("steady", Integer.MAX_VALUE, RATE, 200).start()) {
          Stand.waiting(agent).until(() -> replicas.count(0) > 0);
          names.addresses();
          replicas.of(0).conduct(new Conduct.Away());
          Stand.letBe(FAILING);
          Stand.waiting(agent)
              .until(() -> Metrics.of(agent).sum("logboom_net_dns_failures_total") > 0);
          names.addresses("127.0.0.3", "127.0.0.4", "127.0.0.5");
          long found = System.nanoTime();
          Stand.waiting(agent)
              .until(() -> replicas.count(1) + replicas.count(2) + replicas.count(3) > 0);
          soon = Duration.ofNanos(System.nanoTime() - found).toMillis();
          Stand.waiting(agent).until(() -> replicas.count(3) > 0 && replicas.count(1) > 0);
          replicas.of(1).conduct(new Conduct.Away());
          long[] before = {replicas.requests(2), replicas.requests(3)};
          Stand.letBe(SHARED);
          Stand.waiting(agent)
              .until(
                  () ->
                      replicas.requests(2) + replicas.requests(3) - before[0] - before[1]
                          >= ENOUGH);
          shares = new long[] {replicas.requests(2) - before[0], replicas.requests(3) - before[1]};
          lines = writer.stop();
          stand.awaitAll(agent, Stand.PATIENCE, "steady", lines);
        }
        Metrics busy = Metrics.of(agent);
        replicas.awaitIdle(agent, IDLE.plus(Stand.PATIENCE));
        try (SequenceWriter writer = stand.writer("later", 500, RATE, 200).start()) {
          long later = writer.join();
          stand.awaitAll(agent, Stand.PATIENCE, "later", later);
          lines += later;
        }
        Metrics metrics = Metrics.of(agent);
        Books books = Books.atRest(agent);
        long share = Math.round(100.0 * shares[0] / (shares[0] + shares[1]));
        Size.report(
            "names and addresses",
            "by %s: %.0f s without an answer, %d look-ups failed; the new addresses used after %.1f"
                + " s; after the kill the two live ones have %d and %d requests (%d %%); idle"
                + " connections closed after %.0f s, %d retries of it; %d lines, 0 lost, %d"
                + " duplicates; %d connections for %d requests",
            names.how(),
            FAILING.toMillis() / 1e3,
            metrics.sum("logboom_net_dns_failures_total"),
            soon / 1e3,
            shares[0],
            shares[1],
            share,
            IDLE.toMillis() / 1e3,
            metrics.sum("logboom_output_retries_total") - busy.sum("logboom_output_retries_total"),
            lines,
            stand.seen().duplicates(),
            metrics.sum("logboom_net_connects_total"),
            replicas.requests());
        assertThat(books.read()).isEqualTo(lines);
        assertThat(books.delivered("sinks")).isEqualTo(lines);
        assertThat(soon).isLessThan(SOON.toMillis());
        assertThat(share).isBetween(40L, 60L);
        assertThat(metrics.sum("logboom_net_dns_failures_total")).isPositive();
        assertThat(metrics.sum("logboom_output_retries_total"))
            .as("retries of idle connections")
            .isEqualTo(busy.sum("logboom_output_retries_total"));
      }
    }
  }

  /** Receivers at one port of several addresses. */
  private static final class Replicas implements AutoCloseable {
    private final List<BulkSink> all = new ArrayList<>();

    Replicas(Stand stand, String... addresses) throws Exception {
      int port = 0;
      for (String each : addresses) {
        BulkSink made =
            BulkSink.at(
                new InetSocketAddress(InetAddress.ofLiteral(each), port),
                document -> stand.seen().note(document));
        made.closeIdle(IDLE);
        port = made.port();
        all.add(made);
      }
    }

    int port() {
      return all.getFirst().port();
    }

    BulkSink of(int number) {
      return all.get(number);
    }

    long count(int number) {
      return all.get(number).count();
    }

    long requests(int number) {
      return all.get(number).requests();
    }

    long requests() {
      return all.stream().mapToLong(BulkSink::requests).sum();
    }

    void awaitIdle(AgentProcess agent, Duration patience) {
      Stand.waiting(agent, patience)
          .until(() -> all.stream().allMatch(each -> each.connections() == 0));
    }

    @Override
    public void close() throws IOException {
      for (BulkSink each : all) {
        each.close();
      }
    }
  }
}
