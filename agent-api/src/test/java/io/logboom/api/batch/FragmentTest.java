package io.logboom.api.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.json.ByteSink;
import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentTest {
  private final Names names = new Names();

  @Test
  void encodesMembersOfEachType() {
    Fragment fragment =
        Fragment.builder(names)
            .string("stream", "std\"out\n")
            .number("n", -5)
            .bool("ok", true)
            .json("kubernetes", "{\"a\":[]}".getBytes(UTF_8))
            .build();

    assertThat(fragment)
        .hasToString("\"stream\":\"std\\\"out\\n\",\"n\":-5,\"ok\":true,\"kubernetes\":{\"a\":[]}");
    assertThat(fragment.names())
        .isEqualTo(names.of("stream") | names.of("n") | names.of("ok") | names.of("kubernetes"));
  }

  @Test
  void escapesNames() {
    Fragment fragment = Fragment.builder(names).number("a\"b", 1).build();

    assertThat(fragment).hasToString("\"a\\\"b\":1");
    assertThat(fragment.names()).isEqualTo(names.of("a\"b"));
  }

  @Test
  void withoutMembersItIsEmpty() {
    assertThat(Fragment.builder(names).build()).isSameAs(Fragment.EMPTY);
    assertThat(Fragment.EMPTY.isEmpty()).isTrue();
    assertThat(Fragment.EMPTY.and(one("a", 1))).hasToString("\"a\":1");
    assertThat(one("a", 1).and(Fragment.EMPTY)).hasToString("\"a\":1");
  }

  @Test
  void theLaterMemberOfANameCounts() {
    assertThat(Fragment.builder(names).number("a", 1).number("b", 2).number("a", 3).build())
        .hasToString("\"b\":2,\"a\":3");
    assertThat(one("a", 1).and(one("b", 2)).and(one("c", 3)).and(one("b", 4)))
        .hasToString("\"a\":1,\"c\":3,\"b\":4");
    assertThat(one("a\"", 1).and(one("a\"", 2))).hasToString("\"a\\\"\":2");
  }

  @Test
  void writesAllOrSomeMembersWithTheCommasTheyNeed() {
    Fragment abc = one("a", 1).and(one("b", 2)).and(one("c", 3));

    assertThat(written(abc, 0, false)).isEqualTo("\"a\":1,\"b\":2,\"c\":3 true");
    assertThat(written(abc, 0, true)).isEqualTo(",\"a\":1,\"b\":2,\"c\":3 true");
    assertThat(written(abc, names.of("a"), false)).isEqualTo("\"b\":2,\"c\":3 true");
    assertThat(written(abc, names.of("b"), true)).isEqualTo(",\"a\":1,\"c\":3 true");
    assertThat(written(abc, -1L, false)).isEqualTo(" false");
    assertThat(written(abc, -1L, true)).isEqualTo(" true");
    assertThat(written(Fragment.EMPTY, 0, false)).isEqualTo(" false");
    assertThat(written(abc, names.of("other"), false)).startsWith("\"a\":1,");
  }

  @Test
  void comesBackFromItsJson() {
    Fragment fragment =
        Fragment.builder(names)
            .string("a\"b", "x,y")
            .json("kubernetes", "{\"labels\": {\"a\": [1, \"}\"]}}".getBytes(UTF_8))
            .number("größe", 3)
            .build();
    Names other = new Names();
    other.of("first");

    Fragment back = parsed(other, fragment.toString());

    assertThat(back).hasToString(fragment.toString());
    assertThat(back.names())
        .isEqualTo(other.of("a\"b") | other.of("kubernetes") | other.of("größe"));
    assertThat(written(back, other.of("kubernetes"), true))
        .isEqualTo(",\"a\\\"b\":\"x,y\",\"größe\":3 true");
    assertThat(parsed(other, "")).isSameAs(Fragment.EMPTY);
  }

  @Test
  void readsOnlyWhatAFragmentWrites() {
    for (String json :
        List.of(
            "1",
            "\"a\"",
            "\"a\":",
            " \"a\":1",
            "\"a\":1 ",
            "\"a\":1, \"b\":2",
            "\"a\":1}, {",
            ",",
            " ",
            "\"a\":1,,\"b\":2",
            "\"a\" :1,",
            "\"a\":1} ")) {
      assertThatThrownBy(() -> parsed(names, json))
          .as(json)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void membersWithoutRoomForTheirNamesAreKept() {
    Names full = new Names();
    for (int i = 0; i < 64; i++) {
      full.of("name" + i);
    }
    Fragment back = parsed(full, "\"x\":1,\"name3\":2");

    assertThat(back.names()).isEqualTo(full.of("name3"));
    assertThat(back.and(Fragment.builder(full).number("name3", 4).build()))
        .hasToString("\"x\":1,\"name3\":4");
  }

  private static Fragment parsed(Names names, String json) {
    byte[] padded = ("[" + json + "]").getBytes(UTF_8);
    return Fragment.parse(names, padded, 1, padded.length - 1);
  }

  private static String written(Fragment fragment, long without, boolean comma) {
    ByteSink out = ByteSink.growing(16);
    boolean more = fragment.write(without, comma, out);
    return new String(out.toByteArray(), UTF_8) + " " + more;
  }

  private Fragment one(String name, long value) {
    return Fragment.builder(names).number(name, value).build();
  }
}
