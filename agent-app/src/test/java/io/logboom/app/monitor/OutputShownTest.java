package io.logboom.app.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.Outcome;
import io.logboom.app.reload.Reloads;
import io.logboom.core.codec.Compression;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.config.OutputBuffer.Overflow;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.delivery.SpoolPolicy;
import io.logboom.core.delivery.Spooler;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.meter.MicrometerMeters;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.TagMatch;
import io.logboom.core.spool.Spool;
import io.logboom.core.spool.SpoolBudget;
import io.logboom.core.spool.SpoolSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of an output that does not get on, and of its spool. */
@Timeout(60)
final class OutputShownTest {
  private static final long LIMIT = 64 << 20;

  @TempDir Path directory;
  private final Names names = new Names();
  private final SlabPool pool = new SlabPool(16 << 20);
  private final Ledger ledger = new Ledger(System::nanoTime);
  private final AtomicReference<Outcome> answer = new AtomicReference<>(new Outcome.Retry("away"));

  @Test
  void theCircuitAndTheSpoolAreShownInTheMetricsAndTheStatus() throws Exception {
    Delivery delivery = delivery();
    Pipeline pipeline =
        new Pipeline(pool, List.of(), List.of(new Route(delivery, TagMatch.glob("*"))), ledger);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry
        .getPrometheusRegistry()
        .register(new Exposition(scrape -> PipelineMetrics.scrape(pipeline, scrape)));
    delivery.start();
    try {
      assertThat(registry.scrape()).contains("logboom_output_circuit_open{name=\"es.0\"} 0");
      put(delivery);
      await().until(delivery::isCircuitOpen);
      delivery.spill();
      await().until(() -> delivery.spool().records() == 3);
      assertThat(registry.scrape())
          .contains("logboom_output_circuit_open{name=\"es.0\"} 1")
          .contains("logboom_output_spool_records{name=\"es.0\"} 3")
          .contains("logboom_output_spool_limit_bytes{name=\"es.0\"} 6.7108864E7")
          .contains("logboom_output_spool_damaged_records_total{name=\"es.0\"} 0")
          .contains("logboom_output_spool_stuck{name=\"es.0\"} 0")
          .contains("logboom_output_spool_oldest_seconds{name=\"es.0\"} ")
          .containsPattern("logboom_output_spool_bytes\\{name=\"es.0\"} [1-9]")
          .containsPattern("logboom_output_spool_written_bytes_total\\{name=\"es.0\"} [1-9]");
      assertThat(status(pipeline)).contains("\"circuit\":\"open\"");
      answer.set(Outcome.DELIVERED);
      await().until(() -> !delivery.isCircuitOpen() && delivery.isIdle());
      assertThat(status(pipeline)).contains("\"circuit\":\"closed\"");
      assertThat(registry.scrape())
          .contains("logboom_output_circuit_open{name=\"es.0\"} 0")
          .contains("logboom_output_spool_records{name=\"es.0\"} 0");
    } finally {
      delivery.close(System.nanoTime());
    }
  }

  private void put(Delivery delivery) throws InterruptedException {
    Batch batch = pool.open();
    int origin = batch.origin(Origin.builder(names, "kube.x").build());
    for (String body : List.of("one", "two", "three")) {
      byte[] bytes = body.getBytes(UTF_8);
      batch.add(origin, batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
    }
    delivery.put(batch, new Kept(pool, batch), batch.bytes().length, System.nanoTime());
  }

  private record Kept(SlabPool pool, Batch batch) implements io.logboom.core.pipeline.Holder {
    @Override
    public void tell(io.logboom.api.plugin.Settlement settlement) {}

    @Override
    public void free() {
      pool.release(batch);
    }
  }

  private static String status(Pipeline pipeline) throws IOException {
    Watched watched =
        new Watched(
            pipeline,
            new MicrometerMeters(new SimpleMeterRegistry()),
            new Watched.Plugins(List.of(), List.of(), List.of()),
            Reloads.NONE,
            () -> null,
            _ -> 0,
            InstantSource.system(),
            Instant.EPOCH,
            "1");
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.writeStartObject();
      new StatusJson(watched, List::of, List::of).write(out);
      out.writeEndObject();
    }
    return text.toString();
  }

  private Delivery delivery() throws IOException {
    OutputStats stats = new OutputStats("es.0", "es");
    Spool spool =
        Spool.open(
            directory,
            new LocalDisk(),
            new SpoolSettings(LIMIT, new SpoolBudget(LIMIT)),
            InstantSource.system());
    Spooler spooler =
        new Spooler(
            spool,
            new SpoolPolicy(Ack.SPOOLED, Overflow.BLOCK),
            names,
            Compression.NONE,
            pool,
            stats,
            ledger.output("es.0"),
            InstantSource.system(),
            LIMIT);
    OutputSettings settings =
        new OutputSettings(
            1,
            1 << 20,
            1,
            Duration.ZERO,
            true,
            0,
            OutputSettings.UNLIMITED,
            Duration.ofMillis(10),
            Duration.ofMillis(10));
    return new Delivery(stats, ledger.output("es.0"), _ -> answer.get(), settings, spooler, null);
  }
}
