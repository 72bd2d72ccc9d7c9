package io.logboom.input.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.snappy.SnappyCompressor;
import io.logboom.net.ingest.Reason;
import io.logboom.testkit.TestIntake;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

class MsgPackBodyTest {
  private static final String TYPE = "application/msgpack";
  private static final long SECONDS = 1_795_334_645L;

  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void close() {
    receiving.close();
  }

  private static void eventTime(MessageBufferPacker packer, int seconds, int nanos)
      throws IOException {
    packer.packExtensionTypeHeader((byte) 0, 8);
    packer.writePayload(ByteBuffer.allocate(8).putInt(seconds).putInt(nanos).array());
  }

  /** A record as each of the forms that there are. */
  private static byte[] some(int more) throws IOException {
    try (MessageBufferPacker p = MessagePack.newDefaultBufferPacker()) {
      p.packMapHeader(1).packString("plain").packInt(1);
      p.packArrayHeader(2);
      p.packArrayHeader(2);
      eventTime(p, (int) SECONDS, 5);
      p.packMapHeader(1).packString("meta").packInt(0);
      p.packMapHeader(2).packString("log").packString("a \"b\"").packString("l");
      p.packArrayHeader(1).packNil();
      p.packArrayHeader(2).packLong(SECONDS + 1).packMapHeader(1).packString("n").packInt(2);
      for (int i = 0; i < more; i++) {
        p.packArrayHeader(2);
        eventTime(p, (int) SECONDS, i);
        p.packMapHeader(1).packString("i").packInt(i);
      }
      return p.toByteArray();
    }
  }

  @Test
  void recordsComeWithTheirTimes() throws Exception {
    receiving = Receiving.settling(state);
    assertThat(receiving.post("/t", TYPE, some(0)).statusCode()).isEqualTo(201);
    assertThat(receiving.json())
        .containsExactly("{\"plain\":1}", "{\"log\":\"a \\\"b\\\"\",\"l\":[null]}", "{\"n\":2}");
    assertThat(receiving.intake.entries().get(1).epochNanos())
        .isEqualTo(SECONDS * 1_000_000_000L + 5);
    assertThat(receiving.intake.entries().get(2).epochNanos())
        .isEqualTo((SECONDS + 1) * 1_000_000_000L);
    assertThat(receiving.intake.entries().getFirst().epochNanos())
        .isNotEqualTo(MsgPackBody.NO_TIME)
        .isPositive();
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  @Test
  void manyRecordsKeepTheirOrderAndTimes() throws Exception {
    receiving = Receiving.settling(state);
    assertThat(receiving.post("/t", "application/x-msgpack; x=y", some(10_000)).statusCode())
        .isEqualTo(201);
    assertThat(receiving.json().subList(3, 10_003))
        .containsExactlyElementsOf(
            IntStream.range(0, 10_000).mapToObj(i -> "{\"i\":" + i + "}").toList());
    assertThat(receiving.intake.entries().subList(3, 10_003))
        .extracting(TestIntake.Entry::epochNanos)
        .containsExactlyElementsOf(
            IntStream.range(0, 10_000).mapToObj(i -> SECONDS * 1_000_000_000L + i).toList());
  }

  @Test
  void aBadBodyIsRefusedAsAWhole() throws Exception {
    receiving = Receiving.settling(state);
    byte[] good = some(1);
    byte[] cut = Arrays.copyOf(good, good.length - 1);
    HttpResponse<String> answer = receiving.post("/t", TYPE, cut);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("record 4 does not end; at byte ");
    byte[] wrong = Arrays.copyOf(good, good.length + 1);
    wrong[good.length] = 5;
    assertThat(receiving.post("/t", TYPE, wrong).body())
        .startsWith("record 5 is neither a map nor [time, map]; at byte " + good.length);
    assertThat(receiving.post("/t", TYPE, new byte[0]).statusCode()).isEqualTo(400);
    assertThat(receiving.rejected(Reason.RECORDS)).isEqualTo(3);
    assertThat(receiving.intake.count()).isZero();
    assertThat(receiving.post("/t", TYPE, good).statusCode()).isEqualTo(201);
  }

  /** Whatever the bytes, there is an answer, and nothing of what is refused is kept. */
  @Test
  void damagedBodiesAreAnswered() throws Exception {
    receiving = Receiving.settling(state);
    Random random = new Random(11);
    byte[] good = some(20);
    for (int i = 0; i < 300; i++) {
      byte[] body = good.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
      }
      int before = receiving.intake.count();
      int status = receiving.post("/t", TYPE, body).statusCode();
      assertThat(status).isIn(201, 400);
      if (status == 400) {
        assertThat(receiving.intake.count()).isEqualTo(before);
      }
    }
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  @Test
  void whatIsTooLargeAsJsonIsRefused() throws Exception {
    receiving = Receiving.settling(state, "buffer_max_size", "2000");
    try (MessageBufferPacker p = MessagePack.newDefaultBufferPacker()) {
      p.packMapHeader(1).packString("b").packString("\u0001".repeat(1000));
      assertThat(receiving.post("/t", TYPE, p.toByteArray()).statusCode()).isEqualTo(413);
    }
    assertThat(receiving.post("/t", TYPE, some(0)).statusCode()).isEqualTo(201);
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  @Test
  void bodiesMayBeCompressedWithSnappy() throws Exception {
    receiving = Receiving.settling(state, "buffer_max_size", "20000");
    byte[] body = snappy("{\"a\":1}{\"b\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}");
    String type = "application/json";
    assertThat(receiving.post("/t", type, body, "Content-Encoding", "snappy").statusCode())
        .isEqualTo(201);
    assertThat(receiving.json()).hasSize(2);
    byte[] bomb = snappy("{\"a\":\"" + "x".repeat(20_000) + "\"}");
    assertThat(receiving.post("/t", type, bomb, "Content-Encoding", "snappy").statusCode())
        .isEqualTo(413);
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      byte[] bad = body.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(receiving.post("/t", type, bad, "Content-Encoding", "snappy").statusCode())
          .isIn(201, 400, 413);
    }
    byte[] lies = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0};
    assertThat(receiving.post("/t", type, lies, "Content-Encoding", "snappy").statusCode())
        .isIn(400, 413);
  }

  private static byte[] snappy(String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    SnappyCompressor compressor = new SnappyCompressor();
    byte[] out = new byte[compressor.maxCompressedLength(plain.length)];
    return Arrays.copyOf(out, compressor.compress(plain, 0, plain.length, out, 0, out.length));
  }
}
