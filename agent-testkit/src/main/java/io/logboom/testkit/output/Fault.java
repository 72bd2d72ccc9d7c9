package io.logboom.testkit.output;

import io.logboom.testkit.http.DeafServer;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * A way in which a backend that speaks HTTP fails, and what an output has to make of it: the
 * records are still there ({@code Retry}), and the reason says what happened.
 */
enum Fault {
  REFUSES_CONNECTIONS("cannot be reached: .*refused", Size.SMALL, _ -> () -> {}),
  IGNORES_CONNECTIONS("cannot be reached: .*time", Size.SMALL, DeafServer::on),
  CLOSES_CONNECTIONS_AT_ONCE("closed|broke", Size.SMALL, bare((_, line) -> line.close())),
  RESETS_IN_MID_REQUEST(
      "closed|broke",
      Size.LARGE,
      bare(
          (in, line) -> {
            in.readNBytes(100_000);
            line.reset();
          })),
  CLOSES_INSTEAD_OF_AN_ANSWER("closed|broke", Size.SMALL, script(Line::close)),
  RESETS_INSTEAD_OF_AN_ANSWER("closed|broke", Size.SMALL, script(Line::reset)),
  CLOSES_IN_MID_HEAD(
      "closed|broke",
      Size.SMALL,
      script(
          line -> {
            line.raw(ascii("HTTP/1.1 200 OK\r\nContent-Le"));
            line.close();
          })),
  CLOSES_IN_MID_ANSWER(
      "closed the connection in mid-response",
      Size.SMALL,
      script(
          line -> {
            line.head(200, "Content-Length: 1000");
            line.raw(ascii("{\"took\":30,"));
            line.close();
          })),
  RESETS_IN_MID_ANSWER(
      "closed|broke",
      Size.SMALL,
      script(
          line -> {
            line.head(200, "Content-Length: 1000");
            line.raw(ascii("{\"took\":30,"));
            line.reset();
          })),
  NEVER_ANSWERS("silent for 2000 ms", Size.SMALL, script(Line::silence)),
  NEVER_READS("silent for 2000 ms", Size.LARGE, bare((_, line) -> line.silence())),
  READS_ONE_BYTE_AT_A_TIME(
      "silent for 2000 ms",
      Size.LARGE,
      bare(
          (InputStream in, Line line) -> {
            while (in.read() >= 0) {
              line.pause(Duration.ofMillis(20));
            }
          })),
  ANSWERS_ONE_BYTE_OF_THE_HEAD_AT_A_TIME(
      "silent for 2000 ms",
      Size.SMALL,
      script(line -> line.trickle(ascii("HTTP/1.1 200 OK\r\n".repeat(20)), ofMillis(50)))),
  ANSWERS_ONE_BYTE_OF_THE_BODY_AT_A_TIME(
      "not done after 5000 ms",
      Size.SMALL,
      script(
          line -> {
            line.head(200, "Content-Length: 1000");
            line.trickle(ascii("{" + " ".repeat(999)), ofMillis(50));
          })),
  FALLS_SILENT_IN_MID_ANSWER(
      "silent for 2000 ms",
      Size.SMALL,
      script(
          line -> {
            line.head(200, "Content-Length: 1000");
            line.raw(ascii("{\"took\":30,"));
            line.silence();
          })),
  SAYS_WAIT_IN_SECONDS(
      "answered 429: slow down", Size.SMALL, answer(429, "slow down", "Retry-After: 7"), 7),
  SAYS_WAIT_UNTIL_A_DATE(
      "answered 429: slow down",
      Size.SMALL,
      script(
          line ->
              line.answer(
                  429,
                  "slow down",
                  "Date: Sun, 22 Nov 2026 08:00:00 GMT",
                  "Retry-After: Sun, 22 Nov 2026 08:00:09 GMT")),
      9),
  SAYS_WAIT_UNTIL_A_DATE_AND_NOT_WHAT_TIME_IT_IS(
      "answered 503",
      Size.SMALL,
      script(line -> line.answer(503, "", "Retry-After: " + inAnHour())),
      3590),
  IS_UNAVAILABLE("answered 503: overloaded", Size.SMALL, answer(503, "overloaded")),
  FAILS("answered 500: oops", Size.SMALL, answer(500, "oops")),
  HAS_A_PROXY_WITHOUT_A_BACKEND(
      "answered 502: <html>.*Bad Gateway", Size.SMALL, answer(502, "<html>\n\nBad Gateway</html>")),
  DOES_NOT_KNOW_WHO_SENDS("answered 401: who", Size.SMALL, answer(401, "who?")),
  FORBIDS_IT("answered 403: no", Size.SMALL, answer(403, "no")),
  IS_NOT_THERE("answered 404: nothing here", Size.SMALL, answer(404, "nothing here")),
  SENDS_ELSEWHERE(
      "answered 302", Size.SMALL, answer(302, "", "Location: http://elsewhere.invalid/")),
  ANSWERS_WITH_A_PAGE(
      "answered 200 .*<html>Log in", Size.SMALL, answer(200, "<html>Log in</html>")),
  ANSWERS_WITH_NOTHING("answered 200", Size.SMALL, answer(200, "")),
  ANSWERS_WITH_HALF_OF_IT("answered 200", Size.SMALL, answer(200, "{\"errors\":true,\"items\":[{")),
  ANSWERS_WITHOUT_END(
      "answered 200",
      Size.SMALL,
      script(
          line -> {
            line.head(200, "Connection: close");
            line.raw(ascii("{\"errors\":true,\"x\":\""));
            byte[] more = ascii("x".repeat(65536));
            while (true) {
              line.raw(more);
            }
          })),
  FAILS_WITHOUT_END(
      "answered 500: xxx",
      Size.SMALL,
      script(
          line -> {
            line.head(500, "Connection: close");
            byte[] more = ascii("x".repeat(65536));
            while (true) {
              line.raw(more);
            }
          })),
  HAS_A_HEAD_WITHOUT_END(
      "not an HTTP response|closed",
      Size.SMALL,
      script(
          line -> {
            line.raw(ascii("HTTP/1.1 200 OK\r\n"));
            while (true) {
              line.raw(ascii("X-More: " + "x".repeat(1000) + "\r\n"));
            }
          })),
  SPEAKS_ANOTHER_PROTOCOL(
      "not an HTTP response", Size.SMALL, script(line -> line.raw(ascii("SSH-2.0-x\r\n\r\n")))),
  ;

