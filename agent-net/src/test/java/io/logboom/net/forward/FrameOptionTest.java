package io.logboom.net.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.net.msgpack.MsgPack;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.value.Value;

final class FrameOptionTest {
  private final FrameOption option = new FrameOption();

  @Test
  void readsChunkAndSignalBesideWhatItDoesNotKnow() throws IOException {
    MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
    packer.packMapHeader(6);
    packer.packString("size").packInt(500);
    packer.packString("metadata").packMapHeader(1).packString("chunk").packInt(1);
    packer.packInt(5).packArrayHeader(1).packNil();
    packer.packString("chunk").packString("id==");
    packer.packString("compressed").packString("gzip");
    packer.packString("fluent_signal").packInt(2);
    byte[] bytes = packer.toByteArray();
    for (int to = 0; to < bytes.length; to++) {
      assertThat(option.read(bytes, 0, to)).isEqualTo(MsgPack.INCOMPLETE);
    }
    assertThat(option.read(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    assertThat(option.signal()).isEqualTo(2);
    Value ack = MessagePack.newDefaultUnpacker(Acks.ack(option.chunk())).unpackValue();
    assertThat(ack.toJson()).isEqualTo("{\"ack\":\"id==\"}");
  }

  @Test
  void nilIsNoOption() {
    assertThat(option.read(new byte[] {(byte) 0xC0}, 0, 1)).isEqualTo(1);
    assertThat(option.chunk()).isNull();
    assertThat(option.signal()).isZero();
  }

  @Test
  void nothingOfTheLastOptionIsLeft() throws IOException {
    byte[] full = {(byte) 0x81, (byte) 0xA5, 'c', 'h', 'u', 'n', 'k', (byte) 0xA1, 'x'};
    assertThat(option.read(full, 0, full.length)).isEqualTo(full.length);
    assertThat(option.chunk()).isEqualTo(new byte[] {(byte) 0xA1, 'x'});
    assertThat(option.read(new byte[] {(byte) 0x80}, 0, 1)).isEqualTo(1);
    assertThat(option.chunk()).isNull();
  }

  @Test
  void whatIsNoOption() throws IOException {
    MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
    packer.packMapHeader(1).packString("chunk").packString("x".repeat(2000));
    byte[] longId = packer.toByteArray();
    byte[][] all = {
      {5},
      {(byte) 0x90},
      {(byte) 0x81, (byte) 0xA5, 'c', 'h', 'u', 'n', 'k', 7},
      {(byte) 0x81, (byte) 0xC1, 7},
      longId
    };
    for (byte[] each : all) {
      assertThat(option.read(each, 0, each.length)).isEqualTo(MsgPack.MALFORMED);
    }
  }
}
