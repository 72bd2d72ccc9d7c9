package io.logboom.output.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.logboom.api.batch.Batch;
import io.logboom.api.json.ByteSink;
import io.logboom.api.record.Accessor;
import io.logboom.core.config.Binder;
import io.logboom.net.body.Arena;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodingTest {
  private static final int RECORDS = 2000;

  /** By origin and by record, the whole record and one value of it, times in no order. */
  @ParameterizedTest
  @CsvSource({"$kubernetes['pod'], false", "$n, false", "$TAG, true"})
  void allocatesNothingForARecord(String template, boolean key) {
    TestContext context = new TestContext(Path.of("unused"));
    CloudWatchConfig config =
        Binder.bind(
            CloudWatchConfig.class,
            "log_group_name",
            "app",
            "log_stream_prefix",
            "from-",
            "log_stream_template",
            template);
    Records records = new Records(context).enrich("kubernetes", "{\"pod\":\"a\"}");
    for (int i = 0; i < RECORDS / 2; i++) {
      records.text("a line \"" + i + "\"", Records.NANOS - i * 7_000_000L);
      records.json("{\"n\":" + i % 40 + ",\"log\":{\"p\":[1,null,true]}}", Records.NANOS + i);
    }
    Batch batch = records.batch();
    Destinations destinations = new Destinations(config.names(), context.names(), () -> {});
    Plan plan = new Plan();
    EventText text =
        new EventText(
            key ? Accessor.parse("log") : null,
            context.names(),
            RequestRules.MOST_BYTES,
            true,
            new Arena(64 * 1024, 1 << 20, _ -> {}));
    ByteSink out = ByteSink.growing(1 << 20);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 20; run++) {
      out.position(0);
      long before = threads.getCurrentThreadAllocatedBytes();
      destinations.begin(batch);
      for (int i = 0; i < RECORDS; i++) {
        plan.add(i, destinations.of(batch, i), batch.epochNanos(i));
      }
      plan.sort();
      for (int s = 0; s < plan.streams(); s++) {
        for (int place = plan.from(s); place < plan.to(s); place++) {
          assertRead(text.read(batch, plan.record(place)));
          text.write(out);
        }
      }
      plan.clear();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(RECORDS);
  }

  private static void assertRead(EventText.Kind kind) {
    if (kind != EventText.Kind.TEXT) {
      throw new AssertionError(kind);
    }
  }
}
