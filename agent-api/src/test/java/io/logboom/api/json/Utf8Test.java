package io.logboom.api.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class Utf8Test {
  @Property
  void replacesInvalidPartsOneByOneAsUnicodeRecommends(@ForAll("bytes") byte[] bytes) {
    assertThat(decoded(bytes)).isEqualTo(WhatwgUtf8.decode(bytes));
  }

  @Property
  void copiesWithTheSameReplacements(@ForAll("bytes") byte[] bytes, @ForAll("texts") String text) {
    byte[] all = Arrays.copyOf(text.getBytes(UTF_8), text.getBytes(UTF_8).length + bytes.length);
    System.arraycopy(bytes, 0, all, all.length - bytes.length, bytes.length);
    ByteSink out = ByteSink.growing(16);
    Utf8.copy(all, 0, all.length, out);
    String expected = WhatwgUtf8.decode(all);
    assertThat(new String(out.toByteArray(), UTF_8)).isEqualTo(expected);
    assertThat(Utf8.invalid(all, 0, all.length) == all.length)
        .isEqualTo(Arrays.equals(expected.getBytes(UTF_8), all));
  }

  @Property
  void agreesWithTheJdkButForEncodedSurrogates(@ForAll("bytes") byte[] bytes) {
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == (byte) 0xED) {
        bytes[i] = 'x';
      }
    }
    assertThat(decoded(bytes)).isEqualTo(new String(bytes, UTF_8));
  }

  @Test
  void knowsEveryCharacter() {
    for (int c = 0x80; c <= Character.MAX_CODE_POINT; c++) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      byte[] utf8 = Character.toString(c).getBytes(UTF_8);
      if (Utf8.width(utf8, 0, utf8.length) != utf8.length) {
        assertThat(Utf8.width(utf8, 0, utf8.length)).as("U+%04X", c).isEqualTo(utf8.length);
      }
    }
  }

  @Property
  void aCharacterThatTheEndCutsIsInvalid(@ForAll("characters") String character) {
    byte[] utf8 = character.getBytes(UTF_8);
    for (int end = 1; end < utf8.length; end++) {
      assertThat(Utf8.width(utf8, 0, end)).isEqualTo(-end);
    }
  }

  @Property
  void cutsTextBetweenCharacters(
      @ForAll("texts") String text, @ForAll @IntRange(max = 100) int wanted) {
    byte[] utf8 = text.getBytes(UTF_8);
    int to = Math.min(wanted, utf8.length);

    int cut = Utf8.cut(utf8, 0, to);

    String head = new String(utf8, 0, cut, UTF_8);
    assertThat(text).startsWith(head);
    assertThat(head).doesNotContain("\uFFFD");
    assertThat(to - cut).isBetween(0, 3);
    // The greatest one: the character behind the cut ends behind `to`.
    if (cut < to) {
      assertThat(cut + Utf8.width(utf8, cut, utf8.length)).isGreaterThan(to);
    }
  }

  @Property
  void cutsOffNothingThatCouldNotBecomeACharacter(@ForAll("bytes") byte[] bytes) {
    int cut = Utf8.cut(bytes, 0, bytes.length);

    assertThat(bytes.length - cut).isBetween(0, 3);
    if (cut < bytes.length) {
      byte[] rest = Arrays.copyOfRange(bytes, cut, bytes.length);
      assertThat(completable(rest)).isTrue();
    } else {
      for (int n = 1; n <= Math.min(3, bytes.length); n++) {
        byte[] rest = Arrays.copyOfRange(bytes, bytes.length - n, bytes.length);
        assertThat(completable(rest)).isFalse();
      }
    }
  }

  @Test
  void aCutLooksAtNothingBeforeItsRange() {
    byte[] euro = "€".getBytes(UTF_8);

    assertThat(Utf8.cut(euro, 1, 3)).isEqualTo(3);
    assertThat(Utf8.cut(euro, 0, 0)).isZero();
    assertThat(Utf8.cut(euro, 0, 2)).isZero();
  }

  /** Whether some bytes behind {@code start} make one character of it. */
  private static boolean completable(byte[] start) {
    for (int missing = 1; missing <= 3; missing++) {
      for (int second : new int[] {0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF}) {
        byte[] whole = Arrays.copyOf(start, start.length + missing);
        Arrays.fill(whole, start.length, whole.length, (byte) 0x80);
        whole[start.length] = (byte) second;
        String text = WhatwgUtf8.decode(whole);
        if (text.codePointCount(0, text.length()) == 1 && !text.equals("\uFFFD")) {
          return true;
        }
      }
    }
    return false;
  }

  private static String decoded(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; ) {
      if (bytes[i] >= 0) {
        text.append((char) bytes[i++]);
        continue;
      }
      int width = Utf8.width(bytes, i, bytes.length);
      text.append(width < 0 ? "\uFFFD" : new String(bytes, i, width, UTF_8));
      i += Math.abs(width);
    }
    return text.toString();
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    return Bytes.any(12);
  }

  @Provide
  Arbitrary<String> characters() {
    return Arbitraries.of("é", "ß", "€", "가", "\uD7FF", "\uE000", "\uFFFD", "𝄞", "😀", "\u0800");
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "é", "€", "가", "𝄞", "😀", "\n")
        .list()
        .ofMaxSize(20)
        .map(parts -> String.join("", parts));
  }
}
