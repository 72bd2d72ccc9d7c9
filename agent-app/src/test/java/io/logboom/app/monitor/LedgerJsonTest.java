package io.logboom.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.plugin.Outcome;
import io.logboom.core.delivery.OutputSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LedgerJsonTest {
  private static final String NGINX =
      "/var/log/containers/web_shop_nginx-0123456789abcdef0123456789abcdef.log";

  @Test
  void writesEveryAccountAndWhetherTheyAddUp() throws Exception {
    try (Rig rig =
        new Rig(
                _ ->
                    new Outcome.Mixed(
                        new BitSet(), List.of(new Outcome.Rejection(1, "400")), "", Duration.ZERO),
                (batch, _) -> batch.drop(0),
                OutputSettings.UNLIMITED)
            .start()) {
      rig.put(rig.origin(NGINX), "dropped", "refused", "good");
      await().until(() -> rig.ledger.output("es.0").answers() == 2);
      await().until(() -> rig.pipeline.sources().getFirst().unsettledBatches() == 0);
      assertThat(JsonAnswer.of(200, new LedgerJson(rig.pipeline)::write))
          .extracting(answer -> new String(answer.body(), StandardCharsets.UTF_8))
          .isEqualTo(
              "{\"adds_up\":true,\"differences\":[],\"outputs\":{\"es.0\":"
                  + "{\"routed\":2,\"recovered\":0,\"replayed\":0,\"delivered\":1,"
                  + "\"delivered_bytes\":4,\"discarded\":0,\"again\":0,"
                  + "\"dead_lettered\":{\"rejected\":0,\"retries_exhausted\":0},"
                  + "\"dead_lettered_bytes\":0,\"lost\":{\"rejected\":1,\"retries_exhausted\":0,\"drop_oldest\":0,"
                  + "\"drop_newest\":0,\"damaged\":0},\"lost_bytes\":7,\"left\":0,\"spooled\":0,\"in_flight\":0,\"earlier\":0}},"
                  + "\"sources\":[{\"source\":\"shop/web/nginx\",\"namespace\":\"shop\","
                  + "\"pod\":\"web\",\"container\":\"nginx\",\"read\":3,\"read_bytes\":18,"
                  + "\"added\":0,\"filtered\":1,\"unrouted\":0,\"routed\":2,\"again\":0,"
                  + "\"waiting\":0,\"lag_bytes\":0,\"lag_seconds\":0.0,\"outputs\":{\"es.0\":"
                  + "{\"routed\":2,\"recovered\":0,\"replayed\":0,\"delivered\":1,"
                  + "\"delivered_bytes\":4,\"discarded\":0,\"again\":0,"
                  + "\"dead_lettered\":{\"rejected\":0,\"retries_exhausted\":0},"
                  + "\"dead_lettered_bytes\":0,\"lost\":{\"rejected\":1,\"retries_exhausted\":0,\"drop_oldest\":0,"
                  + "\"drop_newest\":0,\"damaged\":0},\"lost_bytes\":7,\"left\":0,\"spooled\":0,\"in_flight\":0}}}]}");
    }
  }

  @Test
  void saysWhatDoesNotAddUp() throws Exception {
    try (Rig rig = new Rig(_ -> Outcome.DELIVERED, null, OutputSettings.UNLIMITED).start()) {
      rig.put(rig.origin("/a"), "one");
      await().until(() -> rig.pipeline.sources().getFirst().unsettledBatches() == 0);
      rig.ledger.output("es.0").routed(rig.batch(rig.origin("/a"), "lost", "on", "the", "way"));
      Supplier<String> answer =
          () ->
              new String(
                  JsonAnswer.of(200, new LedgerJson(rig.pipeline)::write).body(),
                  StandardCharsets.UTF_8);
      assertThat(answer.get()).startsWith("{\"adds_up\":true,\"differences\":[],");
      for (int second = 0; second < 10; second++) {
        rig.ledger.look();
      }
      assertThat(answer.get())
          .startsWith(
              "{\"adds_up\":false,\"differences\":[\"/a: 4 record(s) have come to outputs to which"
                  + " they were not routed\",\"es.0: 4 record(s) said to be in flight are not"
                  + " there\"],");
      Collected metrics = new Collected();
      LedgerMetrics.scrape(rig.pipeline, metrics);
      assertThat(metrics.value("logboom_ledger_discrepancy_records")).isEqualTo(8);
    }
  }
}
