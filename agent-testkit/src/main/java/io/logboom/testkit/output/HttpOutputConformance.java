package io.logboom.testkit.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every output over HTTP has to stand. */
public abstract class HttpOutputConformance extends OutputConformance {
  /** The texts of the records of a request. */
  protected abstract List<String> lines(Received request);

  /** The server's part where all is well. */
  protected abstract void accept(Received request, Line line) throws IOException;

  /**
   * Answers that some lines are not taken.
   *
   * @param how {@link Answer#REFUSES_SOME} or {@link Answer#DEFERS_SOME}
   */
  protected void some(Answer how, Predicate<String> taken, Received request, Line line)
      throws IOException {
    throw new UnsupportedOperationException(how.toString());
  }

  /** Whether a success counts only with the body that belongs to it. */
  protected boolean readsAnswers() {
    return true;
  }

  @Override
  protected Owed owed(Answer answer) {
    return switch (answer) {
      case THROTTLED -> Owed.RETRY_WHEN_ASKED;
      case UNAVAILABLE, UNAUTHORIZED, FORBIDDEN -> Owed.RETRY;
      case TOO_LARGE -> Owed.EACH_ALONE;
      case REFUSES_SOME, DEFERS_SOME -> Owed.CANNOT_BE_SAID;
    };
  }

  /** The answers that are a status; for outputs whose backend says it in its own way. */
  protected void answer(Answer how, Received request, Line line) throws IOException {
    switch (how) {
      case THROTTLED -> line.answer(429, "slow down", "Retry-After: 7");
      case UNAVAILABLE -> line.answer(503, "overloaded");
      case UNAUTHORIZED -> line.answer(401, "who?");
      case FORBIDDEN -> line.answer(403, "no");
      case TOO_LARGE -> line.answer(413, "too large");
      case REFUSES_SOME, DEFERS_SOME -> throw new UnsupportedOperationException(how.toString());
    }
  }

  @Override
  protected final ScriptedServer listen(int port, Arrival.Conduct conduct, @Nullable SSLContext tls)
      throws IOException {
    return ScriptedServer.on(
        port, (request, line) -> conduct.play(new HttpArrival(request, line)), tls, false);
  }

  @Override
  protected byte[] firstBytesOfAnAnswer() {
    String head = "HTTP/1.1 200 OK\r\nContent-Le";
    return (readsAnswers() ? head + "ngth: 1000000000\r\n\r\n{\"took\":30,\"x\":\"" : head)
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  Stream<Trouble> troubles() {
    return Stream.concat(
        super.troubles(),
        Stream.of(HttpFault.values()).filter(fault -> readsAnswers() || !fault.isSuccess()));
  }

  /** A success, and what follows its head. */
  enum Success {
    A_PAGE,
    NOTHING,
    AN_END,
    SILENCE,
    NO_END;

    void play(Line line) throws IOException, InterruptedException {
      switch (this) {
        case A_PAGE -> line.answer(200, "<html>Log in</html>");
        case NOTHING -> line.answer(200, "");
        case AN_END -> {
          line.head(200, "Content-Length: 1000");
          line.close();
        }
        case SILENCE -> {
          line.head(200, "Content-Length: 1000");
          line.silence();
        }
        case NO_END -> {
          line.head(200, "Connection: close");
          byte[] more = "x".repeat(65536).getBytes(StandardCharsets.US_ASCII);
          while (true) {
            line.raw(more);
          }
        }
      }
    }
  }

  final Stream<Success> successes() {
    return readsAnswers() ? Stream.empty() : Stream.of(Success.values());
  }

  /** Who does not read the body of a success is neither held up nor put off by it. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("successes")
  void aSuccessIsOneWhateverFollows(Success success) throws Exception {
    TestContext context = context();
    int port = freePort();
    try (ScriptedServer _ = listen(port, arrival -> success.play(arrival.line()), null);
        Unit unit = new Unit(context, Unit.lines(3, 20));
        Output output = create(context, local(port, IMPATIENT))) {
      assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
      assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
    }
    leavesNothing(context);
  }

  private final class HttpArrival implements Arrival {
    private final Received request;
    private final Line line;

    HttpArrival(Received request, Line line) {
      this.request = request;
      this.line = line;
    }

    @Override
    public int connection() {
      return request.connection();
    }

    @Override
    public List<String> lines() {
      return HttpOutputConformance.this.lines(request);
    }

    @Override
    public Line line() {
      return line;
    }

    @Override
    public void accept() throws IOException {
      HttpOutputConformance.this.accept(request, line);
    }

    @Override
    public void answer(Answer how, Predicate<String> taken) throws IOException {
      switch (how) {
        case REFUSES_SOME, DEFERS_SOME -> some(how, taken, request, line);
        default -> HttpOutputConformance.this.answer(how, request, line);
      }
    }
  }
}
