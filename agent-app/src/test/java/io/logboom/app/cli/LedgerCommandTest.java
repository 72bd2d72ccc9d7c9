package io.logboom.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.net.server.Answer;
import io.logboom.net.server.HttpServer;
import io.logboom.net.server.Routes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LedgerCommandTest {
  private static final String BOOKS =
      """
      {"adds_up":%s,"differences":%s,
       "outputs":{
        "es.0":{"routed":1200,"recovered":0,"replayed":0,"delivered":1000,"discarded":0,"again":0,
          "dead_lettered":{"rejected":3,"retries_exhausted":0},
          "lost":{"rejected":0,"drop_oldest":97},"spooled":60,"in_flight":40,"earlier":7},
        "out":{"routed":1200,"recovered":0,"replayed":0,"delivered":1200,"discarded":0,"again":0,
          "dead_lettered":{},"lost":{},"spooled":0,"in_flight":0,"earlier":0}},
       "sources":[
        {"source":"shop/web/nginx","read":1250,"filtered":50,"unrouted":0,"routed":1200,"again":0,"waiting":0,
         "lag_bytes":17,"outputs":{
           "es.0":{"routed":1200,"delivered":1000,"dead_lettered":{"rejected":3},
             "lost":{"drop_oldest":97},"spooled":60,"in_flight":40},
           "out":{"routed":1200,"delivered":1200}}},
        {"source":"/var/log/a.log","read":5,"filtered":0,"unrouted":0,"again":0,"waiting":5,
         "lag_bytes":0,"outputs":{}}]}
      """;

  /** As after a restart with a spool, and with an output that was removed and is back. */
  private static final String RESTARTED =
      """
      {"adds_up":true,"differences":[],
       "outputs":{
        "es.0":{"routed":90,"recovered":40,"replayed":2,"delivered":100,"discarded":4,"again":6,
          "dead_lettered":{"rejected":3,"retries_exhausted":1},
          "lost":{"rejected":0,"damaged":5},"left":8,"spooled":2,"in_flight":3,"earlier":11},
        "out":{"routed":60,"recovered":0,"replayed":0,"delivered":60,"discarded":0,"again":0,
          "dead_lettered":{},"lost":{},"left":0,"spooled":0,"in_flight":0,"earlier":0}},
       "sources":[
        {"source":"a","read":120,"added":7,"filtered":20,"unrouted":5,"routed":91,"again":10,
         "waiting":1,"lag_bytes":17,"outputs":{
           "es.0":{"routed":90,"recovered":35,"replayed":2,"delivered":100,"discarded":4,"again":6,
             "dead_lettered":{"rejected":3,"retries_exhausted":1},
             "lost":{"damaged":2},"left":8,"spooled":2,"in_flight":1},
           "out":{"routed":60,"delivered":60}}},
        {"source":"(unknown)","read":0,"routed":0,"waiting":0,"outputs":{
           "es.0":{"recovered":5,"lost":{"damaged":3},"spooled":-1,"in_flight":3}}}]}
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private volatile String answer = books("true", "[]");
  private HttpServer server;

  private static String books(String addsUp, String differences) {
    return BOOKS.replaceFirst("%s", addsUp).replaceFirst("%s", differences);
  }

  @BeforeEach
  void listen() throws IOException {
    Routes routes = new Routes().any("/api/v1/ledger", _ -> Answer.json(200, answer));
    server =
        HttpServer.start(
            new InetSocketAddress("127.0.0.1", 0), HttpServer.Settings.of("test"), routes);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private int run(String... more) {
    return runAt("http://127.0.0.1:" + server.address().getPort(), more);
  }

  private int runAt(String url, String... more) {
    out.reset();
    err.reset();
    Console console =
        new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    List<String> words = new ArrayList<>(List.of("ledger", "--url", url));
    words.addAll(List.of(more));
    return new Program(console, Environment.standard()).run(words);
  }

  private String out() {
    return out.toString(UTF_8);
  }

  @Test
  void printsALineForEachSourceAndSaysThatItAddsUp() {
    assertThat(run()).as(() -> err.toString(UTF_8)).isZero();
    assertThat(out())
        .isEqualTo(
            """
            SOURCE          READ  COPIED  FILTERED  DELIVERED  DEAD-LETTERED  LOST  SPOOLED  IN-FLIGHT  LAG-BYTES
            shop/web/nginx  1250    1200        50       2200              3    97       60         40         17
            /var/log/a.log     5       0         0          0              0     0        0          5          0
            all             1255    1200        50       2200              3    97       60         45         17

            es.0: dead-lettered, rejected: 3
            es.0: lost, drop_oldest: 97

            It adds up: every record is accounted for.
            """);
  }

  @Test
  void printsALineForEachOutput() {
    assertThat(run("--by", "output")).isZero();
    assertThat(out())
        .startsWith(
            """
            OUTPUT  ROUTED  DELIVERED  DEAD-LETTERED  LOST  SPOOLED  IN-FLIGHT  EARLIER
            es.0      1200       1000              3    97       60         40        7
            out       1200       1200              0     0        0          0        0
            all       2400       2200              3    97       60         40        7
            """);
  }

  @Test
  void theNumbersOfEachPrintedRowAddUp() {
    answer = RESTARTED;
    assertThat(run()).isZero();
    assertRowsAddUp(4, Set.of("READ", "ADDED", "COPIED", "RECOVERED", "REPLAYED"));
    assertThat(run("--by", "output")).isZero();
    assertRowsAddUp(4, Set.of("ROUTED", "RECOVERED", "REPLAYED"));
    answer = books("true", "[]");
    assertThat(run()).isZero();
    assertRowsAddUp(4, Set.of("READ", "ADDED", "COPIED", "RECOVERED", "REPLAYED"));
    assertThat(run("--by", "output")).isZero();
    assertRowsAddUp(4, Set.of("ROUTED", "RECOVERED", "REPLAYED"));
  }

  /** Of the first lines, the first of which has the columns' names. */
  private void assertRowsAddUp(int lines, Set<String> in) {
    List<String[]> rows = out().lines().limit(lines).map(line -> line.split(" +")).toList();
    String[] head = rows.getFirst();
    for (String[] row : rows.subList(1, rows.size())) {
      long left = 0;
      for (int i = 1; i < head.length; i++) {
        boolean outside = head[i].equals("LAG-BYTES") || head[i].equals("EARLIER");
        long number = outside ? 0 : Long.parseLong(row[i]);
        left += in.contains(head[i]) ? number : -number;
      }
      assertThat(left).as("%s in\n%s", row[0], out()).isZero();
    }
  }

  @Test
  void saysWhatDoesNotAddUp() {
    answer = books("false", "[\"es.0: 2 record(s) are in flight and in no account\"]");
    assertThat(run()).isEqualTo(1);
    assertThat(out())
        .endsWith(
            """
            It does not add up:
              es.0: 2 record(s) are in flight and in no account
            """);
  }

  @Test
  void printsTheAnswerAsItIs() {
    assertThat(run("--json")).isZero();
    assertThat(out()).isEqualTo(answer + "\n");
  }

  @Test
  void saysWhereNoAgentAnswers() {
    server.close();
    assertThat(run()).isEqualTo(1);
    assertThat(err.toString(UTF_8)).startsWith("logboom: no agent answers at http://127.0.0.1:");
    assertThat(runAt("nonsense")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("no agent answers at nonsense/api/v1/ledger: ");
    assertThat(run("--by", "tag")).isEqualTo(2);
  }

  @Test
  void saysWhereTheAnswerIsNoLedger() {
    answer = "[1, 2]";
    assertThat(run()).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("cannot be read: it is no JSON object");
    answer = "{\"adds_up\":";
    assertThat(run()).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("cannot be read: ");
  }
}
