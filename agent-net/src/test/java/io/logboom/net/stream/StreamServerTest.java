package io.logboom.net.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.net.tls.TlsOptions;
import io.logboom.net.tls.TlsServerOptions;
import io.logboom.testkit.TestMeters;
import io.logboom.testkit.http.TestCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of connections whose other end does not do its part. */
final class StreamServerTest {
  private static final byte[] MUCH = new byte[32 << 20];

  @TempDir Path directory;
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private final BlockingQueue<Link> links = new LinkedBlockingQueue<>();
  private final AtomicLong received = new AtomicLong();

  private StreamServer server(TlsServerOptions tls, Duration handshake, Consumer<Link> accepted)
      throws Exception {
    StreamServer server =
        StreamServer.listen(
            new StreamServer.Settings(
                new StreamAddress.Tcp(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false),
                16,
                1,
                "stream",
                tls,
                handshake,
                new TestMeters()));
    server.start(
        _ ->
            link -> {
              accepted.accept(link);
              return new Receiver() {
                @Override
                public void opened() {
                  links.add(link);
                }

                @Override
                public void received(Arrived bytes) {
                  received.addAndGet(bytes.size());
                  links.forEach(each -> each.reading(false));
                }

                @Override
                public void closed(Throwable why) {
                  ends.add(why == null ? "" : String.valueOf(why.getMessage()));
                }
              };
            });
    return server;
  }

  private TestCertificates certificates() throws Exception {
    return TestCertificates.in(directory).issue("server", "dns:localhost,ip:127.0.0.1");
  }

  private static TlsServerOptions tls(TestCertificates certificates) {
    return new TlsServerOptions(
        true,
        certificates.certificate("server"),
        certificates.key("server"),
        null,
        false,
        null,
        null,
        TlsOptions.Protocol.DEFAULT,
        new TlsServerOptions.Compatible(true, false, null));
  }

  private static Socket connect(StreamServer server) throws Exception {
    return new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
  }

  private static SSLSocket connect(StreamServer server, SSLContext context) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.address().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private Link opened() throws InterruptedException {
    Link link = links.poll(20, TimeUnit.SECONDS);
    assertThat(link).isNotNull();
    return link;
  }

  private String end() throws InterruptedException {
    String end = ends.poll(20, TimeUnit.SECONDS);
    assertThat(end).as("a connection that ends").isNotNull();
    return end;
  }

  /** Writes more than the other end's buffers take. */
  private static void fill(Link link) {
    link.loop()
        .execute(
            () -> {
              link.write(MUCH);
              link.flush();
            });
  }

  @Test
  void closingDoesNotWaitForWhoDoesNotRead() throws Exception {
    try (StreamServer server = server(TlsServerOptions.off(), Duration.ofSeconds(10), _ -> {});
        Socket stuck = connect(server)) {
      Link link = opened();
      fill(link);
      link.loop().execute(link::close);
      assertThat(end()).isEmpty();
      assertThat(stuck.isClosed()).isFalse();
    }
  }

  /** All of them are found ready at once, and the first that is read stops all. */
  @Test
  void whoIsToldToStopReadingTakesNextToNothingMore() throws Exception {
    int connections = 20;
    List<Socket> senders = new ArrayList<>();
    try (StreamServer server = server(TlsServerOptions.off(), Duration.ofSeconds(10), _ -> {})) {
      for (int i = 0; i < connections; i++) {
        senders.add(connect(server));
      }
      await().until(() -> links.size() == connections);
      CountDownLatch sent = new CountDownLatch(1);
      CountDownLatch looked = new CountDownLatch(1);
      Loop loop = links.element().loop();
      loop.execute(() -> awaitQuietly(sent));
      for (Socket each : senders) {
        each.getOutputStream().write(new byte[StreamServer.READ_BYTES]);
      }
      sent.countDown();
      await().until(() -> received.get() > 0);
      loop.execute(looked::countDown);
      assertThat(looked.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(received.get()).isLessThan(3L * StreamServer.READ_BYTES);
    } finally {
      for (Socket each : senders) {
        each.close();
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theServerClosesAllAtOnceThoughNoneOfThemReads() throws Exception {
    TestCertificates certificates = certificates();
    SSLContext context = certificates.server("server");
    List<Socket> stuck = new ArrayList<>();
    StreamServer server = server(tls(certificates), Duration.ofSeconds(10), _ -> {});
    try {
      for (int i = 0; i < 10; i++) {
        SSLSocket socket = connect(server, context);
        stuck.add(socket);
        socket.startHandshake();
        fill(opened());
      }
      long before = System.nanoTime();
      server.close();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(7));
    } finally {
      server.close();
      for (Socket each : stuck) {
        each.close();
      }
    }
  }

  @Test
  void tlsIsAgreedOnThoughNothingIsRead() throws Exception {
    TestCertificates certificates = certificates();
    try (StreamServer server =
            server(tls(certificates), Duration.ofSeconds(2), link -> link.reading(false));
        SSLSocket socket = connect(server, certificates.server("server"))) {
      socket.startHandshake();
      opened();
      assertThat(ends).isEmpty();
    }
  }

  @Test
  void whoDoesNotSpeakTlsIsToldInWordsThatRepeatNothingOfIt() throws Exception {
    try (StreamServer server = server(tls(certificates()), Duration.ofSeconds(10), _ -> {})) {
      try (Socket plain = connect(server)) {
        plain.getOutputStream().write("my secret record".getBytes(StandardCharsets.UTF_8));
        assertThat(end()).isEqualTo("what it sends is not TLS");
      }
      connect(server).close();
      assertThat(end()).as("who only looks whether somebody listens").isEmpty();
    }
    await().until(ends::isEmpty);
  }
}
