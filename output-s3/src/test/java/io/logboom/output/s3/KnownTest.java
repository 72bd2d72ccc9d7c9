package io.logboom.output.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.json.ByteSink;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownTest {
  private static byte[] positions(long... all) {
    ByteSink out = ByteSink.growing(64);
    for (int i = 0; i < all.length; i++) {
      Positions.write(i == 0 ? all[0] : Positions.zigzag(all[i] - all[i - 1]), out);
    }
    return out.toByteArray();
  }

  private static void add(Known known, String tag, String id, long... all) {
    byte[] bytes = positions(all);
    known.add(tag, id, bytes, 0, bytes.length);
  }

  private static boolean has(Known known, String tag, String id, long position) {
    Known.Source source = known.find(tag, id);
    return source != null && source.has(position);
  }

  @Test
  void knowsExactlyWhatWasAddedUnderItsTag() {
    Known known = new Known();
    add(known, "a", "f", 0, 100, 50, Long.MAX_VALUE / 2);
    assertThat(has(known, "a", "f", 0)).isTrue();
    assertThat(has(known, "a", "f", 50)).isTrue();
    assertThat(has(known, "a", "f", 51)).isFalse();
    assertThat(has(known, "a", "f", Long.MAX_VALUE / 2)).isTrue();
    assertThat(has(known, "b", "f", 0)).isFalse();
    assertThat(has(known, "a", "g", 0)).isFalse();
  }

  @Test
  void isASetWhateverIsAddedInWhateverOrder() {
    Random random = new Random(20_261_126);
    Known known = new Known();
    Set<Long> model = new HashSet<>();
    long at = 0;
    for (int i = 0; i < 300; i++) {
      long[] some = new long[1 + random.nextInt(40)];
      at = random.nextInt(10) == 0 ? random.nextLong(100_000) : at;
      for (int k = 0; k < some.length; k++) {
        at += random.nextInt(300);
        some[k] = at;
        model.add(at);
      }
      add(known, "a", "f", some);
    }
    Known.Source source = Objects.requireNonNull(known.find("a", "f"));
    for (long p = 0; p < 100_000; p += 1 + random.nextInt(40)) {
      assertThat(source.has(p)).isEqualTo(model.contains(p));
    }
    for (long p : model) {
      assertThat(source.has(p)).isTrue();
    }
  }

  @Test
  void forgetsTheOldestBeyondItsBound() {
    Known known = new Known(16 * 1024);
    for (int i = 0; i < 20_000; i++) {
      add(known, "a", "f" + i / 200, i * 200L);
    }
    assertThat(known.bytes()).isLessThanOrEqualTo(16 * 1024);
    assertThat(known.forgotten()).isPositive();
    assertThat(has(known, "a", "f0", 0)).isFalse();
    assertThat(has(known, "a", "f99", 19_999 * 200L)).isTrue();
    long still = 0;
    for (int i = 0; i < 20_000; i++) {
      still += has(known, "a", "f" + i / 200, i * 200L) ? 1 : 0;
    }
    assertThat(still).isEqualTo(20_000 - known.forgotten());
  }
}
