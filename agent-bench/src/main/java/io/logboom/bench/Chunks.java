package io.logboom.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Frames of the Forward protocol (PackedForward) with structured records, encoded beforehand: what
 * sends them costs next to nothing. Only a chunk's id differs each time.
 *
 * <pre>
 *   [tag, bin of [EventTime, {level, logger, thread, msg, trace_id, user_id, latency_ms, ok, seq}]...,
 *    {"chunk": id, "size": records}]
 * </pre>
 */
final class Chunks {
  static final int ID_BYTES = 16;
  private static final int DIFFERENT = 16;
  private static final long SECONDS = 1_763_791_200L;
  private static final String[] LEVELS = {"info", "debug", "warn", "error"};
  private static final String[] MESSAGES = {
    "order placed",
    "cart updated, 3 items, total 41.90",
    "payment of order 118237 accepted by provider acme after 2 tries",
    "cache miss for key product:4711, loading from the database",
    "user \"maria@example.com\" signed in from 10.0.3.17",
    "scheduled job price-refresh finished: 1200 rows in 3.4 s"
  };

  private final byte[][] frames = new byte[DIFFERENT][];
  private final boolean acks;

  /**
   * @param records in each chunk
   * @param acks whether chunks have ids, and so ask for acknowledgements
   */
  Chunks(int records, boolean acks) {
    this.acks = acks;
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < DIFFERENT; i++) {
      frames[i] = frame(random, records);
    }
  }

  /** A chunk of its own, for one sender. */
  byte[] frame(long number) {
    return frames[(int) (number % DIFFERENT)].clone();
  }

  /** Gives a frame the id. */
  void name(byte[] frame, byte[] id) {
    if (acks) {
      System.arraycopy(id, 0, frame, frame.length - ID_BYTES, ID_BYTES);
    }
  }

  static byte[] id(long number) {
    return String.format(Locale.ROOT, "%0" + ID_BYTES + "x", number)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] frame(SplittableRandom random, int records) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (int i = 0; i < records; i++) {
      record(payload, random, i);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(acks ? 0x93 : 0x92);
    text(out, "bench.app");
    out.write(0xC6);
    out.writeBytes(ByteBuffer.allocate(4).putInt(payload.size()).array());
    out.writeBytes(payload.toByteArray());
    if (acks) {
      out.write(0x82);
      text(out, "size");
      number(out, records);
      text(out, "chunk");
      text(out, "0".repeat(ID_BYTES));
    }
    return out.toByteArray();
  }

  private static void record(ByteArrayOutputStream out, SplittableRandom random, int n) {
    out.write(0x92);
    out.write(0xD7);
    out.write(0);
    out.writeBytes(
        ByteBuffer.allocate(8)
            .putInt((int) SECONDS + n)
            .putInt(random.nextInt(999_999_999))
            .array());
    out.write(0x89);
    member(out, "level", LEVELS[random.nextInt(LEVELS.length)]);
    member(out, "logger", "com.shop.cart.CartService");
    member(out, "thread", "http-nio-8080-exec-" + random.nextInt(20));
    member(out, "msg", MESSAGES[random.nextInt(MESSAGES.length)]);
    member(
        out,
        "trace_id",
        String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong()));
    text(out, "user_id");
    number(out, random.nextInt(100_000));
    text(out, "latency_ms");
    out.write(0xCB);
    out.writeBytes(ByteBuffer.allocate(8).putDouble(random.nextInt(90_000) / 100.0).array());
    text(out, "ok");
    out.write(random.nextInt(7) != 0 ? 0xC3 : 0xC2);
    member(out, "seq", "bench-" + n);
  }

  private static void member(ByteArrayOutputStream out, String name, String value) {
    text(out, name);
    text(out, value);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 32) {
      out.write(0xA0 | bytes.length);
    } else {
      out.write(0xD9);
      out.write(bytes.length);
    }
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, int number) {
    out.write(0xCE);
    out.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
  }
}
