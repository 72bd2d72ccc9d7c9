package io.logboom.api.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Property
  void eachNameHasOneBitOfItsOwn(@ForAll("lists") List<String> registered) {
    Names names = new Names();
    Map<String, Long> sets = new HashMap<>();
    for (String name : registered) {
      long set = names.of(name);
      assertThat(Long.bitCount(set)).isEqualTo(1);
      assertThat(sets.getOrDefault(name, set)).isEqualTo(set);
      sets.put(name, set);
    }
    assertThat(sets.values()).doesNotHaveDuplicates();
    sets.forEach((name, set) -> assertThat(find(names, name)).isEqualTo(set));
    for (String name : List.of("a", "b", "aa", "ab", "ba", "bb", "never")) {
      assertThat(find(names, name)).isEqualTo(sets.getOrDefault(name, 0L));
    }
  }

  @Test
  void theFingerprintTellsOrdersAndNamesApart() {
    Names ab = registered("a", "b");

    assertThat(ab.fingerprint()).isEqualTo(registered("a", "b", "a").fingerprint());
    assertThat(ab.fingerprint()).isNotEqualTo(registered("b", "a").fingerprint());
    assertThat(ab.fingerprint()).isNotEqualTo(registered("ab").fingerprint());
    assertThat(ab.fingerprint()).isNotEqualTo(registered("a", "b", "").fingerprint());
    // As written down in the payload's format.
    assertThat(registered().fingerprint()).isEqualTo(0xCBF29CE484222325L);
    assertThat(registered("log").fingerprint()).isEqualTo(0xCE0861AD70ED1A0AL);
  }

  private static Names registered(String... some) {
    Names names = new Names();
    for (String name : some) {
      names.of(name);
    }
    return names;
  }

  @Test
  void whereThereIsNoRoomANameHasTheEmptySet() {
    Names names = new Names();
    for (int i = 0; i < 64; i++) {
      assertThat(names.ofIfRoom("n" + i)).isEqualTo(1L << i);
    }
    assertThat(names.ofIfRoom("one too many")).isZero();
    assertThat(names.ofIfRoom("n63")).isEqualTo(1L << 63);
  }

  @Test
  void sixtyFourFitAndTheNextIsRefusedByName() {
    Names names = new Names();
    long all = 0;
    for (int i = 0; i < 64; i++) {
      all |= names.of("name" + i);
    }
    assertThat(all).isEqualTo(-1L);
    assertThat(find(names, "name63")).isEqualTo(names.of("name63"));
    assertThatThrownBy(() -> names.of("straw"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("64")
        .hasMessageContaining("straw");
    assertThat(names.of("name5")).isEqualTo(find(names, "name5"));
  }

  @Test
  void findsANameAmidOtherBytes() {
    Names names = new Names();
    long set = names.of("stream");
    byte[] bytes = "{\"stream\":1}".getBytes(UTF_8);

    assertThat(names.find(bytes, 2, 8)).isEqualTo(set);
    assertThat(names.find(bytes, 2, 7)).isZero();
    assertThat(names.find(bytes, 1, 8)).isZero();
    assertThat(names.find(bytes, 2, 2)).isZero();
  }

  @Test
  void aLookUpDuringRegistrationIsRightOrNotYet() throws Exception {
    Names names = new Names();
    long first = names.of("first");
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Boolean> reader =
          threads.submit(
              () -> {
                boolean right = true;
                while (find(names, "last") == 0) {
                  right &= find(names, "first") == first;
                }
                return right;
              });
      for (int i = 0; i < 62; i++) {
        names.of("name" + i);
      }
      names.of("last");
      assertThat(reader.get()).isTrue();
    }
  }

  @Provide
  Arbitrary<List<String>> lists() {
    // Few letters, so that slots collide.
    Arbitrary<String> near = Arbitraries.strings().withChars("ab").ofMaxLength(3);
    Arbitrary<String> far =
        Arbitraries.strings().ofMaxLength(8).map(s -> new String(s.getBytes(UTF_8), UTF_8));
    return Arbitraries.oneOf(near, far).list().ofMaxSize(60).map(ArrayList::new);
  }

  private static long find(Names names, String name) {
    byte[] utf8 = name.getBytes(UTF_8);
    return names.find(utf8, 0, utf8.length);
  }
}
