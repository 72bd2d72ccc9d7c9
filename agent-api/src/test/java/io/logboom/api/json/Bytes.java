package io.logboom.api.json;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Arbitrary bytes: any at all, and those at the borders of UTF-8's and JSON's rules. */
final class Bytes {
  private static final String BORDERS =
      "41 22 5C 0A 1F 20 7F 80 8F 90 9F A0 BF C0 C1 C2 C3 A9 DF E0 E1 E2 82 AC EC ED EE EF F0 F1 F3"
          + " F4 F5 FF";

  private Bytes() {}

  static Arbitrary<byte[]> any(int max) {
    Arbitrary<Byte> border =
        Arbitraries.of(BORDERS.split(" ")).map(hex -> (byte) Integer.parseInt(hex, 16));
    return Arbitraries.oneOf(
        Arbitraries.bytes().array(byte[].class).ofMaxSize(max),
        border.array(byte[].class).ofMaxSize(max));
  }
}
