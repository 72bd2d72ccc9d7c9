package io.logboom.api.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class BatchTest {
  private final Names names = new Names();
  private final Batch batch = new Batch(BatchTest::grow, new byte[16], 2);

  @Test
  void keepsWhatIsKnownOfEachRecord() {
    int origin = batch.origin(origin("a"));
    int record = batch.add(origin, append("hello"), 5, 123, 456);
    batch.stamp(record, append("2026"), 4);

    assertThat(body(batch, record)).isEqualTo("hello");
    assertThat(batch.epochNanos(record)).isEqualTo(123);
    assertThat(batch.position(record)).isEqualTo(456);
    assertThat(batch.stampLength(record)).isEqualTo(4);
    assertThat(batch.flags(record)).isZero();
    assertThat(batch.originOf(record).tag()).isEqualTo("a");
  }

  @Test
  void growsItsSlabAndKeepsWhatItHas() {
    int first = append("0123456789");
    int second = append("abcdefghij");
    batch.room(100);

    assertThat(batch.free()).isGreaterThanOrEqualTo(100);
    assertThat(new String(batch.bytes(), first, 10, UTF_8)).isEqualTo("0123456789");
    assertThat(new String(batch.bytes(), second, 10, UTF_8)).isEqualTo("abcdefghij");
  }

  @Test
  void copiesOutOfItsOwnSlabEvenWhereThatIsReplaced() {
    // A pool gives the old slab to another at once.
    Batch own =
        new Batch(
            (bytes, used, atLeast) -> {
              byte[] larger = grow(bytes, used, atLeast);
              Arrays.fill(bytes, (byte) '!');
              return larger;
            },
            "0123456789".getBytes(UTF_8),
            1);
    own.advance(10);

    int at = own.append(own.bytes(), 2, 6);

    assertThat(new String(own.bytes(), at, 6, UTF_8)).isEqualTo("234567");
  }

  @Test
  void claimsOnlyBytesThatAreThere() {
    batch.advance(16);

    assertThat(batch.free()).isZero();
    assertThatThrownBy(() -> batch.advance(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> batch.advance(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isFullAtItsMostRecords() {
    int origin = batch.origin(origin("a"));
    for (int i = 0; i < Batch.MAX_RECORDS; i++) {
      assertThat(batch.isFull()).isFalse();
      batch.add(origin, 0, 0, i, i);
    }

    assertThat(batch.isFull()).isTrue();
    assertThat(batch.position(Batch.MAX_RECORDS - 1)).isEqualTo(Batch.MAX_RECORDS - 1);
    assertThatThrownBy(() -> batch.add(origin, 0, 0, 0, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void growsFromNoRecordsAtAll() {
    Batch none = new Batch(BatchTest::grow, new byte[0], 0);
    assertThat(none.add(none.origin(origin("a")), 0, 0, 0, 7)).isZero();
    assertThat(none.position(0)).isEqualTo(7);
  }

  @Test
  void hasSixtyFourOriginsAtMost() {
    List<Origin> some = new ArrayList<>();
    for (int i = 0; i < Batch.MAX_ORIGINS; i++) {
      some.add(origin("tag" + i));
      assertThat(batch.origin(some.get(i))).isEqualTo(i);
    }

    assertThat(batch.origin(origin("one too many"))).isEqualTo(-1);
    assertThat(batch.origin(some.get(63))).isEqualTo(63);
    assertThat(batch.origin(some.get(5))).isEqualTo(5);
    assertThat(batch.origins()).isEqualTo(64);
  }

  @Test
  void filtersChangeBodiesMarkAndDrop() {
    int origin = batch.origin(origin("a"));
    int first = batch.add(origin, append("text"), 4, 0, 0);
    int second = batch.add(origin, append("{}"), 2, 0, 0);
    int third = batch.add(origin, append("cut"), 3, 0, 0);

    batch.json(second, batch.offset(second), 2, 5);
    batch.drop(first);
    batch.addFlags(third, Batch.CUT);
    batch.epochNanos(third, 9);

    assertThat(batch.isJson(second)).isTrue();
    assertThat(batch.names(second)).isEqualTo(5);
    assertThat(batch.isDropped(first)).isTrue();
    assertThat(batch.flags(third)).isEqualTo(Batch.CUT);
    assertThat(batch.epochNanos(third)).isEqualTo(9);
    assertThat(batch.liveRecords()).isEqualTo(2);
    assertThat(batch.liveBytes()).isEqualTo(5);

    batch.addFlags(second, Batch.ONE_LINE);
    batch.json(second, append("{\n}"), 3, 0);
    assertThat(batch.flags(second)).isEqualTo(Batch.JSON);

    batch.addFlags(second, Batch.ONE_LINE);
    batch.text(second, append("new"), 3);
    assertThat(batch.flags(second)).isZero();
    assertThat(batch.isJson(second)).isFalse();
    assertThat(batch.names(second)).isZero();
    assertThat(body(batch, second)).isEqualTo("new");
  }

  @Test
  void enrichmentIsPerOriginAndAddsUp() {
    int a = batch.origin(origin("a"));
    int b = batch.origin(origin("b"));

    batch.enrich(a, Fragment.builder(names).number("x", 1).build());
    batch.enrich(a, Fragment.builder(names).number("y", 2).build());

    assertThat(batch.enrichment(a)).hasToString("\"x\":1,\"y\":2");
    assertThat(batch.enrichment(b).isEmpty()).isTrue();
  }

  @Test
  void isAsNewAfterClearing() {
    int origin = batch.origin(origin("a"));
    int record = batch.add(origin, append("{}"), 2, 1, 1);
    batch.json(record, 0, 2, 7);
    batch.stamp(record, 0, 2);
    batch.enrich(origin, Fragment.builder(names).number("x", 1).build());

    batch.clear();

    assertThat(batch.size()).isZero();
    assertThat(batch.limit()).isZero();
    assertThat(batch.origins()).isZero();
    int again = batch.add(batch.origin(origin("b")), append("t"), 1, 2, 2);
    assertThat(batch.flags(again)).isZero();
    assertThat(batch.names(again)).isZero();
    assertThat(batch.stampLength(again)).isZero();
    assertThat(batch.enrichment(0).isEmpty()).isTrue();
    assertThat(batch.originOf(again).tag()).isEqualTo("b");
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void aSubsetHasTheChosenRecordsInOrder(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Batch whole = new Batch(BatchTest::grow, new byte[64], 1);
    for (int i = 0; i < 3; i++) {
      int origin = whole.origin(origin("tag" + i));
      whole.enrich(origin, Fragment.builder(names).number("n", i).build());
    }
    BitSet keep = new BitSet();
    List<Integer> kept = new ArrayList<>();
    int count = random.nextInt(50);
    for (int i = 0; i < count; i++) {
      byte[] body = ("body " + random.nextInt(1000)).getBytes(UTF_8);
      int at = whole.append(body, 0, body.length);
      int record = whole.add(random.nextInt(3), at, body.length, random.nextLong(), i);
      whole.stamp(record, at, random.nextInt(3));
      if (random.nextBoolean()) {
        whole.json(record, at, body.length, random.nextLong());
      }
      if (random.nextInt(4) == 0) {
        whole.drop(record);
      }
      if (random.nextBoolean()) {
        keep.set(i);
        kept.add(i);
      }
    }

    Batch part = whole.subset(keep);

    assertThat(part.size()).isEqualTo(kept.size());
    assertThat(part.bytes()).isSameAs(whole.bytes());
    for (int i = 0; i < part.size(); i++) {
      assertThat(facts(part, i)).isEqualTo(facts(whole, kept.get(i)));
    }
  }

  @Test
  void aSubsetOfRecordsThatAreNotThereIsRefused() {
    BitSet keep = new BitSet();
    keep.set(0);

    assertThatThrownBy(() -> batch.subset(keep)).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Object> facts(Batch b, int i) {
    return List.of(
        body(b, i),
        b.epochNanos(i),
        b.position(i),
        b.flags(i),
        b.names(i),
        b.stampLength(i) == 0 ? -1 : b.stampOffset(i),
        b.stampLength(i),
        b.originOf(i),
        b.enrichment(b.originIndex(i)));
  }

  private static String body(Batch b, int record) {
    return new String(b.bytes(), b.offset(record), b.length(record), UTF_8);
  }

  private int append(String text) {
    return batch.append(text.getBytes(UTF_8), 0, text.length());
  }

  private Origin origin(String tag) {
    return Origin.builder(names, tag).build();
  }

  private static byte[] grow(byte[] bytes, int used, int atLeast) {
    byte[] larger = new byte[Math.max(atLeast, bytes.length * 2)];
    System.arraycopy(bytes, 0, larger, 0, used);
    return larger;
  }
}
