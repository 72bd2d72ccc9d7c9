package io.logboom.output.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.logboom.api.batch.Batch;
import io.logboom.api.json.ByteSink;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LineEncoderTest {
  private static final int RECORDS = 2000;

  @ParameterizedTest
  @EnumSource(FileConfig.Format.class)
  void encodingAllocatesNothingForARecord(FileConfig.Format format) {
    TestContext context = new TestContext(Path.of("unused"));
    FileConfig config =
        Binder.bind(FileConfig.class, "format", format.toString(), "template", "{time} {n} {log}");
    LineEncoder encoder = new LineEncoder(config.lines(), context.names());
    Records records = new Records(context);
    for (int i = 0; i < RECORDS / 2; i++) {
      records.text("a line \"" + i + "\"").json("{\"n\":" + i + ",\"o\":{\"p\":[1,null,true]}}");
    }
    Batch batch = records.enrich("kubernetes", "{\"pod\":\"a\"}").batch();
    ByteSink out = ByteSink.growing(1 << 20);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 20; run++) {
      out.position(0);
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < RECORDS; i++) {
        encoder.write(batch, i, out);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(RECORDS);
  }
}
