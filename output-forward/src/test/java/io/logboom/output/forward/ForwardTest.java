package io.logboom.output.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.output.forward.FakeServer.Entry;
import io.logboom.output.forward.FakeServer.Frame;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestBatches;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForwardTest {
  @TempDir Path directory;

  private static void isRetry(Outcome outcome, String... why) {
    assertThat(outcome)
        .isInstanceOfSatisfying(Outcome.Retry.class, r -> assertThat(r.why()).contains(why));
  }

  @Test
  void recordsArriveWithTagTimeAndValues() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port())) {
      Records records = client.records().text("a \"line\"").json("{\"n\":1,\"list\":[1.5,null]}");
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(server.entries())
          .containsExactly(
              new Entry(
                  "kube.app", Records.SECONDS, Records.FRACTION, "{\"log\":\"a \\\"line\\\"\"}"),
              new Entry(
                  "kube.app", Records.SECONDS, Records.FRACTION, "{\"n\":1,\"list\":[1.5,null]}"));
      Frame frame = server.frames().getFirst();
      assertThat(frame.option()).containsOnlyKeys("chunk", "size").containsEntry("size", "2");
      assertThat(frame.chunk()).hasSize(24);
      assertThat(client.count(ForwardMeter.FRAMES)).isEqualTo(1);
      assertThat(client.count(ForwardMeter.ACKED)).isEqualTo(1);
      assertThat(client.count(ForwardMeter.SENT))
          .isEqualTo(client.count(ForwardMeter.ENCODED))
          .isGreaterThan(frame.bytes());
    }
  }

  @Test
  void eachTagHasItsFramesWithItsRecordsInOrder() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port())) {
      Records first = client.records();
      Records second = client.records();
      for (int i = 0; i < 30; i++) {
        first.tag("t" + i % 3).numbered(i, 1);
        second.tag("t" + i % 5).numbered(30 + i, 1);
      }
      second.numbered(99, 1).drop();
      assertThat(client.send(first, second)).isEqualTo(Outcome.DELIVERED);
      assertThat(server.frames())
          .extracting(Frame::tag)
          .containsExactly("t0", "t1", "t2", "t3", "t4");
      assertThat(server.frames().get(1).entries())
          .extracting(Entry::json)
          .containsExactlyElementsOf(
              IntStream.concat(
                      IntStream.range(0, 30).filter(i -> i % 3 == 1),
                      IntStream.range(0, 30).filter(i -> i % 5 == 1).map(i -> i + 30))
                  .mapToObj(i -> "{\"n\":" + i + "}")
                  .toList());
      assertThat(server.entries()).hasSize(60);
    }
  }

  @Test
  void framesAreBoundedAndSeveralAreUnderWay() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "max_frame_size", "10k")) {
      Records records = client.records();
      for (int i = 0; i < 500; i++) {
        records.text("x".repeat(90) + i);
      }
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(server.frames()).hasSizeBetween(5, 8).allMatch(f -> f.bytes() <= 10_000);
      assertThat(server.entries()).hasSize(500);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(client.context.meters().value(ForwardMeter.WAITING)).isZero();
    }
  }

  @Test
  void onlyWhatIsNotAcknowledgedIsSentAgain() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client =
            new Client(server.port(), "max_frame_size", "10k", "ack_response_timeout", "1s")) {
      server.conduct(
          (frame, line) -> {
            if (server.frames().size() != 2) {
              line.ack(frame.chunk());
            }
          });
      Records records = client.records();
      for (int i = 0; i < 200; i++) {
        records.text("x".repeat(100));
      }
      Outcome outcome = client.send(records);
      int first = server.frames().get(0).entries().size();
      int second = server.frames().get(1).entries().size();
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Mixed.class,
              mixed -> {
                assertThat(mixed.retry()).isEqualTo(Client.bits(first, first + second));
                assertThat(mixed.rejected()).isEmpty();
                assertThat(mixed.why()).contains("127.0.0.1:" + server.port(), "1 s");
              });
      assertThat(client.failures("timeout")).isEqualTo(1);
    }
  }

  @Test
  void anAcknowledgementOfSomethingElseIsNone() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port())) {
      server.conduct((frame, line) -> line.ack("something else"));
      isRetry(client.send(client.records().text("a")), "acknowledged 'something else'");
      assertThat(client.failures("wrong_ack")).isEqualTo(1);
      server.conduct((frame, line) -> line.send(new byte[] {(byte) 0xC1}));
      isRetry(client.send(client.records().text("a")), "no message of the Forward protocol");
      assertThat(client.failures("protocol")).isEqualTo(1);
    }
  }

  @Test
  void acknowledgementsMayComeInPiecesAndInAnyOrder() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "max_frame_size", "4k")) {
      server.conduct(
          (frame, line) -> {
            if (server.frames().size() == 3) {
              for (Frame each : server.frames().reversed()) {
                for (byte b :
                    FakeServer.packed(
                        p ->
                            p.packMapHeader(2)
                                .packString("more")
                                .packArrayHeader(0)
                                .packString("ack")
                                .packString(each.chunk()))) {
                  line.send(new byte[] {b});
                }
              }
            }
          });
      Records records = client.records();
      for (int i = 0; i < 100; i++) {
        records.text("x".repeat(80));
      }
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(server.frames()).hasSize(3);
    }
  }

  @Test
  void whereNobodyListensItSaysSoAndNextTimeWorks() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (Client client = new Client(port)) {
      Records records = client.records().text("a");
      isRetry(client.send(records), "127.0.0.1:" + port, "cannot be reached");
      assertThat(client.failures("connect")).isEqualTo(1);
      try (FakeServer server = FakeServer.at(port)) {
        assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
        assertThat(server.entries()).hasSize(1);
      }
    }
  }

  @Test
  void aConnectionIsKeptAndOneThatTheServerClosedIsReplacedUnseen() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port())) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.send(client.records().numbered(i, 1))).isEqualTo(Outcome.DELIVERED);
      }
      assertThat(server.connections()).isEqualTo(1);
      server.hangUp();
      assertThat(client.send(client.records().numbered(5, 1))).isEqualTo(Outcome.DELIVERED);
      assertThat(server.connections()).isEqualTo(2);
      AtomicBoolean once = new AtomicBoolean();
      server.conduct(
          (frame, line) -> {
            if (once.compareAndSet(false, true)) {
              line.close();
            } else {
              line.ack(frame.chunk());
            }
          });
      assertThat(client.send(client.records().numbered(6, 1))).isEqualTo(Outcome.DELIVERED);
      assertThat(server.connections()).isEqualTo(3);
      assertThat(Set.copyOf(server.records())).hasSize(7);
      assertThat(client.failures("closed")).isZero();
    }
  }

  @Test
  void aNewConnectionThatEndsWithoutAcknowledgementIsAFailure() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port())) {
      server.conduct((frame, line) -> line.close());
      isRetry(client.send(client.records().text("a")), "closed the connection");
      assertThat(client.failures("closed")).isEqualTo(1);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void connectionsAreReplacedAfterSoManyUsesAndWhenIdle() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "net.keepalive_max_recycle", "2")) {
      for (int i = 0; i < 4; i++) {
        client.send(client.records().text("a"));
      }
      assertThat(server.connections()).isEqualTo(2);
    }
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "net.keepalive", "off")) {
      client.send(client.records().text("a"));
      client.send(client.records().text("a"));
      assertThat(server.connections()).isEqualTo(2);
    }
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "net.keepalive_idle_timeout", "1s")) {
      client.send(client.records().text("a"));
      assertThat(client.output.client().idleConnections()).isEqualTo(1);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> client.output.client().idleConnections() == 0);
    }
  }

  @Test
  void withoutAcknowledgementsWhatTheKernelTookIsDelivered() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "require_ack_response", "off")) {
      server.conduct((frame, line) -> {});
      assertThat(client.send(client.records().numbered(0, 100))).isEqualTo(Outcome.DELIVERED);
      Awaitility.await().until(() -> server.entries().size() == 100);
      assertThat(server.frames().getFirst().option()).containsOnlyKeys("size");
    }
  }

  @Test
  void gzipIsToldAndReadByOthers() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client =
            new Client(server.port(), "compress", "gzip", "add_option", "who  me too")) {
      Records records = client.records();
      for (int i = 0; i < 2000; i++) {
        records.text("a line like the others " + i);
      }
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(server.entries()).hasSize(2000);
      assertThat(server.frames().getFirst().option())
          .containsEntry("compressed", "gzip")
          .containsEntry("who", "me too")
          .containsEntry("size", "2000");
      assertThat(server.frames().getFirst().bytes()).isLessThan(30_000);
    }
  }

  @Test
  void timesAreWholeSecondsWhereAskedFor() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "time_as_integer", "on")) {
      client.send(client.records().text("a"));
      assertThat(server.entries())
          .containsExactly(new Entry("kube.app", Records.SECONDS, -1, "{\"log\":\"a\"}"));
    }
  }

  @Test
  void aTimeThatAnEventTimeCannotHoldIsTheNearestAndCounted() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port())) {
      client.send(
          client.records().bytes(new byte[] {'a'}, -1).bytes(new byte[] {'b'}, Long.MAX_VALUE));
      assertThat(server.entries()).extracting(Entry::seconds).containsExactly(0L, 0xFFFF_FFFDL);
      assertThat(client.count(ForwardMeter.TIMES_MOVED)).isEqualTo(2);
    }
  }

  @Test
  void aTagMayBeMadeOfTheRecord() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "tag", "x.$TAG[1].$level")) {
      Records records =
          client
              .records()
              .json("{\"level\":\"info\"}")
              .json("{\"level\":\"warn\"}")
              .json("{\"level\":\"info\"}")
              .json("{\"other\":1}");
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(server.frames())
          .extracting(Frame::tag)
          .containsExactly("x.app.info", "x.app.warn", "kube.app");
      assertThat(server.frames().getFirst().entries()).hasSize(2);
    }
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "tag", "node.$TAG")) {
      client.send(client.records().text("a").tag("b").text("b"));
      assertThat(server.frames()).extracting(Frame::tag).containsExactly("node.kube.app", "node.b");
    }
  }

  @Test
  void aRecordThatIsTooLargeIsRejectedAndItsNeighboursArrive() throws Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port(), "max_frame_size", "20k")) {
      Records records =
          client
              .records()
              .text("before")
              .text("x".repeat(20_000))
              .json("{\"a\":\"" + "y".repeat(30_000) + "\"}")
              .text("z".repeat(19_800))
              .text("behind");
      assertThat(client.send(records))
          .isInstanceOfSatisfying(
              Outcome.Mixed.class,
              mixed -> {
                assertThat(mixed.retry().isEmpty()).isTrue();
                assertThat(mixed.rejected())
                    .extracting(Outcome.Rejection::record)
                    .containsExactly(1, 2);
                assertThat(mixed.rejected().getFirst().why()).contains("max_frame_size");
              });
      assertThat(server.entries()).hasSize(3);
    }
  }

  @Test
  void aLargeRecordTakesMemoryOfTheBudgetAndGivesItBack() throws Exception {
    TestBatches memory;
    long before;
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port())) {
      memory = client.context.testBatches();
      Records records =
          client.records().json("{\"a\":\"" + "y\\n".repeat(1_000_000) + "y\"}").text("b");
      before = memory.used();
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(server.entries().getFirst().json()).hasSizeGreaterThan(2_000_000);
    }
    assertThat(memory.used()).isEqualTo(before);
  }

  @Test
  void overAUnixSocket() throws Exception {
    Path path = directory.resolve("s");
    try (FakeServer server = FakeServer.unix(path);
        Client client =
            new Client(
                new io.logboom.testkit.TestContext(directory), "unix_path", path.toString())) {
      assertThat(client.send(client.records().numbered(0, 1000))).isEqualTo(Outcome.DELIVERED);
      assertThat(server.entries()).hasSize(1000);
    }
    try (Client client =
        new Client(
            new io.logboom.testkit.TestContext(directory),
            "unix_path",
            directory.resolve("none").toString())) {
      isRetry(client.send(client.records().text("a")), "none cannot be reached");
    }
  }

  @Test
  void anInterruptEndsASendAndItsConnection() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port())) {
      server.conduct((frame, line) -> arrived.countDown());
      AtomicBoolean interrupted = new AtomicBoolean();
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      client.send(client.records().text("a"));
                    } catch (InterruptedException e) {
                      interrupted.set(true);
                    }
                  });
      assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
      sender.interrupt();
      sender.join();
      assertThat(interrupted).isTrue();
      assertThat(client.output.client().idleConnections()).isZero();
      server.conduct((frame, line) -> line.ack(frame.chunk()));
      assertThat(client.send(client.records().text("b"))).isEqualTo(Outcome.DELIVERED);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aServerThatTakesNothingIsGivenUp() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Client client =
            new Client(deaf.getLocalPort(), "net.io_timeout", "1s", "max_frame_size", "10M")) {
      Records records = client.records();
      for (int i = 0; i < 8; i++) {
        records.text("x".repeat(4_000_000));
      }
      isRetry(client.send(records), "took nothing for 1 s");
      assertThat(client.failures("timeout")).isEqualTo(1);
    }
  }

  @Test
  void nothingIsSentOfABatchWithoutRecords() throws IOException, Exception {
    try (FakeServer server = FakeServer.start();
        Client client = new Client(server.port())) {
      assertThat(client.send(client.records().text("a").drop())).isEqualTo(Outcome.DELIVERED);
      assertThat(server.connections()).isZero();
      assertThat(List.copyOf(server.frames())).isEmpty();
    }
  }
}
