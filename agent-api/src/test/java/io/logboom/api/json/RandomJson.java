package io.logboom.api.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;

/** Random JSON objects as a hand might write them, and damaged ones. The same for the same seed. */
final class RandomJson {
  private static final String[] NAMES = {
    "a",
    "b",
    "stream",
    "log",
    "kubernetes",
    "@timestamp",
    "level",
    "trace_id",
    "größe",
    "",
    "Aa",
    "BB",
    "a long name, longer than two words",
    "a long name, longer than two wordz",
    "\\u0061",
    "q\\\"q",
    "message"
  };
  private static final String[] PIECES = {
    "x",
    "plain text",
    " ",
    "\\n",
    "\\r",
    "\\\\",
    "\\\\n",
    "\\\"",
    "\\/",
    "\\t",
    "\\u000a",
    "\\u000D",
    "\\u00e9",
    "\\uD834\\uDD1E",
    "\\ud800",
    "\\uDC00",
    "é",
    "€",
    "𝄞",
    "{",
    "}",
    "[",
    ",",
    ":",
    "\u007f"
  };
  private static final String[] NUMBERS = {
    "0", "-0", "1", "-1", "12345678901234567890", "1.5", "-0.25e+10", "1E5", "3e-7", "100"
  };
  private static final String[] BLANKS = {"", "", "", "", "", " ", "\n", "\t", "\r\n", "  "};

  private final SplittableRandom random;
  private final StringBuilder out = new StringBuilder();

  private RandomJson(SplittableRandom random) {
    this.random = random;
  }

  /** A valid document, but for names that may stand twice and surrogates that may stand alone. */
  static byte[] object(long seed) {
    RandomJson json = new RandomJson(new SplittableRandom(seed));
    json.blank();
    json.object(1 + json.random.nextInt(5));
    json.blank();
    return json.out.toString().getBytes(UTF_8);
  }

  /** A document with some bytes changed, taken out, put in or cut off. */
  static byte[] damaged(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] json = object(random.nextLong());
    for (int n = 1 + random.nextInt(3); n > 0 && json.length > 0; n--) {
      json = damage(json, random);
    }
    return json;
  }

  private static byte[] damage(byte[] json, SplittableRandom random) {
    String tricky = "{}[]\",:\\ \n\t0123456789-+.eEtrufalsn\u0000\u001f";
    int at = random.nextInt(json.length);
    byte b =
        random.nextBoolean()
            ? (byte) tricky.charAt(random.nextInt(tricky.length()))
            : (byte) random.nextInt(256);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(json, 0, at);
    switch (random.nextInt(5)) {
      case 0 -> {
        out.write(b);
        out.write(json, at + 1, json.length - at - 1);
      }
      case 1 -> {
        out.write(b);
        out.write(json, at, json.length - at);
      }
      case 2 -> out.write(json, at + 1, json.length - at - 1);
      case 3 -> {
        int from = random.nextInt(json.length);
        out.write(json, from, random.nextInt(json.length - from + 1));
        out.write(json, at, json.length - at);
      }
      default -> {
        // the rest is cut off
      }
    }
    return out.toByteArray();
  }

  private void object(int depth) {
    out.append('{');
    blank();
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
        blank();
      }
      out.append('"').append(pick(NAMES));
      if (random.nextInt(3) > 0) {
        out.append(random.nextInt(1000)); // else two are soon the same
      }
      out.append('"');
      blank();
      out.append(':');
      blank();
      value(depth - 1);
      blank();
    }
    out.append('}');
  }

  private void value(int depth) {
    switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0, 1, 2 -> string();
      case 3 -> out.append(pick(NUMBERS));
      case 4 -> out.append(pick(new String[] {"true", "false", "null"}));
      case 5 -> out.append(random.nextLong());
      case 6 -> object(depth);
      default -> array(depth);
    }
  }

  private void array(int depth) {
    out.append('[');
    blank();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
        blank();
      }
      value(depth - 1);
      blank();
    }
    out.append(']');
  }

  private void string() {
    out.append('"');
    for (int n = random.nextInt(6); n > 0; n--) {
      out.append(pick(PIECES));
    }
    out.append('"');
  }

  private void blank() {
    out.append(pick(BLANKS));
  }

  private String pick(String[] some) {
    return some[random.nextInt(some.length)];
  }
}
