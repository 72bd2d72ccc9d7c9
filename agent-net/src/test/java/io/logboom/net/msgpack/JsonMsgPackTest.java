package io.logboom.net.msgpack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonScanner;
import java.io.IOException;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

class JsonMsgPackTest {
  private final Names names = new Names();

  private static byte[] written(String json) {
    ByteSink out = ByteSink.growing(16);
    byte[] bytes = json.getBytes(UTF_8);
    new JsonMsgPack(out).value(bytes, 0, bytes.length);
    return out.toByteArray();
  }

  private static String hex(String json) {
    return HexFormat.of().formatHex(written(json));
  }

  private String back(byte[] msgpack) {
    byte[] out = new byte[msgpack.length * 8 + 4096];
    MsgPackJson reader = new MsgPackJson(names);
    assertThat(reader.object(msgpack, 0, msgpack.length, out, 0)).isEqualTo(msgpack.length);
    assertThat(reader.hasRepaired()).isFalse();
    return new String(out, 0, reader.stop(), UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          0                      | 00
          127                    | 7f
          128                    | cc80
          256                    | cd0100
          65536                  | ce00010000
          4294967296             | cf0000000100000000
          9223372036854775808    | cf8000000000000000
          18446744073709551615   | cfffffffffffffffff
          -1                     | ff
          -33                    | d0df
          -129                   | d1ff7f
          -32769                 | d2ffff7fff
          -2147483649            | d3ffffffff7fffffff
          -9223372036854775808   | d38000000000000000
          -0                     | cb8000000000000000
          1.5                    | cb3ff8000000000000
          100000000000000000000  | cb4415af1d78b58c40
          1e5                    | cb40f86a0000000000
          true                   | c3
          false                  | c2
          null                   | c0
          ""                     | a0
          "é"                    | a2c3a9
          "\\u00e9\\n"           | d903c3a90a
          []                     | 90
          {}                     | 80
          {"a":[1,{"b":null}]}   | 81a1619201 81a162c0
          """)
  void aValueInItsOwnForm(String json, String expected) {
    String bytes = expected.replace(" ", "");
    // A text with escapes keeps the head of what is written.
    assertThat(hex(json)).isEqualTo(json.equals("\"\\u00e9\\n\"") ? "a3c3a90a" : bytes);
  }

  @Test
  void aWholeNumberBeyond64BitsKeepsItsDigits() {
    assertThat(new String(written("18446744073709551616"), UTF_8).substring(1))
        .isEqualTo("18446744073709551616");
    assertThat(new String(written("-123456789012345678901"), UTF_8).substring(1))
        .isEqualTo("-123456789012345678901");
    assertThat(new String(written("1e999"), UTF_8).substring(1)).isEqualTo("1e999");
  }

  @Test
  void containersOfAllSizes() throws IOException {
    for (int count : new int[] {0, 1, 15, 16, 17, 65_535, 65_536, 70_000}) {
      StringBuilder array = new StringBuilder("[");
      StringBuilder object = new StringBuilder("{");
      for (int i = 0; i < count; i++) {
        array.append(i > 0 ? "," : "").append(i);
        object.append(i > 0 ? "," : "").append("\"k").append(i).append("\":").append(i);
      }
      try (MessageUnpacker u = MessagePack.newDefaultUnpacker(written("[" + array + "]]"))) {
        assertThat(u.unpackArrayHeader()).isEqualTo(1);
        assertThat(u.unpackArrayHeader()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
          assertThat(u.unpackInt()).isEqualTo(i);
        }
      }
      try (MessageUnpacker u = MessagePack.newDefaultUnpacker(written(object + "}"))) {
        assertThat(u.unpackMapHeader()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
          assertThat(u.unpackString()).isEqualTo("k" + i);
          assertThat(u.unpackInt()).isEqualTo(i);
        }
        assertThat(u.hasNext()).isFalse();
      }
    }
  }

  @Test
  void textsOfAllSizes() throws IOException {
    for (int count : new int[] {0, 1, 31, 32, 255, 256, 65_535, 65_536, 100_000}) {
      for (String end : new String[] {"", "\\n", "\\u20ac"}) {
        try (MessageUnpacker u =
            MessagePack.newDefaultUnpacker(written('"' + "x".repeat(count) + end + '"'))) {
          assertThat(u.unpackString())
              .isEqualTo("x".repeat(count) + end.replace("\\n", "\n").replace("\\u20ac", "€"));
          assertThat(u.hasNext()).isFalse();
        }
      }
    }
  }

  @Test
  void membersAreCountedAndHaveNoHead() {
    ByteSink out = ByteSink.growing(16);
    byte[] json = " \"a\" : 1 , \"b\":[2] ".getBytes(UTF_8);
    assertThat(new JsonMsgPack(out).members(json, 0, json.length)).isEqualTo(2);
    assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo("a16101a1629102");
    assertThat(new JsonMsgPack(out).members(json, 0, 1)).isZero();
  }

  @Test
  void asDeepAsABodyMayBe() {
    int depth = JsonScanner.MAX_DEPTH - 1;
    String json = "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
    assertThat(back(written(json))).isEqualTo(json);
  }

  @Property(tries = 2000)
  void whatIsReadBackIsTheSame(@ForAll long seed) {
    String json = RandomObject.of(seed);
    JsonScanner scanner = new JsonScanner(names);
    byte[] bytes = json.getBytes(UTF_8);
    assertThat(scanner.scan(bytes, 0, bytes.length) & JsonScanner.NOT_AN_OBJECT).isZero();
    assertThat(JsonText.tree(back(written(json)))).isEqualTo(JsonText.tree(json));
  }

  @Property(tries = 500)
  void otherDecodersReadIt(@ForAll long seed) throws IOException {
    byte[] bytes = written(RandomObject.of(seed));
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes)) {
      assertThat(unpacker.unpackValue().isMapValue()).isTrue();
      assertThat(unpacker.hasNext()).isFalse();
    }
  }
}
