package io.logboom.testkit.output;

import io.logboom.testkit.http.DeafServer;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What goes wrong with connections, whatever is spoken over them. */
enum Fault implements Trouble {
  REFUSES_CONNECTIONS("cannot be reached: .*refused", Size.SMALL, false, (_, _) -> () -> {}),
  IGNORES_CONNECTIONS(
      "cannot be reached: .*time", Size.SMALL, true, (_, port) -> DeafServer.on(port)),
  CLOSES_CONNECTIONS_AT_ONCE("closed|broke", Size.SMALL, false, bare((_, line) -> line.close())),
  RESETS_IN_MID_REQUEST(
      "closed|broke",
      Size.LARGE,
      false,
      bare(
          (in, line) -> {
            in.readNBytes(100_000);
            line.reset();
          })),
  NEVER_READS("silent for|took nothing for", Size.LARGE, true, bare((_, line) -> line.silence())),
  READS_ONE_BYTE_AT_A_TIME(
      "silent for|took nothing for",
      Size.LARGE,
      true,
      bare(
          (in, line) -> {
            while (in.read() >= 0) {
              line.pause(Duration.ofMillis(20));
            }
          })),
  NEVER_ANSWERS("silent for|did not acknowledge", Size.SMALL, true, script(Line::silence)),
  CLOSES_INSTEAD_OF_AN_ANSWER("closed|broke", Size.SMALL, false, script(Line::close)),
  RESETS_INSTEAD_OF_AN_ANSWER("closed|broke", Size.SMALL, false, script(Line::reset)),
  CLOSES_IN_MID_ANSWER("closed|broke", Size.SMALL, false, begun(Line::close)),
  RESETS_IN_MID_ANSWER("closed|broke", Size.SMALL, false, begun(Line::reset)),
  FALLS_SILENT_IN_MID_ANSWER(
      "silent for|did not acknowledge", Size.SMALL, true, begun(Line::silence)),
  ANSWERS_ONE_BYTE_AT_A_TIME(
      "silent for|not done after|did not acknowledge",
      Size.SMALL,
      true,
      begun(line -> line.trickle(ascii(" ".repeat(1000)), Duration.ofMillis(50)))),
  ANSWERS_WITHOUT_END(
      "answer|cannot be read|Forward protocol",
      Size.SMALL,
      true,
      begun(
          line -> {
            byte[] more = ascii("x".repeat(65536));
            while (true) {
              line.raw(more);
            }
          })),
  SPEAKS_ANOTHER_PROTOCOL(
      "not an HTTP response|Forward protocol|something else",
      Size.SMALL,
      false,
      script(line -> line.raw(ascii("SSH-2.0-x\r\n\r\n")))),
  ;

  private interface Play {
    void play(Line line) throws IOException, InterruptedException;
  }

  private interface Begin {
    AutoCloseable on(OutputUnderTest suite, int port) throws Exception;
  }

  private final String words;
  private final Size size;
  private final boolean takesTime;

  // It keeps nothing: what it opens belongs to who asked.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Begin begin;

  Fault(String words, Size size, boolean takesTime, Begin begin) {
    this.words = words;
    this.size = size;
    this.takesTime = takesTime;
    this.begin = begin;
  }

  @Override
  public String words() {
    return words;
  }

  @Override
  public Size size() {
    return size;
  }

  @Override
  public boolean takesTime() {
    return takesTime;
  }

  @Override
  public AutoCloseable begin(OutputUnderTest suite, int port) throws Exception {
    return begin.on(suite, port);
  }

  /** Once a request has been read to its end. */
  private static Begin script(Play play) {
    return (suite, port) -> suite.listen(port, arrival -> play.play(arrival.line()), null);
  }

  /** Behind the first bytes of a good answer. */
  private static Begin begun(Play play) {
    return (suite, port) ->
        suite.listen(
            port,
            arrival -> {
              arrival.line().raw(suite.firstBytesOfAnAnswer());
              play.play(arrival.line());
            },
            null);
  }

  /** From the connection's first byte. */
  private static Begin bare(ScriptedServer.Bare play) {
    return (_, port) -> {
      ScriptedServer server = ScriptedServer.on(port, (_, _) -> {}, null, false);
      server.bare(play);
      return server;
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
