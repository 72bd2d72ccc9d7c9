package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Conduct;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkFaultsIT {
  private static final int RATE = 5_000;
  private static final Duration FAULT = Duration.ofMillis(Size.of("fault.millis", 400, 20_000));
  private static final Duration RECOVERY = Duration.ofSeconds(30);

  @TempDir Path directory;

  /** Every way of a receiver to fail that we could think of, one after another, in one process. */
  @Test
  void losesNothingWhateverTheReceiverDoesAndSendsWithinThirtySecondsOfItsRecovery()
      throws Exception {
    try (Stand stand = new Stand(directory)) {
      Setup setup = stand.usual().with("net.io_timeout", "2s").with("workers", 2);
      AgentProcess agent = stand.start(setup);
      long lines = 0;
      for (Map.Entry<String, Conduct> fault : faults().entrySet()) {
        lines += suffer(stand, agent, fault.getKey(), fault.getValue());
      }
      assertThat(stand.seen().unnumbered()).isZero();
      Books books = Books.atRest(agent);
      assertThat(books.read()).isEqualTo(lines);
      assertThat(books.delivered("sink")).isEqualTo(lines);
      assertThat(books.lost("sink")).isZero();
    }
  }

  private static Map<String, Conduct> faults() {
    Map<String, Conduct> faults = new LinkedHashMap<>();
    faults.put("away", new Conduct.Away());
    faults.put("frozen", new Conduct.Frozen());
    faults.put("blackhole", new Conduct.BlackHole());
    faults.put("resetatonce", new Conduct.ResetInRequest(0));
    faults.put("resetinrequest", new Conduct.ResetInRequest(100_000));
    faults.put("resetinanswer", new Conduct.ResetInAnswer());
    faults.put("slow", new Conduct.Slow(100_000));
    faults.put("late", new Conduct.Late(Duration.ofMillis(700)));
    faults.put("busy", new Conduct.Refusing(429, OptionalInt.empty()));
    faults.put("unavailable", new Conduct.Refusing(503, OptionalInt.of(1)));
    faults.put("badgateway", new Conduct.Refusing(502, OptionalInt.empty()));
    faults.put("forbidden", new Conduct.Refusing(403, OptionalInt.empty()));
    faults.put("choosy", new Conduct.Choosy((index, _) -> index % 3 == 2 ? 429 : 201));
    return faults;
  }

  private static long suffer(Stand stand, AgentProcess agent, String name, Conduct fault)
      throws Exception {
    long during = RATE * FAULT.toMillis() / 1_000;
    long before = RATE / 4;
    long lines = before + during + before;
    try (SequenceWriter writer = stand.writer(name, lines, RATE, 200).start()) {
      Stand.waiting(agent).until(() -> writer.written() >= before);
      stand.sink().conduct(fault);
      Stand.waiting(agent, FAULT.plus(Stand.PATIENCE))
          .until(() -> writer.written() >= before + during);
      long kept = stand.sink().count();
      long well = System.nanoTime();
      stand.sink().conduct(new Conduct.Well());
      Stand.waiting(agent, RECOVERY).until(() -> stand.sink().count() > kept);
      double recovered = (System.nanoTime() - well) / 1e9;
      assertThat(writer.join()).isEqualTo(lines);
      long duplicates = stand.seen().duplicates();
      stand.awaitAll(agent, Stand.PATIENCE, name, lines);
      Size.report(
          "receiver " + name,
          "0 of %d lost, sends again after %.1f s, all %d duplicates so far",
          lines,
          recovered,
          duplicates);
      return lines;
    }
  }
}
