package io.logboom.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.RecordWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

class BatchCodecProperties {
  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void aBatchComesBackWithTheSameRecords(@ForAll long seed, @ForAll Compression compression)
      throws DamagedException {
    Names names = new Names();
    Batch batch = RandomBatches.make(seed, names);
    BatchCodec codec = new BatchCodec(names, compression);

    Batch back = decoded(codec, encoded(codec, batch));

    assertThat(described(back, names)).isEqualTo(described(batch, names));
  }

  /** What another process with other names reads is what it would have made itself. */
  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void aBatchOfAnotherProcessIsWhatItWouldBeHere(@ForAll long seed) throws DamagedException {
    Names there = new Names();
    byte[] payload =
        encoded(new BatchCodec(there, Compression.NONE), RandomBatches.make(seed, there));
    Names reader = other(seed);
    Batch back = decoded(new BatchCodec(reader, Compression.NONE), payload);

    Names here = other(seed);
    assertThat(described(back, reader)).isEqualTo(described(RandomBatches.make(seed, here), here));
  }

  /** A registry with some names that the random batches use, and some that they do not. */
  private static Names other(long seed) {
    SplittableRandom random = new SplittableRandom(seed + 1);
    Names names = new Names();
    List<String> some =
        new ArrayList<>(List.of("unused", "tag", "message", "größe", "time", "level", "log"));
    for (int i = random.nextInt(some.size()); i > 0; i--) {
      names.of(some.remove(random.nextInt(some.size())));
    }
    return names;
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void aDamagedPayloadIsRefusedOrRead(@ForAll long seed, @ForAll Compression compression) {
    Names names = new Names();
    BatchCodec codec = new BatchCodec(names, compression);
    SplittableRandom random = new SplittableRandom(seed);
    byte[] damaged = damage(encoded(codec, RandomBatches.make(seed, names)), random);
    // Another process looks into the bodies as well.
    BatchCodec reader = random.nextBoolean() ? codec : new BatchCodec(other(seed), compression);
    try {
      Batch back = decoded(reader, damaged);
      for (int i = 0; i < back.size(); i++) {
        assertThat(back.offset(i)).isNotNegative();
        assertThat(back.length(i)).isBetween(0, back.limit() - back.offset(i));
        assertThat(back.originOf(i)).isNotNull();
      }
    } catch (DamagedException e) {
      assertThat(e).message().isNotBlank();
    }
  }

  private static byte[] damage(byte[] payload, SplittableRandom random) {
    byte[] damaged = payload.clone();
    switch (random.nextInt(4)) {
      case 0 -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length + 20));
      case 1 -> damaged[random.nextInt(Math.min(100, damaged.length))] = (byte) random.nextInt();
      case 2 -> {
        int at = random.nextInt(damaged.length);
        int end = Math.min(damaged.length, at + 1 + random.nextInt(20));
        for (int i = at; i < end; i++) {
          damaged[i] = (byte) random.nextInt();
        }
      }
      default -> damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    }
    if (random.nextBoolean() && damaged.length >= BatchCodec.HEADER) {
      // The sizes agree again, so that the damage is met further in.
      int stored = damaged.length - BatchCodec.HEADER;
      for (int i = 0; i < 4; i++) {
        damaged[8 + i] = (byte) (stored >>> (24 - 8 * i));
        damaged[4 + i] = damaged[1] == 0 ? damaged[8 + i] : damaged[4 + i];
      }
    }
    return damaged;
  }

  static byte[] encoded(BatchCodec codec, Batch batch) {
    ByteSink out = ByteSink.growing(16);
    codec.encode(batch, out);
    return out.toByteArray();
  }

  static Batch decoded(BatchCodec codec, byte[] payload) throws DamagedException {
    int memory = codec.memoryFor(payload, 0, payload.length);
    assertThat(memory).isBetween(payload.length, payload.length + (1 << 20));
    Batch back = new Batch(RandomBatches::grow, Arrays.copyOf(payload, memory), 1);
    codec.decode(back, payload.length);
    return back;
  }

  /** All that a consumer can see of the records that are not dropped. */
  static List<String> described(Batch batch, Names names) {
    RecordWriter writer = new RecordWriter(names);
    List<String> records = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.isDropped(i)) {
        ByteSink json = ByteSink.growing(64);
        writer.write(batch, i, true, json);
        byte[] bytes = batch.bytes();
        records.add(
            String.join(
                " | ",
                new String(json.toByteArray(), UTF_8),
                hex(bytes, batch.offset(i), batch.length(i)),
                batch.stampLength(i) == 0
                    ? "-"
                    : hex(bytes, batch.stampOffset(i), batch.stampLength(i)),
                batch.flags(i) + " " + batch.epochNanos(i) + " " + batch.position(i),
                described(batch.originOf(i)),
                described(batch.enrichment(batch.originIndex(i)))));
      }
    }
    return records;
  }

  private static String described(Origin origin) {
    return String.join(
        " ",
        origin.tag(),
        origin.source(),
        origin.sourceId(),
        described(origin.base()),
        described(origin.text()),
        described(origin.stamp()),
        described(origin.offset()));
  }

  private static String described(Origin.@Nullable Key key) {
    return key == null ? "none" : key.name() + "=" + new String(key.json(), UTF_8);
  }

  private static String described(Fragment fragment) {
    return fragment.toString() + Long.bitCount(fragment.names());
  }

  private static String hex(byte[] bytes, int from, int count) {
    return HexFormat.of().formatHex(bytes, from, from + count);
  }
}
