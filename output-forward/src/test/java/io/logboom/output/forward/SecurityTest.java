package io.logboom.output.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.net.forward.Handshake;
import io.logboom.output.forward.FakeServer.Greeting;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.TestCertificates;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ArrayValue;

class SecurityTest {
  private static final byte[] NONCE = {0, (byte) 0xFF, 1, (byte) 0xC1, 'n', 'o', 'n', 'c', 'e'};
  private static final byte[] AUTH = {9, (byte) 0x80, 'a'};

  @TempDir Path directory;

  /**
   * A server with a shared key, and a user where there is one; raw bytes in texts, as Fluent Bit.
   */
  private static Greeting secure(String key, String user, String password, String shown) {
    return line -> {
      line.send(
          FakeServer.packed(
              p -> {
                p.packArrayHeader(2).packString("HELO").packMapHeader(2);
                p.packString("nonce").packRawStringHeader(NONCE.length).writePayload(NONCE);
                byte[] auth = user.isEmpty() ? new byte[0] : AUTH;
                p.packString("auth").packRawStringHeader(auth.length).writePayload(auth);
              }));
      ArrayValue ping = line.unpacker.unpackValue().asArrayValue();
      byte[] host = ping.get(1).asRawValue().asByteArray();
      byte[] salt = ping.get(2).asRawValue().asByteArray();
      boolean right =
          ping.get(3)
              .asStringValue()
              .asString()
              .equals(Handshake.digest(salt, host, NONCE, key.getBytes(UTF_8)));
      boolean known =
          user.isEmpty()
              ? ping.get(4).asStringValue().asString().isEmpty()
              : ping.get(4).asStringValue().asString().equals(user)
                  && ping.get(5)
                      .asStringValue()
                      .asString()
                      .equals(
                          Handshake.digest(AUTH, user.getBytes(UTF_8), password.getBytes(UTF_8)));
      if (!right || !known) {
        line.send(Handshake.refusal(right ? "username/password mismatch" : "shared_key mismatch"));
        line.close();
        return;
      }
      String digest =
          Handshake.digest(salt, "server".getBytes(UTF_8), NONCE, shown.getBytes(UTF_8));
      line.send(
          FakeServer.packed(
              p ->
                  p.packArrayHeader(5)
                      .packString("PONG")
                      .packBoolean(true)
                      .packString("")
                      .packString("server")
                      .packString(digest)));
    };
  }

  private static void refused(Client client, String why) throws Exception {
    assertThat(client.send(client.records().text("a")))
        .isInstanceOfSatisfying(Outcome.Retry.class, r -> assertThat(r.why()).contains(why));
    assertThat(client.failures("handshake")).isEqualTo(1);
  }

