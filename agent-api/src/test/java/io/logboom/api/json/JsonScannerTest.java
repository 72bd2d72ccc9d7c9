package io.logboom.api.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Names;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
  private static final List<String> REGISTERED =
      List.of("@timestamp", "stream", "log", "kubernetes", "größe", "");

  private final Names names = new Names();
  private final JsonScanner scanner = new JsonScanner(names);

  JsonScannerTest() {
    REGISTERED.forEach(names::of);
  }

  @Property(tries = 5000, shrinking = ShrinkingMode.OFF)
  void agreesWithJacksonOnWhatIsJson(@ForAll long seed) throws IOException {
    agreesWithJackson(RandomJson.object(seed));
  }

  @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
  void agreesWithJacksonOnWhatAlmostIsJson(@ForAll long seed) throws IOException {
    agreesWithJackson(RandomJson.damaged(seed));
  }

  @Property
  void agreesWithJacksonOnBytesOfAnyKind(@ForAll("bytes") byte[] bytes) throws IOException {
    agreesWithJackson(bytes);
    byte[] inString = new byte[bytes.length + 8];
    System.arraycopy("{\"a\":\"".getBytes(UTF_8), 0, inString, 0, 6);
    System.arraycopy(bytes, 0, inString, 6, bytes.length);
    System.arraycopy("\"}".getBytes(UTF_8), 0, inString, 6 + bytes.length, 2);
    agreesWithJackson(inString);
  }

  @Property(tries = 5000, shrinking = ShrinkingMode.OFF)
  void looksAtNothingOutsideItsRange(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] json = RandomJson.damaged(seed);
    byte[] exact = Arrays.copyOf(json, random.nextInt(json.length + 1));
    byte[] amid = new byte[exact.length + 40];
    random.nextBytes(amid);
    System.arraycopy(json, 0, amid, 20, Math.min(json.length, amid.length - 20));
    System.arraycopy(exact, 0, amid, 20, exact.length);

    int alone = scanner.scan(exact, 0, exact.length);
    long aloneNames = scanner.names();
    int among = scanner.scan(amid, 20, 20 + exact.length);

    assertThat(among).isEqualTo(alone);
    assertThat(scanner.names()).isEqualTo(aloneNames);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[]",
        "[{}]",
        "\"a\"",
        "1",
        "null",
        "{}{}",
        "{} x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":[1 2]}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":1e+}",
        "{\"a\":0x1}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":truE}",
        "{\"a\":nulll}",
        "{\"a\":fals}",
        "{\"a\":\"x}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\u0000\"}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1}//",
        "\uFEFF{}",
        "{\"a\":1}\u0000",
        "{\"a\" 1}"
      })
  void refusesWhatIsNotOneObject(String json) {
    assertThat(scan(json)).isEqualTo(JsonScanner.NOT_AN_OBJECT);
  }

  @Test
  void leavesBlanksAroundTheObjectOut() {
    assertThat(scan(" \r\n\t{ } \n")).isEqualTo(JsonScanner.CLEAN);

    assertThat(scanner.start()).isEqualTo(4);
    assertThat(scanner.stop()).isEqualTo(7);
    assertThat(scanner.members()).isZero();
  }

  @Test
  void tellsTheRegisteredNamesOfTheTopLevelOnly() {
    scan("{\"log\":{\"stream\":1},\"x\":[{\"kubernetes\":2}],\"@timestamp\":3}");

    assertThat(scanner.names()).isEqualTo(names.of("log") | names.of("@timestamp"));
    assertThat(scanner.members()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"b\":2,\"a\":3}",
        "{\"\":1,\"\":2}",
        "{\"x\":{\"a\":1,\"a\":2}}",
        "{\"x\":[[{\"a\":1,\"b\":{\"a\":5},\"a\":2}]]}",
        "{\"a\":{\"x\":1},\"a\":{\"y\":1}}",
        "{\"exactly8\":1,\"exactly8\":2}",
        "{\"longer than eight\":1,\"longer than eight\":2}",
        "{\"a\":1,\"\\u0061\":2}"
      })
  void noticesANameTwiceInOneObjectAtAnyLevel(String json) {
    assertThat(scan(json)).isEqualTo(JsonScanner.DUPLICATE_NAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"b\":{\"a\":2,\"b\":3}}",
        "{\"x\":[{\"a\":1},{\"a\":2},{\"a\":3}]}",
        "{\"a\":1,\"A\":2,\"a \":3,\"\":4}",
        "{\"Aa\":1,\"BB\":2}",
        "{\"12345678a\":1,\"12345678b\":2,\"a12345678\":3}"
      })
  void aNameInDifferentObjectsIsNotTwice(String json) {
    assertThat(scan(json)).isEqualTo(JsonScanner.CLEAN);
  }

  @Test
  void aNameAtTheVeryEndOfTheBytesIsComparedToo() {
    // Fewer than eight bytes follow the second name.
    assertThat(scan("{\"a\":1,\"a\":2}")).isEqualTo(JsonScanner.DUPLICATE_NAME);
    assertThat(scan("{\"a\":1,\"b\":2}")).isEqualTo(JsonScanner.CLEAN);
  }

  @Test
  void moreNamesThanItRemembersAreLookedAtMoreClosely() {
    StringBuilder json = new StringBuilder("{\"n\":0");
    for (int i = 1; i < 256; i++) {
      json.append(",\"n").append(i).append("\":0");
    }
    assertThat(scan(json + "}")).isEqualTo(JsonScanner.CLEAN);
    assertThat(scan(json + ",\"other\":0}")).isEqualTo(JsonScanner.DUPLICATE_NAME);
    assertThat(scan("{\"other\":0}")).isEqualTo(JsonScanner.CLEAN);
  }

  @Test
  void namesOfAnEarlierDocumentAreForgotten() {
    for (int i = 0; i < 1000; i++) {
      assertThat(scan("{\"a\":1,\"n" + i % 7 + "\":2}")).isEqualTo(JsonScanner.CLEAN);
    }
  }

  @Test
  void nestsAsDeepAsItsLimitAndNoDeeper() {
    int inside = JsonScanner.MAX_DEPTH - 1;
    assertThat(scan(nested("[", inside, "]"))).isEqualTo(JsonScanner.CLEAN);
    assertThat(scan(nested("[", inside + 1, "]"))).isEqualTo(JsonScanner.NOT_AN_OBJECT);
    assertThat(scan(nested("{\"a\":", inside - 1, "}", "{}"))).isEqualTo(JsonScanner.CLEAN);
    assertThat(scan(nested("{\"a\":", inside, "}", "{}"))).isEqualTo(JsonScanner.NOT_AN_OBJECT);
    assertThat(scan(nested("[", 1_000_000, "]"))).isEqualTo(JsonScanner.NOT_AN_OBJECT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"x\\n\"}",
        "{\"a\":\"\\n\"}",
        "{\"a\":\"x\\r\"}",
        "{\"a\":\"x\\r\\n\"}",
        "{\"a\":\"x\\u000a\"}",
        "{\"a\":\"\\u000D\"}",
        "{\"a\":\"x\\\\n\"}",
        "{\"a\":[\"x\\n\"]}",
        "{\"a\":{\"b\":\"x\\n\"},\"c\":\"y\"}"
      })
  void noticesAValueThatEndsWithALineBreak(String json) {
    assertThat(scan(json)).isEqualTo(JsonScanner.TRAILING_BREAK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"x\\nn\"}",
        "{\"a\":\"n\"}",
        "{\"a\":\"\\\"n\"}",
        "{\"a\":\"\\nx\"}",
        "{\"a\":\"x\\u000b\"}",
        "{\"a\":\"\\\\u000a\"}",
        "{\"a\":\"x\\t\"}",
        "{\"a\":\"\\\\\",\"b\":\"n\"}"
      })
  void aLineBreakInsideAValueIsNoTrailingOne(String json) {
    assertThat(scan(json)).isEqualTo(JsonScanner.CLEAN);
  }

  @Test
  void namesAreNotTrimmed() {
    assertThat(scan("{\"a\\n\":1}")).isEqualTo(JsonScanner.DUPLICATE_NAME);
  }

  @Test
  void noticesBytesThatAreNotUtf8AndSurrogatesAlone() {
    byte[] bytes = "{\"a\":\"x?y\"}".getBytes(UTF_8);
    bytes[7] = (byte) 0xFF;

    assertThat(scanner.scan(bytes, 0, bytes.length)).isEqualTo(JsonScanner.NOT_UTF8);
    assertThat(scan("{\"a\":\"\\uD800\"}")).isEqualTo(JsonScanner.NOT_UTF8);
    assertThat(scan("{\"a\":\"\\uD800\\u0041\"}")).isEqualTo(JsonScanner.NOT_UTF8);
    assertThat(scan("{\"a\":\"\\uDC00\\uD800\"}")).isEqualTo(JsonScanner.NOT_UTF8);
    assertThat(scan("{\"a\":\"\\uD834\\uDD1E\"}")).isEqualTo(JsonScanner.CLEAN);
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    return Bytes.any(30);
  }

  private void agreesWithJackson(byte[] json) throws IOException {
    JsonReference expected = JsonReference.of(json);
    String text = new String(json, UTF_8);
    if (text.startsWith("\uFEFF")) {
      return; // Jackson passes over a byte order mark; RFC 8259 forbids it
    }

    int found = scanner.scan(json, 0, json.length);

    boolean fits = expected.object && expected.depth <= JsonScanner.MAX_DEPTH;
    assertThat(found != JsonScanner.NOT_AN_OBJECT).as(text).isEqualTo(fits);
    if (!fits) {
      return;
    }
    boolean valid = expected.utf8 && !expected.loneSurrogate;
    assertThat((found & JsonScanner.NOT_UTF8) == 0).as(text).isEqualTo(valid);
    assertThat((found & JsonScanner.TRAILING_BREAK) != 0)
        .as(text)
        .isEqualTo(expected.trailingBreak);
    if (valid && expected.duplicate) {
      assertThat(found & JsonScanner.DUPLICATE_NAME).as(text).isNotZero();
    }
    if (!expected.duplicate && !text.contains("\\")) {
      assertThat(found & JsonScanner.DUPLICATE_NAME).as(text).isZero();
    }
    assertThat(scanner.members()).as(text).isEqualTo(expected.members);
    assertThat(text.strip())
        .isEqualTo(new String(json, scanner.start(), scanner.stop() - scanner.start(), UTF_8));
    assertThat(scanner.isOneLine()).as(text).isEqualTo(!text.strip().contains("\n"));
    if (found == JsonScanner.CLEAN) {
      long registered = 0;
      for (String name : REGISTERED) {
        registered |= expected.names.contains(name) ? names.of(name) : 0;
      }
      assertThat(scanner.names()).as(text).isEqualTo(registered);
    }
  }

  @Test
  void anEscapeWithFourDigitsBehindItIsNoBreak() {
    assertThat(scan("{\"a\":\"x\\\"000D\"}")).isEqualTo(JsonScanner.CLEAN);
    assertThat(scan("{\"a\":\"x\\u000D\"}")).isEqualTo(JsonScanner.TRAILING_BREAK);
  }

  private int scan(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return scanner.scan(bytes, 0, bytes.length);
  }

  private static String nested(String open, int times, String close) {
    return nested(open, times, close, "");
  }

  private static String nested(String open, int times, String close, String inmost) {
    return "{\"x\":" + open.repeat(times) + inmost + close.repeat(times) + "}";
  }
}
