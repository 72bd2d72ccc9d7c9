package io.logboom.net.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

final class ExtentTest {
  @Property(tries = 300)
  void findsTheEndWhereverTheBytesAreCut(@ForAll long seed) {
    byte[] one = RandomRecord.of(seed).bytes();
    byte[] two = RandomRecord.of(seed + 1).bytes();
    byte[] all = new byte[one.length + two.length + 3];
    System.arraycopy(one, 0, all, 3, one.length);
    System.arraycopy(two, 0, all, 3 + one.length, two.length);
    Random random = new Random(seed);
    Extent extent = new Extent();
    extent.begin(3, 2);
    int to = 3;
    int end = extent.advance(all, to);
    while (to < all.length) {
      assertThat(end).isEqualTo(MsgPack.INCOMPLETE);
      to = Math.min(all.length, to + 1 + random.nextInt(100));
      end = extent.advance(all, to);
    }
    assertThat(end).isEqualTo(all.length);
    assertThat(MsgPack.end(all, 3, all.length)).isEqualTo(3 + one.length);
  }

  @Test
  void knowsTheLengthOfEachKindOfValue() throws Exception {
    for (int first = 0; first < 256; first++) {
      byte[] value = new byte[400];
      value[0] = (byte) first;
      int end = MsgPack.end(value, 0, value.length);
      if (first == MsgPack.NEVER_USED) {
        assertThat(end).isEqualTo(MsgPack.MALFORMED);
        continue;
      }
      try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(value)) {
        unpacker.skipValue();
        assertThat((long) end).as("first byte %x", first).isEqualTo(unpacker.getTotalReadBytes());
      }
      assertThat(MsgPack.end(value, 0, end - 1)).isEqualTo(MsgPack.INCOMPLETE);
    }
  }

  @Test
  void nestingCostsNoStack() throws Exception {
    MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
    for (int i = 0; i < 1_000_000; i++) {
      packer.packArrayHeader(1);
    }
    packer.packNil();
    byte[] deep = packer.toByteArray();
    assertThat(MsgPack.end(deep, 0, deep.length)).isEqualTo(deep.length);
  }

  @Test
  void aLengthThatNoArrayHasIsIncomplete() {
    byte[] text = {(byte) 0xDB, -1, -1, -1, -1, 'x'};
    byte[] map = {(byte) 0xDF, -1, -1, -1, -1, 1};
    assertThat(MsgPack.end(text, 0, text.length)).isEqualTo(MsgPack.INCOMPLETE);
    assertThat(MsgPack.end(map, 0, map.length)).isEqualTo(MsgPack.INCOMPLETE);
  }
}
