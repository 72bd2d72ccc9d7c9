package io.logboom.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Outcome;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.ledger.OutputAccount;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LedgerMetricsTest {
  private static final String LABELS =
      "namespace=\"shop\",pod=\"web\",container=\"nginx\",source=\"\"";

  private final Rig rig = new Rig(_ -> Outcome.DELIVERED, null, OutputSettings.UNLIMITED);
  private final OutputAccount es = rig.ledger.output("es.0");

  @AfterEach
  void close() {
    rig.close();
  }

  private Collected scrape() {
    Collected all = new Collected();
    LedgerMetrics.scrape(rig.pipeline, all);
    return all;
  }

  private static String container(String pod) {
    return "/var/log/containers/" + pod + "_shop_nginx-0123456789abcdef0123456789abcdef.log";
  }

  private void ends(Fate fate, Origin origin, String... bodies) throws InterruptedException {
    Batch batch = rig.batch(origin, bodies);
    rig.ledger.reading(batch).taken();
    rig.ledger.routed(batch, batch.size(), _ -> 1);
    es.routed(batch);
    rig.ledger.handedOn();
    es.settled(fate, batch);
    rig.pool.release(batch);
  }

  private static List<String> detailed(Collected scrape) {
    return scrape.values.keySet().stream()
        .filter(series -> series.startsWith("logboom_source_output_"))
        .toList();
  }

  @Test
  void whatDidNotArriveIsShownByContainerOutputAndReason() throws InterruptedException {
    Origin nginx = rig.origin(container("web"));
    ends(Fate.DELIVERED, nginx, "one", "two");
    ends(Fate.REJECTED_KEPT, nginx, "three", "four", "five");
    ends(Fate.EXHAUSTED, nginx, "seven");
    ends(Fate.OVERFLOW_OLDEST, nginx, "eight", "nine");
    Collected shown = scrape();
    assertThat(detailed(shown))
        .containsExactly(
            "logboom_source_output_dead_lettered_records_total{"
                + LABELS
                + ",name=\"es.0\",reason=\"rejected\"}",
            "logboom_source_output_lost_records_total{"
                + LABELS
                + ",name=\"es.0\",reason=\"retries_exhausted\"}",
            "logboom_source_output_lost_records_total{"
                + LABELS
                + ",name=\"es.0\",reason=\"drop_oldest\"}");
    assertThat(detailed(shown).stream().map(shown::value)).containsExactly(3.0, 1.0, 2.0);
    assertThat(shown.value("logboom_source_lost_bytes_total{" + LABELS + "}")).isEqualTo(14);
    assertThat(shown.value("logboom_source_dead_lettered_bytes_total{" + LABELS + "}"))
        .isEqualTo(13);
    assertThat(shown.value("logboom_output_lost_bytes_total{name=\"es.0\"}")).isEqualTo(14);
    assertThat(shown.value("logboom_output_dead_lettered_bytes_total{name=\"es.0\"}"))
        .isEqualTo(13);
  }

  @Test
  void tenThousandContainersThatLostSomethingAndVanishedLeaveNoSeries()
      throws InterruptedException {
    for (int i = 0; i < 10_000; i++) {
      ends(Fate.REJECTED, rig.origin(container("web" + i)), "lost");
    }
    assertThat(detailed(scrape())).hasSize(Ledger.MAX_SOURCES + 1);
    rig.now.addAndGet(Ledger.PATIENCE.toNanos());
    rig.ledger.expire(_ -> false);
    Collected after = scrape();
    // What had no row of its own has no container that could vanish.
    assertThat(detailed(after)).singleElement().asString().contains(Ledger.OTHER);
    assertThat(after.values.keySet()).noneMatch(series -> series.contains("pod=\"web"));
    assertThat(after.value("logboom_output_lost_records_total{name=\"es.0\",reason=\"rejected\"}"))
        .isEqualTo(10_000);
  }
}
