package io.logboom.net.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.config.Secret;
import io.logboom.net.forward.ClientHandshake.Helo;
import io.logboom.net.forward.ClientHandshake.Pong;
import io.logboom.net.forward.Handshake.Ping;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

class ClientHandshakeTest {
  private static final Credentials ANNA =
      new Credentials(new Secret("key"), "anna", new Secret("pass"), "agent");
  private static final byte[] RAW = {0, -1, (byte) 0xC1, 9};

  private static Helo helo(byte[] bytes) {
    return Helo.read(bytes, 0, bytes.length);
  }

  @Test
  void theServersHeloIsUnderstood() {
    byte[] nonce = Handshake.random();
    Helo helo = helo(Handshake.helo(nonce, new byte[0]));
    assertThat(helo.nonce()).isEqualTo(nonce);
    assertThat(helo.auth()).isEmpty();
    assertThat(helo.keepalive()).isTrue();
  }

  @Test
  void aHeloOfAnotherServerWithBytesAndThingsThatNobodyKnows() throws IOException {
    try (MessageBufferPacker p = MessagePack.newDefaultBufferPacker()) {
      p.packArrayHeader(2).packString("HELO").packMapHeader(4);
      p.packString("more").packArrayHeader(1).packMapHeader(0);
      p.packString("keepalive").packBoolean(false);
      p.packString("auth").packBinaryHeader(4).writePayload(RAW);
      p.packString("nonce").packRawStringHeader(4).writePayload(RAW);
      Helo helo = helo(p.toByteArray());
      assertThat(helo.nonce()).isEqualTo(RAW);
      assertThat(helo.auth()).isEqualTo(RAW);
      assertThat(helo.keepalive()).isFalse();
    }
  }

  @Test
  void theServerBelievesThePing() {
    Helo helo = new Helo(RAW, Handshake.random(), true);
    byte[] bytes = ClientHandshake.ping(helo, Handshake.random(), ANNA);
    Ping ping = Ping.read(bytes, 0, bytes.length);
    assertThat(ping).isNotNull();
    assertThat(ping.hostname()).asString(UTF_8).isEqualTo("agent");
    assertThat(ping.knows(RAW, "key")).isTrue();
    assertThat(ping.knows(RAW, "other")).isFalse();
    assertThat(ping.isFrom(helo.auth(), "anna", "pass")).isTrue();
    assertThat(ping.isFrom(helo.auth(), "anna", "word")).isFalse();
  }

  @Test
  void noUserIsToldToAServerThatAsksForNone() {
    byte[] bytes = ClientHandshake.ping(new Helo(RAW, new byte[0], true), Handshake.random(), ANNA);
    Ping ping = Ping.read(bytes, 0, bytes.length);
    assertThat(ping).isNotNull();
    assertThat(ping.user()).isEmpty();
    assertThat(ping.password()).isEmpty();
  }

  @Test
  void thePongShowsThatTheServerKnowsTheKey() {
    byte[] salt = Handshake.random();
    byte[] bytes = ClientHandshake.ping(new Helo(RAW, new byte[0], true), salt, ANNA);
    Ping ping = Ping.read(bytes, 0, bytes.length);
    byte[] welcome = Handshake.welcome(ping, RAW, "server", "key");
    Pong pong = Pong.read(welcome, 0, welcome.length);
    assertThat(pong.ok()).isTrue();
    assertThat(pong.knows(salt, RAW, "key")).isTrue();
    assertThat(pong.knows(salt, RAW, "other")).isFalse();
    byte[] refusal = Handshake.refusal("username/password mismatch");
    Pong no = Pong.read(refusal, 0, refusal.length);
    assertThat(no.ok()).isFalse();
    assertThat(no.reason()).isEqualTo("username/password mismatch");
  }

  @Test
  void whatIsNeither() throws IOException {
    byte[] ack = Acks.ack(new byte[] {(byte) 0xA1, 'x'});
    assertThat(helo(ack)).isNull();
    assertThat(Pong.read(ack, 0, ack.length)).isNull();
    byte[] helo = Handshake.helo(RAW, RAW);
    assertThat(Pong.read(helo, 0, helo.length)).isNull();
    for (int cut = 0; cut < helo.length; cut++) {
      Helo.read(helo, 0, cut); // whatever it is, it is no exception
    }
    try (MessageBufferPacker p = MessagePack.newDefaultBufferPacker()) {
      p.packArrayHeader(2).packString("HELO").packMapHeader(0);
      assertThat(helo(p.toByteArray())).as("a HELO without a nonce").isNull();
    }
  }
}
