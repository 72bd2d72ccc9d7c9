package io.logboom.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.logboom.api.plugin.StartException;
import io.logboom.net.EventLoops;
import io.logboom.net.HostPort;
import io.logboom.net.NetMeter;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.net.tls.ProxyTlsOptions;
import io.logboom.net.tls.TlsOptions;
import io.logboom.testkit.TestMeters;
import io.logboom.testkit.http.ScriptedServer;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpClientTest {
  private static final NetOptions OPTIONS =
      NetOptions.defaults()
          .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(30));

  private final List<AutoCloseable> open = new ArrayList<>();
  private final TestMeters meters = new TestMeters();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  /** Whoever waits is interrupted just when the answer comes. */
  @Test
  void givesBackWhatComesForARequestThatWasGivenUp() throws Exception {
    AtomicReference<Thread> waiting = new AtomicReference<>();
    byte[] begun =
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc".getBytes(StandardCharsets.UTF_8);
    ScriptedServer server =
        server(
            (_, line) -> {
              line.raw(begun);
              waiting.get().interrupt();
              line.silence();
            });
    HttpClient client = client(OPTIONS, server);
    for (int i = 0; i < 300; i++) {
      Thread thread =
          Thread.ofVirtual()
              .unstarted(
                  () -> {
                    try (HttpResponse response = client.send(HttpRequest.get("/x"))) {
                      response.body().readAllBytes();
                    } catch (IOException | InterruptedException e) {
                      // As it is meant.
                    }
                  });
      waiting.set(thread);
      thread.start();
      thread.join();
    }
    PooledByteBufAllocator allocator = (PooledByteBufAllocator) EventLoops.allocator();
    Awaitility.await().until(() -> allocator.pinnedDirectMemory() == 0);
  }

  @Test
  void keepsAConnectionForTheNextRequest() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "yes"));
    HttpClient client = client(OPTIONS, server);
    for (int i = 0; i < 5; i++) {
      assertThat(get(client, "/x")).isEqualTo("200 yes");
    }
    assertThat(server.connections()).isEqualTo(1);
    assertThat(meters.count(NetMeter.CONNECTS)).isEqualTo(1);
    assertThat(meters.value(NetMeter.CONNECTIONS_OPEN)).isEqualTo(1);
  }

  @Test
  void sendsABodyOfManySegmentsWhole() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "ok"));
    HttpClient client = client(OPTIONS, server);
    SegmentPool pool = new SegmentPool(64 * 1024, 64);
    byte[] random = new byte[3_000_001];
    new Random(7).nextBytes(random);
    Segments body = segments(pool, random);
    assertThat(body.count()).isGreaterThan(40);
    for (int i = 0; i < 3; i++) {
      try (HttpResponse response = client.send(HttpRequest.post("/in", body))) {
        assertThat(response.status()).isEqualTo(200);
      }
    }
    assertThat(server.received())
        .hasSize(3)
        .allSatisfy(r -> assertThat(r.body()).isEqualTo(random))
        .allSatisfy(r -> assertThat(r.headers()).containsEntry("content-length", "3000001"));
    assertThat(server.complaints()).isEmpty();
  }

  @Test
  void sendsABodyThatIsReadAsItIsSentAndAgainForEachTry() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "ok"));
    HttpClient client = client(OPTIONS, server);
    byte[] random = new byte[1_000_001];
    new Random(7).nextBytes(random);
    Segments body =
        Segments.reading(
            random.length, (into, count, at) -> System.arraycopy(random, (int) at, into, 0, count));
    for (int i = 0; i < 2; i++) {
      try (HttpResponse response = client.send(HttpRequest.post("/in", body))) {
        assertThat(response.status()).isEqualTo(200);
      }
    }
    assertThat(server.received())
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.body()).isEqualTo(random));
  }

  @Test
  void hasTheKernelSendAStretchOfAFile(@TempDir Path directory) throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "ok"));
    HttpClient client = client(OPTIONS, server);
    byte[] random = new byte[3_000_001];
    new Random(7).nextBytes(random);
    Path path = Files.write(directory.resolve("file"), random);
    try (FileChannel file = FileChannel.open(path)) {
      for (int length : new int[] {2_900_000, 1, 0, 256 * 1024, 512 * 1024}) {
        Segments body = Segments.reading(file, 100_000, length, HttpClientTest::notRead);
        try (HttpResponse response = client.send(HttpRequest.post("/in", body))) {
          assertThat(response.status()).isEqualTo(200);
        }
        assertThat(server.received().getLast().body())
            .isEqualTo(Arrays.copyOfRange(random, 100_000, 100_000 + length));
      }
      assertThat(server.connections()).isEqualTo(1);
      assertThat(meters.count(NetMeter.SENT)).isGreaterThan(2_900_001 + 768 * 1024);
      Segments tooLong = Segments.reading(file, 2_000_000, 2_000_000, HttpClientTest::notRead);
      assertThatThrownBy(() -> client.send(HttpRequest.post("/in", tooLong)))
          .isInstanceOf(HttpFailure.class)
          .hasMessageContaining("the file is shorter than it was");
    }
    assertThat(server.complaints()).isEmpty();
  }

  private static void notRead(byte[] into, int count, long at) {
    throw new AssertionError("it comes into memory");
  }

  @Test
  void failsWhereTheBodyCannotBeRead() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "ok"));
    HttpClient client = client(OPTIONS, server);
    Segments body =
        Segments.reading(
            1_000_001,
            (_, _, at) -> {
              if (at > 600_000) {
                throw new IOException("the disk is gone");
              }
            });
    assertThatThrownBy(() -> client.send(HttpRequest.post("/in", body)))
        .isInstanceOf(HttpFailure.class)
        .hasMessageContaining("the disk is gone");
  }

  @Test
  void keepsDirectMemorySmallHoweverSlowThePeerReads() throws Exception {
    // The server takes the request's head and then nothing for a while.
    CountDownLatch release = new CountDownLatch(1);
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Long> taken = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try (var socket = listening.accept()) {
                  release.await();
                  long sum = 0;
                  byte[] buffer = new byte[65536];
                  while (sum < 32_000_000) {
                    sum += Math.max(0, socket.getInputStream().read(buffer));
                  }
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 204 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                  taken.complete(sum);
                } catch (IOException | InterruptedException e) {
                  taken.completeExceptionally(e);
                }
              });
      HttpClient client = client(OPTIONS, listening.getLocalPort());
      Segments body = segments(new SegmentPool(64 * 1024, 1), new byte[32_000_000]);
      CompletableFuture<Integer> status = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try (HttpResponse response = client.send(HttpRequest.post("/", body))) {
                  status.complete(response.status());
                } catch (IOException | InterruptedException e) {
                  status.completeExceptionally(e);
                }
              });
      PooledByteBufAllocator buffers = (PooledByteBufAllocator) EventLoops.allocator();
      Awaitility.await().until(() -> buffers.pinnedDirectMemory() > 0);
      assertThat(buffers.metric().usedDirectMemory()).isLessThanOrEqualTo(2 << 20);
      release.countDown();
      assertThat(status.get()).isEqualTo(204);
      assertThat(buffers.metric().usedDirectMemory()).isLessThanOrEqualTo(2 << 20);
    }
  }

  @Test
  void readsAnAnswerOf12MiBInPieces() throws Exception {
    String large = "0123456789abcdef".repeat(12 * 65536);
    ScriptedServer server = server((_, line) -> line.answer(200, large));
    HttpClient client = client(OPTIONS, server);
    try (HttpResponse response = client.send(HttpRequest.get("/"))) {
      byte[] piece = new byte[4096];
      long sum = 0;
      for (int n = response.body().read(piece); n >= 0; n = response.body().read(piece)) {
        sum += n;
      }
      assertThat(sum).isEqualTo(12 << 20);
    }
    PooledByteBufAllocator buffers = (PooledByteBufAllocator) EventLoops.allocator();
    assertThat(buffers.metric().usedDirectMemory()).isLessThanOrEqualTo(2 << 20);
    assertThat(get(client, "/again")).startsWith("200 0123");
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void readsChunkedAnswersAndThoseThatEndWithTheConnection() throws Exception {
    ScriptedServer server =
        server(
            (request, line) -> {
              if (request.path().equals("/chunked")) {
                line.chunked(200, "abcdefghij".repeat(1000), 333);
              } else {
                line.head(200, "Connection: close");
                line.raw("to the end".getBytes(StandardCharsets.UTF_8));
                line.close();
              }
            });
    HttpClient client = client(OPTIONS, server);
    assertThat(get(client, "/chunked")).isEqualTo("200 " + "abcdefghij".repeat(1000));
    assertThat(get(client, "/close")).isEqualTo("200 to the end");
    assertThat(get(client, "/chunked")).startsWith("200 abc");
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void passesOverInterimAnswers() throws Exception {
    ScriptedServer server =
        server(
            (_, line) -> {
              line.head(103, "Link: </a>");
              line.answer(200, "final");
            });
    HttpClient client = client(OPTIONS, server);
    assertThat(get(client, "/")).isEqualTo("200 final");
    assertThat(get(client, "/")).isEqualTo("200 final");
  }

  @Test
  void replacesAConnectionThatThePeerClosedWithoutAVisibleFailure() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "yes"));
    HttpClient client = client(OPTIONS, server);
    for (int i = 0; i < 20; i++) {
      assertThat(get(client, "/")).isEqualTo("200 yes");
      server.dropConnections();
    }
    // A request may have been taken by a connection at its very end; then it came twice.
    assertThat(server.received()).hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void replacesAKeptConnectionThatIsClosedInsteadOfAnAnswerOnce() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "yes"));
    HttpClient client = client(OPTIONS, server);
    assertThat(get(client, "/first")).isEqualTo("200 yes");
    AtomicInteger refused = new AtomicInteger();
    server.script(
        (request, line) -> {
          if (request.connection() == 0) {
            refused.incrementAndGet();
            line.close();
          } else {
            line.answer(200, "second connection");
          }
        });
    assertThat(get(client, "/second")).isEqualTo("200 second connection");
    assertThat(refused).hasValue(1);
    assertThat(meters.count(NetMeter.STALE_CONNECTIONS)).isEqualTo(1);
  }

  @Test
  void reportsAFreshConnectionThatIsClosedInsteadOfAnAnswer() throws Exception {
    ScriptedServer server = server((_, line) -> line.close());
    HttpClient client = client(OPTIONS, server);
    assertThatThrownBy(() -> get(client, "/"))
        .isInstanceOfSatisfying(
            HttpFailure.class, e -> assertThat(e.kind()).isEqualTo(HttpFailure.Kind.BROKEN))
        .hasMessageContaining("127.0.0.1:" + server.port())
        .hasMessageContaining("before answering");
    assertThat(server.received()).hasSize(1);
  }

  @Test
  void reportsAnAnswerThatIsCutShort() throws Exception {
    ScriptedServer server =
        server(
            (request, line) -> {
              line.head(200, "Content-Length: 100");
              line.raw(new byte[40]);
              if (request.path().equals("/reset")) {
                line.reset();
              } else {
                line.close();
              }
            });
    HttpClient client = client(OPTIONS, server);
    for (String path : List.of("/close", "/reset")) {
      try (HttpResponse response = client.send(HttpRequest.get(path))) {
        assertThat(response.status()).isEqualTo(200);
        assertThatThrownBy(() -> response.body().readAllBytes())
            .isInstanceOf(HttpFailure.class)
            .hasMessageContaining("in mid-response");
      }
    }
  }

  @Test
  void reportsWhatIsNoHttp() throws Exception {
    ScriptedServer server =
        server((_, line) -> line.raw("SSH-2.0-x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    HttpClient client = client(OPTIONS, server);
    assertThatThrownBy(() -> get(client, "/"))
        .isInstanceOf(HttpFailure.class)
        .hasMessageContaining("not an HTTP response");
  }

  @Test
  void givesUpOnAPeerThatIsSilent() throws Exception {
    ScriptedServer server =
        server(
            (request, line) -> {
              if (request.path().equals("/middle")) {
                line.head(200, "Content-Length: 100");
                line.raw(new byte[40]);
              }
              line.silence();
            });
    NetOptions impatient =
        OPTIONS.withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(150), Duration.ofSeconds(30));
    HttpClient client = client(impatient, server);
    assertThatThrownBy(() -> get(client, "/"))
        .isInstanceOfSatisfying(
            HttpFailure.class, e -> assertThat(e.kind()).isEqualTo(HttpFailure.Kind.SILENT));
    assertThat(meters.count(NetMeter.IO_TIMEOUTS)).isEqualTo(1);
    assertThatThrownBy(() -> get(client, "/middle")).hasMessageContaining("was silent for 150 ms");
    Awaitility.await().until(() -> meters.value(NetMeter.CONNECTIONS_OPEN) == 0);
  }

  @Test
  void endsAtOnceWhenTheThreadIsInterrupted() throws Exception {
    ScriptedServer server = server((_, line) -> line.silence());
    HttpClient client = client(OPTIONS, server);
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    end.complete(new AssertionError(get(client, "/")));
                  } catch (Throwable e) {
                    end.complete(e);
                  }
                });
    Awaitility.await().until(() -> server.received().size() == 1);
    thread.interrupt();
    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    Awaitility.await().until(() -> meters.value(NetMeter.CONNECTIONS_OPEN) == 0);
  }

  @Test
  void keepsTheConnectionOfAnAnswerThatNobodyReads() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "x".repeat(2_000_000)));
    HttpClient client = client(OPTIONS, server);
    for (int i = 0; i < 3; i++) {
      client.send(HttpRequest.get("/")).close();
      int served = i + 1;
      Awaitility.await().until(() -> server.received().size() == served && idle(client) == 1);
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void takesAnAnswerThatComesBeforeTheBodyWasSent() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var socket = listening.accept()) {
                  socket
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 413 Large\r\nContent-Length: 3\r\n\r\nbig"
                              .getBytes(StandardCharsets.US_ASCII));
                  done.await(); // takes nothing of the body
                } catch (IOException | InterruptedException e) {
                  // The test ends.
                }
              });
      HttpClient client = client(OPTIONS, listening.getLocalPort());
      Segments body = segments(new SegmentPool(64 * 1024, 1), new byte[64_000_000]);
      try (HttpResponse response = client.send(HttpRequest.post("/", body))) {
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.excerpt(100)).isEqualTo("big");
      }
      body.clear();
      Awaitility.await().until(() -> meters.value(NetMeter.CONNECTIONS_OPEN) == 0);
      done.countDown();
    }
  }

  /** As servers do that refuse a large body: what they did not read makes the close a reset. */
  @Test
  void readsAnAnswerThatAResetFollows() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "fine"));
    server.bare(
        (in, line) -> {
          in.readNBytes(10_000);
          line.answer(413, "too big");
          line.close();
        });
    HttpClient client = client(OPTIONS, server);
    Segments body = segments(new SegmentPool(64 * 1024, 1), new byte[16_000_000]);
    for (int i = 0; i < 20; i++) {
      try (HttpResponse response = client.send(HttpRequest.post("/", body))) {
        assertThat(response.status()).isEqualTo(413);
      }
    }
    body.clear();
    Awaitility.await().until(() -> meters.value(NetMeter.CONNECTIONS_OPEN) == 0);
  }

  @Test
  void givesUpOnAnAnswerThatNeverEnds() throws Exception {
    ScriptedServer server =
        server(
            (_, line) -> {
              line.head(200, "Content-Length: 100000");
              line.trickle(new byte[100000], Duration.ofMillis(5));
            });
    HttpClient client = client(OPTIONS.withRequestTimeout(Duration.ofMillis(300)), server);
    assertThatThrownBy(() -> get(client, "/"))
        .isInstanceOfSatisfying(
            HttpFailure.class, e -> assertThat(e.kind()).isEqualTo(HttpFailure.Kind.SILENT))
        .hasMessageContaining("was not done after 300 ms (net.request_timeout) in mid-response");
    assertThat(meters.count(NetMeter.IO_TIMEOUTS)).isEqualTo(1);
    Awaitility.await().until(() -> meters.value(NetMeter.CONNECTIONS_OPEN) == 0);
  }

  @Test
  void leavesNoOtherConnectionToAHostThatDoesNotAnswer() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    ScriptedServer server =
        server(
            (_, line) -> {
              both.countDown();
              both.await();
              line.answer(200, "yes");
            });
    HttpClient client =
        client(
            OPTIONS.withTimeouts(
                Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(30)),
            server);
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      answers.add(answer);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  answer.complete(get(client, "/"));
                } catch (IOException | InterruptedException e) {
                  answer.completeExceptionally(e);
                }
              });
    }
    for (CompletableFuture<String> answer : answers) {
      assertThat(answer.get()).isEqualTo("200 yes");
    }
    assertThat(client.idleConnections()).isEqualTo(2);
    server.script(
        (request, line) -> {
          if (request.connection() < 2) {
            line.silence();
          }
          line.answer(200, "fresh");
        });
    assertThatThrownBy(() -> get(client, "/")).hasMessageContaining("silent for 300 ms");
    assertThat(get(client, "/")).isEqualTo("200 fresh");
  }

  @Test
  void replacesAConnectionAfterTheMostRequestsItMayServe() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "yes"));
    NetOptions three =
        new NetOptions(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(50),
            null,
            true,
            Duration.ofSeconds(30),
            3,
            0,
            true,
            ProxyTlsOptions.DEFAULT,
            NetOptions.Probes.OFF,
            NetOptions.Dns.DEFAULT,
            new NetOptions.Compatible(true, null, null));
    HttpClient client = client(three, server);
    for (int i = 0; i < 9; i++) {
      assertThat(get(client, "/")).isEqualTo("200 yes");
    }
    assertThat(server.connections()).isEqualTo(3);
    assertThat(server.received().get(2).headers()).containsEntry("connection", "close");
  }

  @Test
  void closesConnectionsThatAreIdleTooLong() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "yes"));
    HttpClient client =
        client(
            OPTIONS.withTimeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(50)),
            server);
    assertThat(get(client, "/")).isEqualTo("200 yes");
    Awaitility.await().until(() -> server.open() == 0);
    assertThat(meters.value(NetMeter.CONNECTIONS_OPEN)).isZero();
    assertThat(get(client, "/")).isEqualTo("200 yes");
  }

  @Test
  void sharesRequestsOutAndGoesOnWithoutTheHostThatDied() throws Exception {
    ScriptedServer a = server((_, line) -> line.answer(200, "a"));
    ScriptedServer b = server((_, line) -> line.answer(200, "b"));
    ScriptedServer c = server((_, line) -> line.answer(200, "c"));
    HttpClient client = client(OPTIONS, a, b, c);
    for (int i = 0; i < 30; i++) {
      get(client, "/");
    }
    assertThat(a.received()).hasSize(10);
    assertThat(b.received()).hasSize(10);
    a.close();
    for (int i = 0; i < 100; i++) {
      assertThat(get(client, "/")).matches("200 [bc]");
    }
    assertThat(b.received().size() - 10).isCloseTo(50, within(5));
    assertThat(c.received().size() - 10).isCloseTo(50, within(5));
    assertThat(meters.count(NetMeter.CONNECT_FAILURES, "kind", "connect")).isPositive();
  }

  /** One address of a name, at a port that all of them have. */
  private ScriptedServer replica(int number, int port) throws IOException {
    ScriptedServer server =
        ScriptedServer.on(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + number), port),
            (_, line) -> line.answer(200, Integer.toString(number)));
    open.add(server);
    return server;
  }

  private static InetAddress[] addresses(String list) throws UnknownHostException {
    List<InetAddress> all = new ArrayList<>();
    for (String each : list.split(",", -1)) {
      all.add(InetAddress.ofLiteral(each));
    }
    return all.toArray(InetAddress[]::new);
  }

  @Test
  void sharesRequestsOutAmongTheAddressesOfANameAndGoesOnWithoutTheOneThatDied() throws Exception {
    ScriptedServer two = replica(2, 0);
    ScriptedServer three = replica(3, two.port());
    ScriptedServer four = replica(4, two.port());
    HttpClient client =
        client(
            List.of(new HostPort("search.example", two.port())),
            OPTIONS,
            _ -> addresses("127.0.0.2,127.0.0.3,127.0.0.4"));
    for (int i = 0; i < 31; i++) {
      get(client, "/");
    }
    assertThat(three.received().size()).isCloseTo(10, within(1));
    int fours = four.received().size();
    two.close();
    for (int i = 0; i < 100; i++) {
      assertThat(get(client, "/")).matches("200 [34]");
    }
    assertThat(four.received().size() - fours).isCloseTo(50, within(5));
    ScriptedServer again = replica(2, two.port());
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(get(client, "/")).matches("200 [234]");
              assertThat(again.received()).isNotEmpty();
            });
  }

  @Test
  void usesTheNewAddressesOfANameSoonAndTheOldOnesNoMore() throws Exception {
    ScriptedServer old = replica(2, 0);
    ScriptedServer fresh = replica(3, old.port());
    AtomicReference<String> list = new AtomicReference<>("127.0.0.2");
    NetOptions quick = refreshed(Duration.ofMillis(50));
    HttpClient client =
        client(
            List.of(new HostPort("search.example", old.port())),
            quick,
            host -> {
              if (list.get().isEmpty()) {
                throw new UnknownHostException(host);
              }
              return addresses(list.get());
            });
    assertThat(get(client, "/")).isEqualTo("200 2");
    list.set("");
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(get(client, "/")).isEqualTo("200 2");
              assertThat(meters.count(NetMeter.DNS_FAILURES)).isGreaterThan(2);
            });
    list.set("127.0.0.3");
    Awaitility.await().until(() -> get(client, "/").equals("200 3"));
    assertThat(get(client, "/")).isEqualTo("200 3");
    Awaitility.await().until(() -> old.open() == 0);
    assertThat(fresh.open()).isEqualTo(1);
  }

  /** The old address takes no connection and refuses none. */
  @Test
  void givesUpConnectingWhenTheNameHasAnotherAddress() throws Exception {
    ScriptedServer fresh = replica(3, 0);
    AtomicReference<String> list = new AtomicReference<>("127.0.0.2");
    try (ServerSocket full = new ServerSocket()) {
      full.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), fresh.port()), 1);
      List<SocketChannel> filling = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SocketChannel each = SocketChannel.open();
        filling.add(each);
        each.configureBlocking(false);
        each.connect(full.getLocalSocketAddress());
      }
      HttpClient client =
          client(
              List.of(new HostPort("search.example", fresh.port())),
              refreshed(Duration.ofMillis(100)),
              _ -> addresses(list.get()));
      CompletableFuture<String> answer = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  answer.complete(get(client, "/"));
                } catch (IOException | InterruptedException e) {
                  answer.completeExceptionally(e);
                }
              });
      list.set("127.0.0.3");
      assertThat(answer.get(4, TimeUnit.SECONDS)).isEqualTo("200 3");
      for (SocketChannel each : filling) {
        each.close();
      }
    }
  }

  private static NetOptions refreshed(Duration each) {
    return new NetOptions(
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(50),
        null,
        true,
        Duration.ofSeconds(30),
        0,
        0,
        true,
        ProxyTlsOptions.DEFAULT,
        new NetOptions.Probes(true, 20, 5, 3),
        new NetOptions.Dns(false, false, each),
        new NetOptions.Compatible(true, null, null));
  }

  @Test
  void saysThatTheSourceAddressIsNotOfThisMachine() throws Exception {
    NetOptions elsewhere =
        new NetOptions(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(50),
            "192.0.2.1",
            true,
            Duration.ofSeconds(30),
            0,
            0,
            true,
            ProxyTlsOptions.DEFAULT,
            NetOptions.Probes.OFF,
            NetOptions.Dns.DEFAULT,
            new NetOptions.Compatible(true, null, null));
    HttpClient client = client(elsewhere, 9);
    assertThatThrownBy(() -> get(client, "/"))
        .hasMessageContaining("net.source_address 192.0.2.1 is no address of this machine");
  }

  @Test
  void saysWhyNoHostCanBeReached() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }
    HttpClient client = client(OPTIONS, port);
    assertThatThrownBy(() -> get(client, "/"))
        .isInstanceOfSatisfying(
            HttpFailure.class, e -> assertThat(e.kind()).isEqualTo(HttpFailure.Kind.UNREACHED))
        .hasMessageContaining("127.0.0.1:" + port + " cannot be reached")
        .hasMessageContaining("refused");
  }

  @Test
  void findsTheHostAgainAfterItsNameCouldNotBeResolved() throws Exception {
    ScriptedServer server = server((_, line) -> line.answer(200, "yes"));
    AtomicBoolean broken = new AtomicBoolean(true);
    HttpClient client =
        client(
            List.of(new HostPort("search.example", server.port())),
            OPTIONS,
            host -> {
              if (broken.get()) {
                throw new UnknownHostException(host);
              }
              return new InetAddress[] {InetAddress.getLoopbackAddress()};
            });
    assertThatThrownBy(() -> get(client, "/")).hasMessageContaining("search.example");
    assertThat(meters.count(NetMeter.DNS_FAILURES)).isEqualTo(1);
    broken.set(false);
    assertThat(get(client, "/")).isEqualTo("200 yes");
    assertThat(server.received().getFirst().headers())
        .containsEntry("host", "search.example:" + server.port());
  }

  @Test
  void isNotHeldUpByALookupThatHangs() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    HttpClient client =
        client(
            List.of(new HostPort("hangs.example", 9)),
            OPTIONS.withTimeouts(
                Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofSeconds(5)),
            _ -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new InetAddress[0];
            });
    assertThatThrownBy(() -> get(client, "/")).hasMessageContaining("no answer within 100 ms");
    never.countDown();
  }

  @Test
  void servesManyThreadsAtOnce() throws Exception {
    ScriptedServer server =
        server((request, line) -> line.answer(200, request.path() + request.text().length()));
    HttpClient client = client(OPTIONS, server);
    SegmentPool pool = new SegmentPool(1024, 100);
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int thread = t;
      CompletableFuture<String> answer = new CompletableFuture<>();
      answers.add(answer);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  for (int i = 0; i < 50; i++) {
                    int length = thread * 5000 + i;
                    Segments body = segments(pool, new byte[length]);
                    try (HttpResponse response =
                        client.send(HttpRequest.post("/" + thread + "/", body))) {
                      assertThat(response.excerpt(100)).isEqualTo("/" + thread + "/" + length);
                    }
                    body.clear();
                  }
                  answer.complete("done");
                } catch (Throwable e) {
                  answer.completeExceptionally(e);
                }
              });
    }
    for (CompletableFuture<String> answer : answers) {
      assertThat(answer.get()).isEqualTo("done");
    }
    assertThat(server.received()).hasSize(400);
    assertThat(server.connections()).isLessThanOrEqualTo(8);
    assertThat(server.complaints()).isEmpty();
  }

  // ---- what the tests are made of

  private static int idle(HttpClient client) {
    return client.idleConnections();
  }

  private static String get(HttpClient client, String path)
      throws IOException, InterruptedException {
    try (HttpResponse response = client.send(HttpRequest.get(path))) {
      return response.status()
          + " "
          + new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Segments segments(SegmentPool pool, byte[] content) {
    Segments segments = new Segments(pool);
    segments.sink().put(content, 0, content.length);
    segments.seal();
    return segments;
  }

  private ScriptedServer server(ScriptedServer.Script script) throws IOException {
    ScriptedServer server = ScriptedServer.start(script);
    open.add(server);
    return server;
  }

  private HttpClient client(NetOptions options, ScriptedServer... servers) throws StartException {
    List<HostPort> hosts = new ArrayList<>();
    for (ScriptedServer server : servers) {
      hosts.add(new HostPort("127.0.0.1", server.port()));
    }
    return client(hosts, options, InetAddress::getAllByName);
  }

  private HttpClient client(NetOptions options, int port) throws StartException {
    return client(List.of(new HostPort("127.0.0.1", port)), options, InetAddress::getAllByName);
  }

  private HttpClient client(List<HostPort> hosts, NetOptions options, Resolver.Lookup lookup)
      throws StartException {
    HttpClient client =
        HttpClient.create(
            new HttpClient.Settings(
                hosts, options, TlsOptions.off(), List.of("User-Agent", "test"), meters, lookup));
    open.add(client);
    return client;
  }
}