  /** Makes the fault on a port, until it is closed. */
  interface Stage {
    AutoCloseable open(int port) throws Exception;
  }

  /** What is sent: a small request, or one with more than the kernel takes in. */
  enum Size {
    SMALL,
    LARGE
  }

  private interface Play {
    void play(Line line) throws IOException, InterruptedException;
  }

  private final String words;
  private final Size size;

  // A stage keeps nothing: what it opens belongs to who asked.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Stage stage;

  private final int leastWait;

  Fault(String words, Size size, Stage stage) {
    this(words, size, stage, 0);
  }

  Fault(String words, Size size, Stage stage, int leastWait) {
    this.words = words;
    this.size = size;
    this.stage = stage;
    this.leastWait = leastWait;
  }

  /** An expression for the reason. */
  String words() {
    return words;
  }

  Size size() {
    return size;
  }

  Stage stage() {
    return stage;
  }

  /** How many seconds the backend asks to wait, roughly. */
  int leastWait() {
    return leastWait;
  }

  private static Stage script(Play play) {
    return port -> ScriptedServer.on(port, (_, line) -> play.play(line), null, false);
  }

  private static Stage bare(ScriptedServer.Bare play) {
    return port -> {
      ScriptedServer server = ScriptedServer.on(port, (_, _) -> {}, null, false);
      server.bare(play);
      return server;
    };
  }

  private static Stage answer(int status, String body, String... headers) {
    return script(line -> line.answer(status, body, headers));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Duration ofMillis(long millis) {
    return Duration.ofMillis(millis);
  }

  private static String inAnHour() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
  }
}