  @Test
  void bothEndsKnowTheKey() throws Exception {
    try (FakeServer server = FakeServer.start().greeting(secure("key", "", "", "key"));
        Client client = new Client(server.port(), "shared_key", "key", "self_hostname", "me")) {
      assertThat(client.send(client.records().numbered(0, 100))).isEqualTo(Outcome.DELIVERED);
      assertThat(client.send(client.records().numbered(0, 100))).isEqualTo(Outcome.DELIVERED);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.entries()).hasSize(200);
    }
  }

  @Test
  void aUserWithAnEmptyKey() throws Exception {
    try (FakeServer server = FakeServer.start().greeting(secure("", "anna", "pass", ""));
        Client client =
            new Client(
                server.port(), "empty_shared_key", "on", "username", "anna", "password", "pass")) {
      assertThat(client.send(client.records().text("a"))).isEqualTo(Outcome.DELIVERED);
    }
  }

  @Test
  void aRefusalSaysWhy() throws Exception {
    try (FakeServer server = FakeServer.start().greeting(secure("key", "anna", "pass", "key"));
        Client client =
            new Client(
                server.port(), "shared_key", "key", "username", "anna", "password", "wrong")) {
      refused(client, "refuses the handshake: username/password mismatch");
      assertThat(server.entries()).isEmpty();
    }
  }

  @Test
  void aServerThatClosesWithoutAWordIsSuspectedToHaveAnotherKey() throws Exception {
    try (FakeServer server =
            FakeServer.start()
                .greeting(
                    line -> {
                      line.send(Handshake.helo(NONCE, new byte[0]));
                      line.unpacker.unpackValue();
                      line.close();
                    });
        Client client = new Client(server.port(), "shared_key", "key")) {
      refused(client, "is the shared_key right?");
    }
  }

  @Test
  void aServerThatDoesNotKnowTheKeyGetsNothing() throws Exception {
    try (FakeServer server = FakeServer.start().greeting(secure("key", "", "", "another"));
        Client client = new Client(server.port(), "shared_key", "key")) {
      refused(client, "does not know the shared key");
      assertThat(server.entries()).isEmpty();
    }
  }

  @Test
  void aServerWithoutAKeySendsNoHelo() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client =
            new Client(server.port(), "shared_key", "key", "net.connect_timeout", "1s")) {
      refused(client, "sent no HELO: has it a shared_key?");
    }
  }

  @Test
  void aServerThatAsksForAHandshakeThatIsNotConfigured() throws Exception {
    try (FakeServer server = FakeServer.start().greeting(secure("key", "", "", "key"));
        Client client = new Client(server.port())) {
      refused(client, "asks for a handshake: give its key with shared_key");
    }
  }

  @Test
  void secretsAreNotInMessages() throws Exception {
    try (FakeServer server = FakeServer.start().greeting(secure("other", "", "", "other"));
        Client client = new Client(server.port(), "shared_key", "very secret")) {
      assertThat(client.send(client.records().text("a")).toString()).doesNotContain("very secret");
    }
  }

  @Test
  void overTlsToTheRightServerOnly() throws Exception {
    TestCertificates certificates =
        TestCertificates.in(directory).issue("server", "ip:127.0.0.1,dns:localhost");
    try (SSLServerSocket socket =
        (SSLServerSocket)
            certificates.server("server").getServerSocketFactory().createServerSocket(0)) {
      Thread.ofVirtual().start(() -> acknowledgeAll(socket));
      String[] options = {
        "port", Integer.toString(socket.getLocalPort()),
        "tls", "on",
        "tls.ca_file", certificates.authority().toString()
      };
      try (Client client = new Client(new TestContext(directory), options)) {
        assertThat(client.send(client.records().numbered(0, 2000))).isEqualTo(Outcome.DELIVERED);
        assertThat(client.send(client.records().numbered(0, 2000))).isEqualTo(Outcome.DELIVERED);
      }
      try (Client client =
          new Client(new TestContext(directory), options[0], options[1], "tls", "on")) {
        assertThat(client.send(client.records().text("a")))
            .isInstanceOfSatisfying(
                Outcome.Retry.class, r -> assertThat(r.why()).contains("cannot be reached: TLS: "));
        assertThat(client.failures("tls")).isEqualTo(1);
      }
    }
  }

  @Test
  void aServerWithoutTlsIsTold() throws Exception {
    try (FakeServer server = FakeServer.start().greeting(secure("key", "", "", "key"));
        Client client = new Client(server.port(), "tls", "on")) {
      assertThat(client.send(client.records().text("a")))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              r -> assertThat(r.why()).endsWith("TLS: what answers there does not speak it"));
    }
  }

  private static void acknowledgeAll(SSLServerSocket socket) {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept();
          InputStream in = connection.getInputStream();
          OutputStream out = connection.getOutputStream();
          MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(in)) {
        while (unpacker.hasNext()) {
          ArrayValue frame = unpacker.unpackValue().asArrayValue();
          String chunk =
              frame.get(2).asMapValue().map().entrySet().stream()
                  .filter(e -> e.getKey().toString().equals("chunk"))
                  .map(e -> e.getValue().asStringValue().asString())
                  .findFirst()
                  .orElseThrow();
          out.write(FakeServer.packed(p -> p.packMapHeader(1).packString("ack").packString(chunk)));
          out.flush();
        }
      } catch (Exception e) {
        // A connection that a test has fail.
      }
    }
  }
}
