package io.logboom.net.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.json.ByteSink;
import io.logboom.net.forward.Handshake.Ping;
import io.logboom.net.msgpack.MsgPackWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;

final class HandshakeTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theDigestIsThatOfThePartsOneAfterTheOther() {
    // printf 'saltclientnoncekey' | sha512sum
    assertThat(Handshake.digest(utf8("salt"), utf8("client"), utf8("nonce"), utf8("key")))
        .isEqualTo(Handshake.digest(utf8("saltclientnoncekey")))
        .hasSize(128)
        .matches("[0-9a-f]+");
    assertThat(Handshake.digest(utf8("abc"))).startsWith("ddaf35a193617abacc417349ae204131");
  }

  private static byte[] ping(String word, String... parts) {
    ByteSink out = ByteSink.growing(64);
    MsgPackWriter writer = new MsgPackWriter(out).array(1 + parts.length).text(word);
    for (String part : parts) {
      writer.text(part);
    }
    return out.toByteArray();
  }

  @Test
  void aPingShowsTheKeyAndTheUser() {
    byte[] nonce = Handshake.random();
    byte[] auth = Handshake.random();
    byte[] bytes =
        ping(
            "PING",
            "host",
            "salt",
            Handshake.digest(utf8("salt"), utf8("host"), nonce, utf8("key")),
            "anna",
            Handshake.digest(auth, utf8("anna"), utf8("pass")));
    Ping ping = Ping.read(bytes, 0, bytes.length);
    assertThat(ping).isNotNull();
    assertThat(ping.knows(nonce, "key")).isTrue();
    assertThat(ping.knows(nonce, "other")).isFalse();
    assertThat(ping.knows(auth, "key")).isFalse();
    assertThat(ping.isFrom(auth, "anna", "pass")).isTrue();
    assertThat(ping.isFrom(auth, "anna", "word")).isFalse();
    assertThat(ping.isFrom(auth, "bert", "pass")).isFalse();
    assertThat(ping.isFrom(nonce, "anna", "pass")).isFalse();
  }

  @Test
  void whatIsNoPing() {
    for (byte[] each :
        new byte[][] {
          ping("PING", "a", "b", "c", "d"),
          ping("PONG", "a", "b", "c", "d", "e"),
          {(byte) 0xC0},
          {(byte) 0x96, 1, 2, 3, 4, 5, 6}
        }) {
      assertThat(Ping.read(each, 0, each.length)).isNull();
    }
  }

  @Test
  void theMessagesAreWhatOtherDecodersRead() throws Exception {
    assertThat(
            MessagePack.newDefaultUnpacker(Handshake.helo(utf8("n"), utf8("")))
                .unpackValue()
                .toJson())
        .isEqualTo("[\"HELO\",{\"nonce\":\"n\",\"auth\":\"\",\"keepalive\":true}]");
    assertThat(
            MessagePack.newDefaultUnpacker(Handshake.refusal("shared_key mismatch"))
                .unpackValue()
                .toJson())
        .isEqualTo("[\"PONG\",false,\"shared_key mismatch\",\"\",\"\"]");
    Ping ping = new Ping(utf8("host"), utf8("salt"), utf8(""), utf8(""), utf8(""));
    assertThat(
            MessagePack.newDefaultUnpacker(Handshake.welcome(ping, utf8("nonce"), "me", "key"))
                .unpackValue()
                .toJson())
        .isEqualTo(
            "[\"PONG\",true,\"\",\"me\",\""
                + Handshake.digest(utf8("salt"), utf8("me"), utf8("nonce"), utf8("key"))
                + "\"]");
  }

  @Test
  void randomIsAsciiAndNeverTheSame() {
    assertThat(Handshake.random()).hasSize(20).isNotEqualTo(Handshake.random());
    assertThat(new String(Handshake.random(), StandardCharsets.US_ASCII)).matches("[\\w-]+");
  }
}
