package io.logboom.output.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.logboom.api.batch.Batch;
import io.logboom.api.json.DateFormat;
import io.logboom.api.json.DatedRecordWriter;
import io.logboom.net.body.Body;
import io.logboom.net.body.Coding;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.msgpack.RecordMsgPack;
import io.logboom.output.http.HttpConfig.Format;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBodyTest {
  private static final int RECORDS = 2000;

  @ParameterizedTest
  @CsvSource({
    "JSON, NONE",
    "JSON_LINES, NONE",
    "JSON_STREAM, NONE",
    "MSGPACK, NONE",
    "GELF, NONE",
    "JSON, GZIP",
    "JSON_LINES, ZSTD",
    "JSON, SNAPPY",
    "MSGPACK, SNAPPY"
  })
  void encodingAllocatesNothingForARecord(Format format, Coding coding) {
    TestContext context = new TestContext(Path.of("unused"));
    Records records = new Records(context);
    for (int i = 0; i < RECORDS / 2; i++) {
      records
          .text("a line \"" + i + "\"")
          .json("{\"short_message\":" + i + ",\"o\":{\"p\":[1,null,true]}}");
    }
    Batch batch = records.enrich("kubernetes", "{\"pod\":\"a\"}").batch();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (RequestBody body =
        new RequestBody(
            new Body(new SegmentPool(64 * 1024, 64), Long.MAX_VALUE, coding),
            format,
            new DatedRecordWriter(context.names(), "date", DateFormat.ISO8601),
            new RecordMsgPack(context.names(), RecordMsgPack.Form.EVENT, this, _ -> {}),
            new GelfWriter(HttpConfig.Gelf.USUAL, context.names()),
            null)) {
      long least = Long.MAX_VALUE;
      for (int run = 0; run < 20; run++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RECORDS; i++) {
          body.add(batch, i);
        }
        body.finish();
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        body.clear();
      }
      // What is allocated is for the request.
      assertThat(least).isLessThan(RECORDS);
    }
  }
}
