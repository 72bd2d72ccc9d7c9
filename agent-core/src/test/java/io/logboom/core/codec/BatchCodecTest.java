package io.logboom.core.codec;

import static io.logboom.core.codec.BatchCodecProperties.decoded;
import static io.logboom.core.codec.BatchCodecProperties.described;
import static io.logboom.core.codec.BatchCodecProperties.encoded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchCodecTest {
  private final Names names = new Names();
  private final BatchCodec codec = new BatchCodec(names, Compression.NONE);

  private Batch batch(int records, String tag) {
    Batch batch = new Batch(RandomBatches::grow, new byte[0], 1);
    Origin made =
        Origin.builder(names, tag)
            .source("/var/log/" + tag)
            .sourceId("1:2")
            .base(Fragment.builder(names).string("stream", "stdout").build())
            .stamp("time")
            .build();
    int origin = batch.origin(made);
    batch.enrich(origin, Fragment.builder(names).string("host", "node-1").build());
    for (int i = 0; i < records; i++) {
      byte[] line = ("2026-11-22T10:00:00Z line number " + i).getBytes(UTF_8);
      int at = batch.append(line, 0, line.length);
      int record = batch.add(origin, at + 21, line.length - 21, 1_000_000L * i, 100L * i);
      batch.stamp(record, at, 20);
    }
    return batch;
  }

  /** What version 1 wrote is read for ever. */
  @ParameterizedTest
  @EnumSource(Compression.class)
  void readsVersionOne(Compression compression) throws DamagedException, IOException {
    byte[] payload = golden(compression);
    assertThat(described(decoded(codec, payload), names)).isEqualTo(described(golden(), names));
  }

  @Test
  void writesVersionOneAsTheFormatSays() throws IOException {
    assertThat(encoded(new BatchCodec(names, Compression.NONE), golden()))
        .isEqualTo(golden(Compression.NONE));
  }

  private static byte[] golden(Compression compression) throws IOException {
    String name = "payload-1-" + compression.name().toLowerCase(Locale.ROOT) + ".hex";
    try (InputStream file = BatchCodecTest.class.getResourceAsStream(name)) {
      assertThat(file).as(name).isNotNull();
      String text = new String(file.readAllBytes(), UTF_8);
      return HexFormat.of().parseHex(text.replaceAll("(?m)#.*$|\\s", ""));
    }
  }

  /** Lines of one file; the last is JSON. */
  private Batch golden() {
    Batch batch = batch(4, "a");
    byte[] json = "{\"level\":\"info\",\"stream\":\"other\"}".getBytes(UTF_8);
    int record = batch.add(0, batch.append(json, 0, json.length), json.length, -1, 1000);
    batch.json(record, batch.offset(record), json.length, names.of("stream"));
    batch.addFlags(record, Batch.CUT);
    return batch;
  }

  @Test
  void bodiesAreSlicesOfThePayload() throws DamagedException {
    byte[] payload = encoded(codec, batch(3, "a"));
    Batch back = decoded(codec, payload);

    assertThat(back.limit()).isEqualTo(payload.length);
    assertThat(back.bytes()).startsWith(payload);
    assertThat(new String(back.bytes(), back.offset(2), back.length(2), UTF_8))
        .isEqualTo("line number 2");
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"LZ4", "ZSTD"})
  void compressesWhatGetsSmaller(Compression compression) throws DamagedException {
    Batch batch = batch(1000, "a");
    BatchCodec smaller = new BatchCodec(names, compression);
    byte[] payload = encoded(smaller, batch);

    assertThat(payload).hasSizeLessThan(encoded(codec, batch).length / 2);
    // Whatever is configured now, everything is read.
    assertThat(described(decoded(codec, payload), names)).isEqualTo(described(batch, names));
    assertThat(encoded(smaller, batch(1, "a")))
        .as("a record that no compression makes smaller")
        .hasSizeLessThanOrEqualTo(encoded(codec, batch(1, "a")).length);
  }

  @Test
  void aLargeRecordIsStoredAsItIs() throws DamagedException {
    Batch batch = batch(1, "a");
    byte[] body = new byte[3 << 20];
    Arrays.fill(body, (byte) 'x');
    batch.add(0, batch.append(body, 0, body.length), body.length, 5, 6);
    BatchCodec lz4 = new BatchCodec(names, Compression.LZ4);
    byte[] payload = encoded(lz4, batch);

    assertThat(lz4.memoryFor(payload, 0, payload.length)).isEqualTo(payload.length);
    assertThat(described(decoded(lz4, payload), names)).isEqualTo(described(batch, names));
  }

  @Test
  void equalOriginsAreOneObjectFromPayloadToPayload() throws DamagedException {
    byte[] first = encoded(codec, batch(1, "a"));
    byte[] second = encoded(codec, batch(5, "a"));
    byte[] another = encoded(codec, batch(1, "b"));

    Origin origin = decoded(codec, first).origin(0);
    assertThat(decoded(codec, second).origin(0)).isSameAs(origin);
    assertThat(decoded(codec, another).origin(0)).isNotSameAs(origin);
  }

  @Test
  void remembersABoundedNumberOfOrigins() throws DamagedException {
    Origin origin = decoded(codec, encoded(codec, batch(1, "a"))).origin(0);
    for (int i = 0; i < Recent.MOST; i++) {
      decoded(codec, encoded(codec, batch(1, "other" + i)));
    }
    assertThat(decoded(codec, encoded(codec, batch(1, "a"))).origin(0)).isNotSameAs(origin);
  }

  @Test
  void originsWithEqualContentKeepTheirOwnEnrichment() throws DamagedException {
    Batch batch = batch(1, "a");
    Batch other = batch(1, "a");
    int second = batch.origin(other.origin(0));
    batch.enrich(second, Fragment.builder(names).string("host", "node-2").build());
    batch.add(second, batch.offset(0), batch.length(0), 1, 1);

    Batch back = decoded(codec, encoded(codec, batch));

    assertThat(back.originOf(0)).isSameAs(back.originOf(1));
    assertThat(described(back, names)).isEqualTo(described(batch, names));
  }

  @Test
  void onlyOriginsWithLiveRecordsAreWritten() throws DamagedException {
    Batch batch = batch(2, "a");
    batch.origin(Origin.builder(names, "empty").build());
    batch.drop(0);

    Batch back = decoded(codec, encoded(codec, batch));

    assertThat(back.size()).isEqualTo(1);
    assertThat(back.origins()).isEqualTo(1);
    assertThat(back.position(0)).isEqualTo(100);
  }

  @Test
  void memberNamesThatFindNoRoomAreStillWritten() throws DamagedException {
    byte[] payload = encoded(codec, batch(1, "a"));
    Names full = new Names();
    for (int i = 0; i < 64; i++) {
      full.of(i == 0 ? "log" : "name" + i);
    }
    Batch back = decoded(new BatchCodec(full, Compression.NONE), payload);
    assertThat(described(back, full).getFirst())
        .startsWith(
            "\"stream\":\"stdout\",\"time\":\"2026-11-22T10:00:00Z\","
                + "\"log\":\"line number 0\",\"host\":\"node-1\"");
  }

  @Test
  void refusesAnotherVersionByItsNumber() {
    byte[] payload = encoded(codec, batch(1, "a"));
    payload[0] = 9;
    assertThatThrownBy(() -> codec.memoryFor(payload, 0, payload.length))
        .isInstanceOf(DamagedException.class)
        .hasMessageContaining("version 9");
  }

  @Test
  void claimsNoMoreMemoryThanThePayloadMayTake() {
    byte[] huge = HexFormat.of().parseHex("010000007fffffff7fffffff");
    assertThatThrownBy(() -> codec.memoryFor(huge, 0, 12)).isInstanceOf(DamagedException.class);
    byte[] bomb = HexFormat.of().parseHex("010100007fffffff00000000");
    assertThatThrownBy(() -> codec.memoryFor(bomb, 0, 12)).isInstanceOf(DamagedException.class);
    assertThatThrownBy(() -> codec.memoryFor(new byte[3], 0, 3))
        .isInstanceOf(DamagedException.class);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void allocatesNothingPerRecord(Compression compression) throws DamagedException {
    BatchCodec own = new BatchCodec(names, compression);
    Batch batch = batch(8000, "a");
    ByteSink out = ByteSink.growing(2 << 20);
    Batch back = new Batch(RandomBatches::grow, new byte[4 << 20], 8192);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      out.position(0);
      own.encode(batch, out);
      back.clear();
      System.arraycopy(out.array(), 0, back.bytes(), 0, out.position());
      own.decode(back, out.position());
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(back.size()).isEqualTo(8000);
    assertThat(least).isLessThan(2000);
  }
}
