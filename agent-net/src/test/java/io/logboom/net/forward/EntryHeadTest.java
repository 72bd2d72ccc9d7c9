package io.logboom.net.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.net.msgpack.MsgPack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

final class EntryHeadTest {
  private final EntryHead head = new EntryHead();

  /** Writes some values. */
  @FunctionalInterface
  private interface Writing {
    void to(MessageBufferPacker packer) throws IOException;
  }

  private static byte[] packed(Writing writing) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      writing.to(packer);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] eventTime(int seconds, int nanos) {
    return ByteBuffer.allocate(8).putInt(seconds).putInt(nanos).array();
  }

  private Instant time(Writing writing) {
    byte[] bytes = packed(writing);
    assertThat(head.time(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    for (int to = 0; to < bytes.length; to++) {
      assertThat(head.time(bytes, 0, to)).isEqualTo(MsgPack.INCOMPLETE);
    }
    head.time(bytes, 0, bytes.length);
    return Instant.ofEpochSecond(0, head.epochNanos());
  }

  @Property(tries = 200)
  void integers(@ForAll @IntRange(min = 0) int seconds) {
    assertThat(time(p -> p.packInt(seconds))).isEqualTo(Instant.ofEpochSecond(seconds));
    assertThat(head.isMarker()).isFalse();
  }

  @Property(tries = 200)
  void eventTimes(
      @ForAll @IntRange(min = 0) int seconds,
      @ForAll @IntRange(min = 0, max = 999_999_999) int nanos) {
    assertThat(
            time(
                p ->
                    p.packExtensionTypeHeader((byte) 0, 8).writePayload(eventTime(seconds, nanos))))
        .isEqualTo(Instant.ofEpochSecond(seconds, nanos));
    assertThat(
            time(
                p -> {
                  p.packArrayHeader(2).packExtensionTypeHeader((byte) 0, 8);
                  p.writePayload(eventTime(seconds, nanos));
                  p.packMapHeader(1).packString("meta").packArrayHeader(0);
                }))
        .isEqualTo(Instant.ofEpochSecond(seconds, nanos));
  }

  @Test
  void secondsPast2038() {
    int seconds = (int) 4_000_000_000L;
    assertThat(
            time(p -> p.packExtensionTypeHeader((byte) 0, 8).writePayload(eventTime(seconds, 1))))
        .isEqualTo(Instant.ofEpochSecond(4_000_000_000L, 1));
  }

  @Test
  void floatsAreExactToTheMicrosecond() {
    assertThat(time(p -> p.packDouble(1_700_000_000.123456)))
        .isEqualTo(Instant.parse("2023-11-14T22:13:20.123456Z"));
    assertThat(time(p -> p.packDouble(-0.5))).isEqualTo(Instant.ofEpochSecond(-1, 500_000_000));
    assertThat(time(p -> p.packFloat(2.5f))).isEqualTo(Instant.ofEpochSecond(2, 500_000_000));
  }

  @Test
  void timesThatNoLongHoldsAreTheNearest() {
    Instant far = Instant.ofEpochSecond(9_223_372_035L);
    assertThat(time(p -> p.packLong(Long.MAX_VALUE))).isEqualTo(far);
    assertThat(
            time(
                p ->
                    p.packBigInteger(
                        java.math.BigInteger.TWO.pow(64).subtract(java.math.BigInteger.ONE))))
        .isEqualTo(far);
    assertThat(time(p -> p.packDouble(1e300))).isEqualTo(far);
  }

  @Test
  void nilIsNow() {
    time(p -> p.packNil());
    assertThat(head.isNow()).isTrue();
  }

  @Test
  void groupMarkers() {
    for (int mark : new int[] {-1, -2}) {
      time(p -> p.packExtensionTypeHeader((byte) 0, 8).writePayload(eventTime(mark, 0)));
      assertThat(head.isMarker()).isTrue();
      time(p -> p.packInt(mark));
      assertThat(head.isMarker()).isTrue();
    }
  }

  @Test
  void whatIsNoTime() {
    for (Writing each :
        new Writing[] {
          p -> p.packString("1700000000"),
          p -> p.packBoolean(true),
          p -> p.packDouble(Double.NaN),
          p -> p.packArrayHeader(3).packInt(1).packInt(2).packInt(3),
          p -> p.packExtensionTypeHeader((byte) 0, 4).writePayload(new byte[4]),
          p -> p.packExtensionTypeHeader((byte) -1, 8).writePayload(new byte[8])
        }) {
      byte[] bytes = packed(each);
      assertThat(head.time(bytes, 0, bytes.length)).isEqualTo(MsgPack.MALFORMED);
    }
  }

  @Test
  void anEntryIsAnArrayOfTwo() throws IOException {
    byte[] wide = {(byte) 0xDC, 0, 2, 5};
    assertThat(head.entry(wide, 0, wide.length)).isEqualTo(wide.length);
    assertThat(head.entry(wide, 0, 2)).isEqualTo(MsgPack.INCOMPLETE);
    byte[] three = packed(p -> p.packArrayHeader(3).packInt(5));
    assertThat(head.entry(three, 0, three.length)).isEqualTo(MsgPack.MALFORMED);
    byte[] map = packed(p -> p.packMapHeader(2).packInt(5));
    assertThat(head.entry(map, 0, map.length)).isEqualTo(MsgPack.MALFORMED);
  }
}
