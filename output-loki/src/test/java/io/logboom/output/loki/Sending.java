package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.loki.FakeLoki;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A {@code loki} output, its context, and a fake server to send to; it is 2026-11-22T08:05:00Z. */
final class Sending implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-22T08:05:00Z");

  final TestContext context;
  final FakeLoki server;
  final Loki output;

  Sending(String... options) throws Exception {
    context = new TestContext(Path.of("unused")).clock(InstantSource.fixed(NOW));
    server = FakeLoki.start().clock(InstantSource.fixed(NOW));
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("port", Integer.toString(server.port())));
    output =
        (Loki)
            new LokiPlugin()
                .create(Binder.bind(LokiConfig.class, all.toArray(String[]::new)), context);
  }

  Records records() {
    return new Records(context);
  }

  /** Records {@code {"n":0}} and so on, a microsecond apart. */
  Batch numbered(int count) {
    Records records = records();
    for (int i = 0; i < count; i++) {
      records.json("{\"n\":" + i + "}", Records.NANOS + i * 1000L);
    }
    return records.batch();
  }

  long lines(String result) {
    return context.meters().count(LokiMeter.LINES, "result", result);
  }

  List<String> stored() {
    return server.stored().stream().map(FakeLoki.Stored::line).toList();
  }

  static BitSet bits(int... numbers) {
    BitSet set = new BitSet();
    for (int n : numbers) {
      set.set(n);
    }
    return set;
  }

  @Override
  public void close() throws IOException {
    output.close();
    server.close();
    if (!server.server().complaints().isEmpty()) {
      throw new AssertionError(server.server().complaints().toString());
    }
  }
}
