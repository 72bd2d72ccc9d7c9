package io.logboom.net.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HttpServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Routes routes =
      new Routes()
          .any("/any", r -> Answer.text(200, "text/plain", r.method() + " " + r.query()))
          .get("/get", _ -> Answer.json(200, "{}"))
          .on(Set.of("POST", "PUT"), "/get", r -> Answer.text(200, "", new String(r.body(), UTF_8)))
          .get(
              "/broken",
              _ -> {
                throw new IllegalStateException("broken");
              });
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private HttpServer start(HttpServer.Settings settings) throws IOException {
    HttpServer server = HttpServer.start(ANY_PORT, settings, routes);
    open.add(server);
    return server;
  }

  private Socket connect(HttpServer server) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
    open.add(socket);
    return socket;
  }

  /** Sends {@code request} and reads until the server closes. */
  private String exchange(HttpServer server, String request) throws IOException {
    Socket socket = connect(server);
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static String request(String method, String target, String body) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void answersByExactPathAndMethod() throws IOException {
    HttpServer server = start(HttpServer.Settings.of("Product"));

    assertThat(exchange(server, request("DELETE", "/any?a=b", "")))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("server: Product")
        .endsWith("\r\n\r\nDELETE a=b");
    assertThat(exchange(server, request("GET", "/get", "")))
        .containsIgnoringCase("content-type: application/json")
        .endsWith("{}");
    assertThat(exchange(server, request("POST", "/get", "hello"))).endsWith("\r\n\r\nhello");
    assertThat(exchange(server, request("GET", "/any/", "")))
        .startsWith("HTTP/1.1 404 ")
        .endsWith("\r\n\r\n");
    assertThat(exchange(server, request("DELETE", "/get", "")))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("allow: GET, POST, PUT");
  }

  @Test
  void answersHeadWithTheHeadersOfGet() throws IOException {
    HttpServer server = start(HttpServer.Settings.of(""));
    assertThat(exchange(server, request("HEAD", "/get", "")))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("content-length: 2")
        .endsWith("\r\n\r\n");
  }

  @Test
  void answersSeveralRequestsOnOneConnection() throws IOException {
    HttpServer server = start(HttpServer.Settings.of(""));
    String keep = "GET /get HTTP/1.1\r\nHost: x\r\n\r\n";
    String all = exchange(server, keep + keep + request("GET", "/get", ""));
    assertThat(all.split("HTTP/1.1 200 ", -1)).hasSize(4);
  }

  @Test
  void aHandlerThatFailsIsA500AndTheServerLives() throws IOException {
    HttpServer server = start(HttpServer.Settings.of(""));
    assertThat(exchange(server, request("GET", "/broken", ""))).startsWith("HTTP/1.1 500 ");
    assertThat(exchange(server, request("GET", "/get", ""))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void refusesABodyAboveTheBound() throws IOException {
    HttpServer server = start(new HttpServer.Settings(10, 8, Duration.ofSeconds(30), ""));
    assertThat(exchange(server, request("POST", "/get", "0123456789"))).startsWith("HTTP/1.1 200 ");
    assertThat(exchange(server, request("POST", "/get", "0123456789a")))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void garbageIsRefusedAndTheConnectionClosed() throws IOException {
    HttpServer server = start(HttpServer.Settings.of(""));
    assertThat(exchange(server, "\u0016\u0003\u0001 no HTTP at all\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void closesAnIdleConnection() throws IOException {
    HttpServer server = start(new HttpServer.Settings(10, 8, Duration.ofMillis(50), ""));
    assertThat(connect(server).getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void theOldestConnectionMakesRoomForTheNewest() throws IOException {
    HttpServer server = start(new HttpServer.Settings(10, 2, Duration.ofSeconds(30), ""));
    Socket oldest = connect(server);
    connect(server);
    assertThat(exchange(server, request("GET", "/get", ""))).startsWith("HTTP/1.1 200 ");
    assertThat(oldest.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void saysWhereItCannotListen() throws IOException {
    HttpServer server = start(HttpServer.Settings.of(""));
    assertThatThrownBy(
            () -> HttpServer.start(server.address(), HttpServer.Settings.of(""), routes).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(":" + server.address().getPort())
        .hasMessageContaining("cannot listen");
  }

  @Test
  void saysThatItsAddressHasNoHost() {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("host.invalid", 0);
    assertThatThrownBy(() -> HttpServer.start(nowhere, HttpServer.Settings.of(""), routes).close())
        .isInstanceOf(IOException.class)
        .hasMessage("cannot listen on host.invalid:0: no such host");
  }

  @Test
  void closingEndsItsThread() throws Exception {
    HttpServer server = start(HttpServer.Settings.of(""));
    exchange(server, request("GET", "/get", ""));
    server.close();
    server.close();
    assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().startsWith("monitor") && t.isAlive());
  }
}
