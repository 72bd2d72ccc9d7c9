package io.logboom.input.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.plugin.StartException;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.msgpack.core.MessagePack;
import org.msgpack.value.ArrayValue;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/** Keys, users, TLS, unix sockets. */
final class SecurityTest {
  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void nothingLeaks() throws Exception {
    if (receiving != null) {
      receiving.close();
      assertThat(receiving.context.testBatches().used()).isZero();
    }
  }

  private static String digest(byte[]... parts) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-512");
    for (byte[] part : parts) {
      sha.update(part);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Shakes hands; gives the PONG. */
  private static ArrayValue greet(Sender sender, String key, String user, String password)
      throws Exception {
    ArrayValue helo = sender.answer().asArrayValue();
    assertThat(helo.get(0).asStringValue().asString()).isEqualTo("HELO");
    Map<Value, Value> options = helo.get(1).asMapValue().map();
    byte[] nonce = options.get(ValueFactory.newString("nonce")).asRawValue().asByteArray();
    byte[] auth = options.get(ValueFactory.newString("auth")).asRawValue().asByteArray();
    byte[] salt = {(byte) 0xFF, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
    String digest = digest(salt, utf8("client.host"), nonce, utf8(key));
    String proof = digest(auth, utf8(user), utf8(password));
    sender.send(
        Frames.packed(
            p -> {
              p.packArrayHeader(6).packString("PING").packString("client.host");
              p.packRawStringHeader(salt.length).writePayload(salt);
              p.packString(digest).packString(user).packString(proof);
            }));
    ArrayValue pong = sender.answer().asArrayValue();
    assertThat(pong.get(0).asStringValue().asString()).isEqualTo("PONG");
    if (pong.get(1).asBooleanValue().getBoolean()) {
      assertThat(pong.get(4).asStringValue().asString())
          .isEqualTo(digest(salt, utf8(pong.get(3).asStringValue().asString()), nonce, utf8(key)));
    }
    return pong;
  }

  private static boolean isWelcome(ArrayValue pong) {
    return pong.get(1).asBooleanValue().getBoolean();
  }

  private static void delivers(Sender sender) throws IOException {
    sender.send(Frames.packedForward("t", 0, 3, "c"));
    assertThat(sender.ack()).isEqualTo("c");
  }

  @Test
  void whoKnowsTheSharedKeyMaySend() throws Exception {
    receiving = Receiving.settling(state, "shared_key", "secret", "self_hostname", "here");
    try (Sender sender = receiving.connect()) {
      ArrayValue pong = greet(sender, "secret", "", "");
      assertThat(isWelcome(pong)).isTrue();
      assertThat(pong.get(3).asStringValue().asString()).isEqualTo("here");
      delivers(sender);
    }
    try (Sender sender = receiving.connect()) {
      ArrayValue pong = greet(sender, "guess", "", "");
      assertThat(isWelcome(pong)).isFalse();
      assertThat(pong.get(2).asStringValue().asString()).isEqualTo("shared_key mismatch");
      assertThat(sender.isClosed()).isTrue();
    }
    assertThat(receiving.closed(Fault.HANDSHAKE)).isEqualTo(1);
    assertThat(receiving.intake.count()).isEqualTo(3);
  }

  @Test
  void whoSendsRecordsBeforeTheHandshakeIsCutOff() throws Exception {
    receiving = Receiving.settling(state, "shared_key", "secret");
    for (byte[] frame :
        new byte[][] {
          Frames.message("t", 1, null), {(byte) 0xC1}, Frames.forward("t", 1, 100_000, null)
        }) {
      try (Sender sender = receiving.connect()) {
        sender.answer();
        assertThat(sender.trySend(frame).isClosed()).isTrue();
      }
    }
    assertThat(receiving.closed(Fault.HANDSHAKE)).isEqualTo(3);
    assertThat(receiving.intake.count()).isZero();
  }

  @Test
  void whoIsSilentInTheHandshakeIsCutOff() throws Exception {
    receiving = Receiving.settling(state, "shared_key", "secret", "net.accept_timeout", "1s");
    try (Sender sender = receiving.connect()) {
      sender.answer();
      assertThat(sender.isClosed()).isTrue();
    }
    assertThat(receiving.closed(Fault.HANDSHAKE_TIMEOUT)).isEqualTo(1);
  }

  @Test
  void whoDrawsTheHandshakeOutIsCutOff() throws Exception {
    AtomicLong clock = new AtomicLong(1);
    TestContext context = new TestContext(state).flush(Duration.ofMillis(1));
    receiving =
        new Receiving(
            context,
            new TestIntake(context, true),
            clock::get,
            "shared_key",
            "secret",
            "net.accept_timeout",
            "1s");
    byte[] ping = Frames.packed(p -> p.packArrayHeader(6).packString("PING"));
    try (Sender sender = receiving.connect()) {
      sender.answer();
      for (int i = 0; i < 4; i++) {
        sender.send(new byte[] {ping[i]});
        int sent = i + 1;
        Receiving.await(() -> context.meters().count(ForwardMeter.RECEIVED_BYTES) == sent);
        clock.addAndGet(Duration.ofMillis(400).toNanos());
      }
      assertThat(sender.isClosed()).isTrue();
    }
    assertThat(receiving.closed(Fault.HANDSHAKE_TIMEOUT)).isEqualTo(1);
  }

  @Test
  void usersMustBeKnownWithTheirPassword() throws Exception {
    receiving =
        Receiving.settling(
            state,
            "empty_shared_key",
            "on",
            "security.users",
            "anna 12345",
            "security.users",
            "bert with blanks");
    for (String[] user : new String[][] {{"anna", "12345"}, {"bert", "with blanks"}}) {
      try (Sender sender = receiving.connect()) {
        assertThat(isWelcome(greet(sender, "", user[0], user[1]))).isTrue();
        delivers(sender);
      }
    }
    for (String[] user : new String[][] {{"anna", "guess"}, {"carl", "12345"}, {"", ""}}) {
      try (Sender sender = receiving.connect()) {
        ArrayValue pong = greet(sender, "", user[0], user[1]);
        assertThat(pong.get(2).asStringValue().asString()).isEqualTo("username/password mismatch");
        assertThat(sender.isClosed()).isTrue();
      }
    }
  }

  private Sender overTls(SSLContext context) throws IOException {
    return new Sender(
        context
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), receiving.input.address().getPort()));
  }

