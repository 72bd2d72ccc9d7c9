package io.logboom.testkit.output;

import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** What goes wrong with a backend that speaks HTTP, beyond {@link Fault}. */
enum HttpFault implements Trouble {
  CLOSES_IN_MID_HEAD(
      "closed|broke",
      line -> {
        line.raw(ascii("HTTP/1.1 200 OK\r\nContent-Le"));
        line.close();
      }),
  ANSWERS_ONE_BYTE_OF_THE_HEAD_AT_A_TIME(
      "silent for 2000 ms",
      line -> line.trickle(ascii("HTTP/1.1 200 OK\r\n".repeat(20)), Duration.ofMillis(50))),
  SAYS_WAIT_IN_SECONDS("answered 429: slow down", 7, answer(429, "slow down", "Retry-After: 7")),
  SAYS_WAIT_UNTIL_A_DATE(
      "answered 429: slow down",
      9,
      line ->
          line.answer(
              429,
              "slow down",
              "Date: Sun, 22 Nov 2026 08:00:00 GMT",
              "Retry-After: Sun, 22 Nov 2026 08:00:09 GMT")),
  SAYS_WAIT_UNTIL_A_DATE_AND_NOT_WHAT_TIME_IT_IS(
      "answered 503", 3590, line -> line.answer(503, "", "Retry-After: " + inAnHour())),
  IS_UNAVAILABLE("answered 503: overloaded", answer(503, "overloaded")),
  FAILS("answered 500: oops", answer(500, "oops")),
  HAS_A_PROXY_WITHOUT_A_BACKEND(
      "answered 502: <html>.*Bad Gateway", answer(502, "<html>\n\nBad Gateway</html>")),
  DOES_NOT_KNOW_WHO_SENDS("answered 401: who", answer(401, "who?")),
  FORBIDS_IT("answered 403: no", answer(403, "no")),
  IS_NOT_THERE("answered 404: nothing here", answer(404, "nothing here")),
  SENDS_ELSEWHERE("answered 302", answer(302, "", "Location: http://elsewhere.invalid/")),
  ANSWERS_WITH_A_PAGE("answered 200 .*<html>Log in", answer(200, "<html>Log in</html>")),
  ANSWERS_WITH_NOTHING("answered 200", answer(200, "")),
  ANSWERS_WITH_HALF_OF_IT("answered 200", answer(200, "{\"errors\":true,\"items\":[{")),
  FAILS_WITHOUT_END(
      "answered 500: xxx",
      line -> {
        line.head(500, "Connection: close");
        byte[] more = ascii("x".repeat(65536));
        while (true) {
          line.raw(more);
        }
      }),
  HAS_A_HEAD_WITHOUT_END(
      "not an HTTP response|closed",
      line -> {
        line.raw(ascii("HTTP/1.1 200 OK\r\n"));
        while (true) {
          line.raw(ascii("X-More: " + "x".repeat(1000) + "\r\n"));
        }
      }),
  ;

  private interface Play {
    void play(Line line) throws IOException, InterruptedException;
  }

  private final String words;

  // It keeps nothing.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Play play;

  private final int leastWait;

  HttpFault(String words, Play play) {
    this(words, 0, play);
  }

  HttpFault(String words, int leastWait, Play play) {
    this.words = words;
    this.leastWait = leastWait;
    this.play = play;
  }

  @Override
  public String words() {
    return words;
  }

  @Override
  public Size size() {
    return Size.SMALL;
  }

  @Override
  public boolean takesTime() {
    return this == ANSWERS_ONE_BYTE_OF_THE_HEAD_AT_A_TIME;
  }

  @Override
  public int leastWait() {
    return leastWait;
  }

  /** Whether the status says that all is well, and the body does not. */
  boolean isSuccess() {
    return switch (this) {
      case ANSWERS_WITH_A_PAGE, ANSWERS_WITH_NOTHING, ANSWERS_WITH_HALF_OF_IT -> true;
      default -> false;
    };
  }

  @Override
  public AutoCloseable begin(OutputUnderTest suite, int port) throws IOException {
    return ScriptedServer.on(port, (_, line) -> play.play(line), null, false);
  }

  private static Play answer(int status, String body, String... headers) {
    return line -> line.answer(status, body, headers);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String inAnHour() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
  }
}
