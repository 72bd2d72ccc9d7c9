package io.logboom.net.msgpack;

import java.util.Random;

/** A JSON object made from a seed, as many hands might write it; no name stands in it twice. */
final class RandomObject {
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
    "\\b",
    "\\f",
    "\\u000a",
    "\\u0000",
    "\\u00e9",
    "\\u20AC",
    "\\uD834\\uDD1E",
    "\\ufffd",
    "é",
    "€",
    "𝄞",
    "{",
    "}",
    "[",
    ",",
    ":",
    "\u007f",
    "a rather long piece of a line in a log file "
  };
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1",
    "-1",
    "-32",
    "-33",
    "127",
    "128",
    "255",
    "256",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "-128",
    "-129",
    "-32768",
    "-32769",
    "-2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "-9223372036854775809",
    "100000000000000000000",
    "123456789012345678901234567890",
    "1.5",
    "-0.25e+10",
    "1E5",
    "3e-7",
    "0.1",
    "100.000",
    "1e400",
    "-1e400",
    "5e-324",
    "1.7976931348623157e308",
    "-0.0",
    "0.30000000000000004",
    "1795334645.123456",
    "123456789.123456789012345678901",
    "1e22",
    "1e23"
  };
  private static final String[] BLANKS = {"", "", "", "", "", "", " ", "\n", "\t", "\r\n", "  "};

  private final Random random;
  private final StringBuilder out = new StringBuilder();

  private RandomObject(long seed) {
    random = new Random(seed);
  }

  static String of(long seed) {
    RandomObject made = new RandomObject(seed);
    made.object(0);
    return made.out.toString();
  }

  private void blank() {
    out.append(BLANKS[random.nextInt(BLANKS.length)]);
  }

  private int few() {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> 15 + random.nextInt(3);
      case 2 -> 40;
      default -> random.nextInt(5);
    };
  }

  private void object(int depth) {
    out.append('{');
    int count = few();
    blank();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
        blank();
      }
      out.append('"').append(i);
      inside();
      out.append('"');
      blank();
      out.append(':');
      blank();
      value(depth + 1);
      blank();
    }
    out.append('}');
  }

  private void array(int depth) {
    out.append('[');
    int count = few();
    blank();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
        blank();
      }
      value(depth + 1);
      blank();
    }
    out.append(']');
  }

  private void inside() {
    int count = random.nextInt(20) == 0 ? random.nextInt(3000) : random.nextInt(6);
    for (int i = 0; i < count; i++) {
      out.append(PIECES[random.nextInt(PIECES.length)]);
    }
  }

  private void value(int depth) {
    switch (random.nextInt(depth > 4 ? 6 : 8)) {
      case 0 -> out.append("true");
      case 1 -> out.append("false");
      case 2 -> out.append("null");
      case 3 -> out.append(NUMBERS[random.nextInt(NUMBERS.length)]);
      case 4 -> out.append(random.nextLong() >> random.nextInt(64));
      case 5 -> {
        out.append('"');
        inside();
        out.append('"');
      }
      case 6 -> object(depth);
      default -> array(depth);
    }
  }
}
