package io.logboom.output.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.RecordWriter;
import io.logboom.net.msgpack.RecordMsgPack;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

class RecordMsgPackTest {
  private final TestContext context = new TestContext(Path.of("unused"));
  private final RecordMsgPack encoder =
      new RecordMsgPack(context.names(), RecordMsgPack.Form.ENTRY, this, context.batches()::charge);

  private byte[] encoded(Batch batch, int record) {
    ByteSink out = ByteSink.growing(64);
    long most = encoder.measure(batch, record);
    encoder.write(batch, out);
    assertThat((long) out.position()).isLessThanOrEqualTo(most);
    return out.toByteArray();
  }

  /** The record as JSON, with the JSON of another decoder. */
  private String json(Batch batch, int record) {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(encoded(batch, record))) {
      String json = unpacker.unpackValue().asArrayValue().get(1).toJson();
      assertThat(unpacker.hasNext()).isFalse();
      return json;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> all(Records records) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < records.batch().size(); i++) {
      all.add(json(records.batch(), i));
    }
    return all;
  }

  @Test
  void membersStandInTheOrderOfAllOutputs() {
    Records records =
        new Records(context)
            .origin(
                "a",
                o ->
                    o.base(Fragment.builder(context.names()).string("stream", "stdout").build())
                        .stamp("time")
                        .offset("offset"))
            .enrich("kubernetes", "{\"pod\":\"p\"}")
            .text("one")
            .stamp("2026-11-22T08:04:05Z")
            .json("{\"n\":1}")
            .json("{}");
    assertThat(all(records))
        .containsExactly(
            "{\"stream\":\"stdout\",\"time\":\"2026-11-22T08:04:05Z\",\"offset\":0,\"log\":\"one\","
                + "\"kubernetes\":{\"pod\":\"p\"}}",
            "{\"stream\":\"stdout\",\"offset\":100,\"n\":1,\"kubernetes\":{\"pod\":\"p\"}}",
            "{\"stream\":\"stdout\",\"offset\":200,\"kubernetes\":{\"pod\":\"p\"}}");
  }

  @Test
  void ofANameThatWouldStandTwiceTheLastOneCounts() {
    Fragment base =
        Fragment.builder(context.names()).string("stream", "stdout").string("log", "no").build();
    Records records =
        new Records(context)
            .origin("a", o -> o.base(base).stamp("time").offset("stream"))
            .enrich("time", "1")
            .enrich("n", "2")
            .text("text")
            .stamp("no")
            .json("{\"log\":\"json\",\"n\":0,\"m\":1}");
    assertThat(all(records))
        .containsExactly(
            "{\"stream\":0,\"log\":\"text\",\"time\":1,\"n\":2}",
            "{\"stream\":100,\"log\":\"json\",\"m\":1,\"time\":1,\"n\":2}");
  }

  @Test
  void textGoesAsItsBytesAre() throws IOException {
    byte[] body = {'a', (byte) 0xFF, 0, '"', '\\'};
    Records records = new Records(context).bytes(body, 0);
    try (MessageUnpacker u = MessagePack.newDefaultUnpacker(encoded(records.batch(), 0))) {
      u.unpackArrayHeader();
      u.skipValue();
      assertThat(u.unpackMapHeader()).isEqualTo(1);
      assertThat(u.unpackString()).isEqualTo("log");
      assertThat(u.readPayload(u.unpackRawStringHeader())).isEqualTo(body);
    }
  }

  @Test
  void theEnrichmentOfEachBatchCounts() {
    var origin = io.logboom.api.batch.Origin.builder(context.names(), "a").build();
    for (String pod : new String[] {"\"p\"", "\"q\"", "\"q\""}) {
      Records records = new Records(context);
      Batch batch = records.batch();
      int index = batch.origin(origin);
      batch.enrich(
          index, Fragment.builder(context.names()).json("pod", pod.getBytes(UTF_8)).build());
      batch.add(index, batch.append(new byte[] {'x'}, 0, 1), 1, 0, 0);
      assertThat(json(batch, 0)).isEqualTo("{\"log\":\"x\",\"pod\":" + pod + "}");
    }
  }

  /** What the writer of all JSON outputs gives, for parts that have names in common at random. */
  @Property(tries = 500)
  void aRecordHasTheMembersThatItHasInJson(@ForAll long seed) {
    Random random = new Random(seed);
    TestContext fresh = new TestContext(Path.of("unused"));
    Records records = new Records(fresh);
    for (int k = 0; k < 4; k++) {
      Fragment base = fragment(fresh, random);
      String stamp = random.nextBoolean() ? name(random) : null;
      String offset = random.nextBoolean() ? name(random) : null;
      String text = name(random);
      records.origin("t" + k, o -> o.base(base).stamp(stamp).offset(offset).text(text));
      if (random.nextBoolean()) {
        records.enrich(name(random), "[" + k + "]");
      }
      for (int i = 0; i < 4; i++) {
        if (random.nextBoolean()) {
          records.text("text " + i);
        } else {
          Fragment members = fragment(fresh, random);
          records.json("{" + members + "}");
        }
        if (random.nextBoolean()) {
          records.stamp("then");
        }
      }
    }
    RecordWriter writer = new RecordWriter(fresh.names());
    RecordMsgPack mine = new RecordMsgPack(fresh.names(), RecordMsgPack.Form.ENTRY, this, _ -> {});
    for (int i = 0; i < records.batch().size(); i++) {
      ByteSink json = ByteSink.growing(64);
      json.put((byte) '{');
      writer.write(records.batch(), i, true, json);
      json.put((byte) '}');
      ByteSink out = ByteSink.growing(64);
      mine.measure(records.batch(), i);
      mine.write(records.batch(), out);
      try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(out.toByteArray())) {
        assertThat(unpacker.unpackValue().asArrayValue().get(1).toJson())
            .isEqualTo(new String(json.toByteArray(), UTF_8));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static String name(Random random) {
    return "n" + random.nextInt(6);
  }

  private static Fragment fragment(TestContext context, Random random) {
    Fragment.Builder builder = Fragment.builder(context.names());
    for (int i = random.nextInt(4); i > 0; i--) {
      builder.number(name(random), i);
    }
    return builder.build();
  }
}
