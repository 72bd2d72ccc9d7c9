package io.logboom.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SwarTest {
  /** Every value in every lane, among neighbours that borrow, carry or do neither. */
  @Test
  void findsEachByteValueInEachLane() {
    int[] fillers = {0x00, 0x1F, 0x20, 0x21, 0x22, 0x5C, 0x5D, 0x61, 0x7F, 0x80, 0x9F, 0xA0, 0xFF};
    for (int filler : fillers) {
      for (int value = 0; value < 256; value++) {
        for (int lane = 0; lane < 8; lane++) {
          byte[] eight = new byte[8];
          Arrays.fill(eight, (byte) filler);
          eight[lane] = (byte) value;
          check(eight, 0, 8);
        }
      }
    }
  }

  @Test
  void findsTheLowerOfTwoSpecialBytes() {
    for (int low = 0; low < 256; low++) {
      for (int high = 0; high < 256; high++) {
        byte[] eight = "abcdefgh".getBytes(StandardCharsets.US_ASCII);
        eight[3] = (byte) low;
        eight[4] = (byte) high;
        check(eight, 0, 8);
      }
    }
  }

  @Property
  void agreesWithNaiveLoopsInAnyRange(
      @ForAll("bytes") byte[] bytes,
      @ForAll @IntRange(max = 40) int a,
      @ForAll @IntRange(max = 40) int b) {
    int to = Math.min(Math.max(a, b), bytes.length);
    check(bytes, Math.min(Math.min(a, b), to), to);
  }

  @Property
  void neverLooksBehindTheRange(
      @ForAll("bytes") byte[] bytes, @ForAll @IntRange(max = 40) int cut) {
    int to = Math.min(cut, bytes.length);
    byte[] other = bytes.clone();
    Arrays.fill(other, to, other.length, (byte) '"');

    assertThat(Swar.plainEnd(other, 0, to)).isEqualTo(Swar.plainEnd(bytes, 0, to));
    assertThat(Swar.indexOf(other, 0, to, (byte) '"'))
        .isEqualTo(Swar.indexOf(bytes, 0, to, (byte) '"'));
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    return Bytes.any(40);
  }

  private static void check(byte[] b, int from, int to) {
    expect("plainEnd", b, from, to, Swar.plainEnd(b, from, to), SwarTest::special);
    expect("closingEnd", b, from, to, Swar.closingEnd(b, from, to), c -> c == '"' || c == '\\');
    for (byte wanted : new byte[] {'\n', '"', 0, 0x7F, 'a'}) {
      expect("indexOf", b, from, to, Swar.indexOf(b, from, to, wanted), c -> c == wanted);
    }
  }

  private static boolean special(byte c) {
    return c < 0x20 || c == '"' || c == '\\';
  }

  private interface Wanted {
    boolean test(byte b);
  }

  private static void expect(String what, byte[] b, int from, int to, int found, Wanted wanted) {
    int i = from;
    while (i < to && !wanted.test(b[i])) {
      i++;
    }
    if (found != i) {
      assertThat(found)
          .as("%s in %s from %d to %d", what, Arrays.toString(b), from, to)
          .isEqualTo(i);
    }
  }
}
