package io.logboom.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonScanner;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Batches with everything that a batch can have; the same for the same seed. */
final class RandomBatches {
  private static final String[] KEYS = {
    "log", "time", "stream", "kubernetes", "level", "offset", "größe", "a \"b\"", "message", "tag"
  };
  private static final String[] TEXTS = {
    "", "x", "plain text", "tab\t and \"quotes\"", "größe €", "\u0001", "bad \u00ff", "back\\slash"
  };
  private static final String[] VALUES = {
    "1", "null", "\"two\\nlines\"", "{\"deep\":[1,{\"a\":\"}\"}]}", "-0.5e3", "[]", "\"\\u0041\""
  };

  private final SplittableRandom random;
  private final Names names;

  private RandomBatches(long seed, Names names) {
    this.random = new SplittableRandom(seed);
    this.names = names;
  }

  static Batch make(long seed, Names names) {
    return new RandomBatches(seed, names).batch();
  }

  static byte[] grow(byte[] bytes, int used, int atLeast) {
    return Arrays.copyOf(Arrays.copyOf(bytes, used), Math.max(atLeast, bytes.length * 2));
  }

  private Batch batch() {
    Batch batch = new Batch(RandomBatches::grow, new byte[random.nextInt(200)], 1);
    int origins = 1 + random.nextInt(random.nextInt(10) == 0 ? Batch.MAX_ORIGINS : 4);
    for (int i = 0; i < origins; i++) {
      int index = batch.origin(origin(i));
      if (random.nextInt(3) > 0) {
        batch.enrich(index, fragment());
      }
    }
    JsonScanner scanner = new JsonScanner(names);
    int records = random.nextInt(random.nextInt(10) == 0 ? 2000 : 20);
    for (int i = 0; i < records; i++) {
      record(batch, random.nextInt(origins), scanner);
    }
    return batch;
  }

  private void record(Batch batch, int origin, JsonScanner scanner) {
    boolean json = random.nextBoolean();
    byte[] body = json ? object() : text();
    batch.append(body, 0, random.nextInt(Math.max(1, body.length)));
    int stamp = batch.append("2026-11-22T10:00:00.123456789+01:00".getBytes(UTF_8), 0, 35);
    int at = batch.append(body, 0, body.length);
    long nanos = random.nextInt(5) == 0 ? random.nextLong() : 1_795_000_000_000_000_000L + at;
    long position = random.nextInt(5) == 0 ? random.nextLong() : at;
    int record = batch.add(origin, at, body.length, nanos, position);
    if (random.nextInt(4) > 0) {
      batch.stamp(record, stamp, 1 + random.nextInt(35));
    }
    if (json) {
      if (scanner.scan(batch.bytes(), at, at + body.length) == JsonScanner.NOT_AN_OBJECT) {
        throw new AssertionError("not an object: " + new String(body, UTF_8));
      }
      batch.json(record, scanner.start(), scanner.stop() - scanner.start(), scanner.names());
    }
    if (random.nextInt(6) == 0) {
      batch.addFlags(record, random.nextBoolean() ? Batch.CUT : Batch.INCOMPLETE);
    }
    if (random.nextInt(6) == 0) {
      batch.drop(record);
    }
  }

  private Origin origin(int number) {
    Origin.Builder origin =
        Origin.builder(names, "kube." + number)
            .source("/var/log/" + pick(TEXTS) + number)
            .sourceId("2049:" + number)
            .base(fragment())
            .text(pick(KEYS));
    return origin
        .stamp(random.nextBoolean() ? pick(KEYS) : null)
        .offset(random.nextInt(4) == 0 ? pick(KEYS) : null)
        .build();
  }

  private Fragment fragment() {
    Fragment.Builder members = Fragment.builder(names);
    for (int i = random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(3)) {
        case 0 -> members.string(pick(KEYS), pick(TEXTS));
        case 1 -> members.number(pick(KEYS), random.nextLong());
        default -> members.json(pick(KEYS), pick(VALUES).getBytes(UTF_8));
      }
    }
    return members.build();
  }

  private byte[] object() {
    StringBuilder json = new StringBuilder("{");
    int first = random.nextInt(KEYS.length);
    for (int i = random.nextInt(4), k = first; i > 0; i--, k = (k + 1) % KEYS.length) {
      json.append(json.length() > 1 ? "," : "").append(random.nextBoolean() ? " " : "");
      json.append('"').append(KEYS[k].replace("\"", "\\\"")).append("\":").append(pick(VALUES));
    }
    return json.append('}').toString().getBytes(UTF_8);
  }

  private byte[] text() {
    byte[] bytes = new byte[random.nextInt(200)];
    if (random.nextBoolean()) {
      random.nextBytes(bytes);
      return bytes;
    }
    return pick(TEXTS).getBytes(UTF_8);
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }
}
