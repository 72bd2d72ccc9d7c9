package io.logboom.net.msgpack;

import java.io.IOException;
import java.util.Random;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** A record made from a seed, in MessagePack by another encoder and in JSON by the test's own. */
record RandomRecord(byte[] bytes, String json) {
  static RandomRecord of(long seed) {
    Random random = new Random(seed);
    StringBuilder json = new StringBuilder();
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      map(random, 0, packer, json);
      return new RandomRecord(packer.toByteArray(), json.toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void map(Random random, int depth, MessageBufferPacker p, StringBuilder json)
      throws IOException {
    int count = random.nextInt(8) == 0 ? 20 : random.nextInt(6);
    p.packMapHeader(count);
    json.append('{');
    for (int i = 0; i < count; i++) {
      String name = "n" + i + "x".repeat(random.nextInt(40));
      p.packString(name);
      json.append(i > 0 ? "," : "").append('"').append(name).append("\":");
      value(random, depth + 1, p, json);
    }
    json.append('}');
  }

  private static void value(Random random, int depth, MessageBufferPacker p, StringBuilder json)
      throws IOException {
    switch (random.nextInt(depth > 4 ? 5 : 7)) {
      case 0 -> {
        long number = random.nextLong() >> random.nextInt(64);
        p.packLong(number);
        json.append(number);
      }
      case 1 -> {
        boolean flag = random.nextBoolean();
        p.packBoolean(flag);
        json.append(flag);
      }
      case 2 -> {
        p.packNil();
        json.append("null");
      }
      case 3 -> {
        String text = "é€𝄞 plain text, \u007f ".repeat(random.nextInt(30));
        p.packString(text);
        json.append('"').append(text).append('"');
      }
      case 4 -> {
        String text = "log line ".repeat(random.nextInt(9));
        p.packString(text + "\t\"\\\u0001");
        json.append('"').append(text).append("\\t\\\"\\\\\\u0001\"");
      }
      case 5 -> map(random, depth, p, json);
      default -> {
        int count = random.nextInt(20);
        p.packArrayHeader(count);
        json.append('[');
        for (int i = 0; i < count; i++) {
          json.append(i > 0 ? "," : "");
          value(random, depth + 2, p, json);
        }
        json.append(']');
      }
    }
  }
}
