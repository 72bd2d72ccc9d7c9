package io.logboom.output.cloudwatch;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.cloudwatch.FakeCloudWatch;
import io.logboom.testkit.cloudwatch.FakeCloudWatch.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code cloudwatch_logs} output, its context, and a fake service to send to; it is
 * 2026-11-22T08:05:00Z.
 */
final class Sending implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-22T08:05:00Z");
  static final String GROUP = "/app/web";

  final TestContext context;
  final FakeCloudWatch service;
  final CloudWatch output;

  /** To the stream {@code web} of the group, unless the options name others. */
  Sending(String... options) throws Exception {
    context =
        new TestContext(Path.of("unused"), 256 * 1024, 256 << 20).clock(InstantSource.fixed(NOW));
    service = FakeCloudWatch.start().clock(InstantSource.fixed(NOW)).group(GROUP, 0);
    output = output(context, service.port(), options);
  }

  static CloudWatch output(TestContext context, int port, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    for (Map.Entry<String, String> each :
        Map.of(
                "region",
                "eu-central-1", //
                "endpoint",
                "127.0.0.1:" + port,
                "tls",
                "off",
                "log_group_name",
                GROUP)
            .entrySet()) {
      if (!all.contains(each.getKey())) {
        all.addAll(List.of(each.getKey(), each.getValue()));
      }
    }
    if (!all.contains("log_stream_name") && !all.contains("log_stream_prefix")) {
      all.addAll(List.of("log_stream_name", "web"));
    }
    return (CloudWatch)
        new CloudWatchPlugin()
            .create(Binder.bind(CloudWatchConfig.class, all.toArray(String[]::new)), context);
  }

  Records records() {
    return new Records(context);
  }

  /** Records {@code {"n":0}} and so on, a millisecond apart. */
  Batch numbered(int count) {
    Records records = records();
    for (int i = 0; i < count; i++) {
      records.json("{\"n\":" + i + "}", Records.NANOS + i * 1_000_000L);
    }
    return records.batch();
  }

  /**
   * Sends until nothing is to be sent again, as the engine does, but without waiting.
   *
   * @return what was rejected, by the numbers of the whole
   */
  Map<Integer, String> deliver(Batch batch) throws InterruptedException {
    return deliver(output, batch, 1000);
  }

  static Map<Integer, String> deliver(CloudWatch output, Batch batch, int mostTries)
      throws InterruptedException {
    Map<Integer, String> rejected = new TreeMap<>();
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      numbers.add(i);
    }
    Batch rest = batch;
    for (int tries = 0; tries < mostTries; tries++) {
      switch (output.send(List.of(rest))) {
        case Outcome.Delivered _ -> {
          return rejected;
        }
        case Outcome.Retry _ -> {
          // All of it again.
        }
        case Outcome.Mixed mixed -> {
          for (Outcome.Rejection each : mixed.rejected()) {
            rejected.put(numbers.get(each.record()), each.why());
          }
          if (mixed.retry().isEmpty()) {
            return rejected;
          }
          numbers = mixed.retry().stream().mapToObj(numbers::get).toList();
          rest = rest.subset(mixed.retry());
        }
        default -> throw new AssertionError("no such outcome is expected");
      }
    }
    throw new AssertionError("it never ends");
  }

  List<String> messages() {
    return service.stored().stream().map(Stored::message).toList();
  }

  long events(String result) {
    return context.meters().count(CloudWatchMeter.EVENTS, "result", result);
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
    service.close();
    if (!service.server().complaints().isEmpty()) {
      throw new AssertionError(service.server().complaints().toString());
    }
  }
}