  @Test
  void tlsAndMutualTls() throws Exception {
    TestCertificates certificates =
        TestCertificates.in(state.resolve("pki"))
            .issue("server", "dns:localhost,ip:127.0.0.1")
            .issue("client", "dns:client");
    SSLContext known = certificates.server("client");
    SSLContext stranger =
        TestCertificates.in(state.resolve("other")).issue("client", "dns:client").server("client");
    String crt = certificates.certificate("server").toString();
    String key = certificates.key("server").toString();
    receiving = Receiving.settling(state, "tls", "on", "tls.crt_file", crt, "tls.key_file", key);
    try (Sender sender = overTls(known)) {
      delivers(sender);
      sender.send(Frames.payload("t", Frames.gzip(Frames.entries(3, 50_000)), "large"));
      assertThat(sender.ack()).isEqualTo("large");
      sender.send(Frames.packedForward("t", 50_003, 50_000, "larger"));
      assertThat(sender.ack()).isEqualTo("larger");
    }
    assertThatThrownBy(
            () -> {
              try (Sender sender = overTls(stranger)) {
                delivers(sender);
              }
            })
        .isInstanceOf(IOException.class);
    Receiving.await(() -> receiving.closed(Fault.TLS) + receiving.closed(Fault.RESET) == 1);
    try (Sender plain = receiving.connect()) {
      plain.send(Frames.message("t", 1, "c"));
      Receiving.await(() -> receiving.closed(Fault.TLS) + receiving.closed(Fault.RESET) == 2);
    }
    receiving.close();

    receiving =
        Receiving.settling(
            state,
            "tls",
            "on",
            "tls.crt_file",
            crt,
            "tls.key_file",
            key,
            "tls.verify_client_cert",
            "on",
            "tls.ca_file",
            certificates.authority().toString());
    try (Sender sender = overTls(known)) {
      delivers(sender);
    }
    SSLContext nameless = SSLContext.getInstance("TLS");
    nameless.init(null, trusting(certificates), null);
    assertThatThrownBy(
            () -> {
              try (Sender sender = overTls(nameless)) {
                delivers(sender);
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(receiving.intake.count()).isEqualTo(3);
  }

  private static javax.net.ssl.TrustManager[] trusting(TestCertificates certificates)
      throws Exception {
    java.security.KeyStore store = java.security.KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(certificates.authority())) {
      store.setCertificateEntry(
          "ca", java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var factory =
        javax.net.ssl.TrustManagerFactory.getInstance(
            javax.net.ssl.TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  @Test
  void aUnixSocket() throws Exception {
    Path socket = state.resolve("forward.sock");
    for (int round = 0; round < 2; round++) {
      receiving = Receiving.settling(state, "unix_path", socket.toString(), "unix_perm", "0620");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw--w----");
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(socket));
        channel.write(java.nio.ByteBuffer.wrap(Frames.packedForward("t", 0, 3, "c")));
        Value ack = MessagePack.newDefaultUnpacker(Channels.newInputStream(channel)).unpackValue();
        assertThat(ack.toJson()).isEqualTo("{\"ack\":\"c\"}");
      }
      receiving.close();
      assertThat(socket).doesNotExist();
    }
  }

  @Test
  void aFileInThePlaceOfTheSocketIsLeftAlone() throws Exception {
    Path file = Files.writeString(state.resolve("precious"), "text");
    assertThatThrownBy(() -> Receiving.settling(state, "unix_path", file.toString()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("precious")
        .hasMessageContaining("no socket");
    assertThat(file).hasContent("text");
  }

  @Test
  void aPortInUseIsAStartErrorThatNamesIt() throws Exception {
    receiving = Receiving.settling(state);
    String port = Integer.toString(receiving.input.address().getPort());
    assertThatThrownBy(() -> Receiving.settling(state, "port", port))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1:" + port);
  }
}
