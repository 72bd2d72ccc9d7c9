package io.logboom.output.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.disk.LocalDisk;
import io.logboom.core.config.Binder;
import io.logboom.output.s3.UploadFailure.Kind;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each request of an upload in parts, and each way in which it goes wrong: the try ends in bounded
 * time with a reason, the object stays, and the next try brings it to where it should be, once and
 * byte for byte, with no upload left open.
 */
@Timeout(60)
class PartsFaultsTest {
  private static final int PART = 100_000;
  private static final int LINES = 3_500;
  private static final byte[] TAG = {'t'};

  @TempDir Path directory;

  /** A request of an upload. */
  enum Step {
    CREATE("POST uploads"),
    FIRST_PART("PUT part"),
    LAST_PART("PUT part"),
    COMPLETE("POST upload");

    private final String kind;

    Step(String kind) {
      this.kind = kind;
    }

    boolean is(Received request) {
      String path = request.path();
      return switch (this) {
        case CREATE -> path.endsWith("?uploads=");
        case FIRST_PART -> path.contains("partNumber=1&");
        case LAST_PART -> path.contains("partNumber=2&");
        case COMPLETE -> request.method().equals("POST") && path.contains("?uploadId=");
      };
    }
  }

  /** What goes wrong, how it is judged, and what its reason says. */
  enum Wrong {
    CLOSES("closed|broke", Kind.LATER, Line::close),
    RESETS("closed|broke", Kind.LATER, Line::reset),
    CLOSES_IN_MID_HEAD("closed|broke", Kind.LATER, cut("HTTP/1.1 200 OK\r\nContent-Le")),
    CLOSES_IN_MID_ANSWER(
        "closed|broke", Kind.LATER, cut("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n<Comp")),
    IS_SILENT("silent for 1000 ms", Kind.LATER, Line::silence),
    FALLS_SILENT_IN_MID_ANSWER(
        "silent for 1000 ms",
        Kind.LATER,
        line -> {
          line.raw(ascii("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n<Comp"));
          line.silence();
        }),
    TRICKLES(
        "silent for 1000 ms|not done after",
        Kind.LATER,
        line -> line.trickle(ascii("HTTP/1.1 200 OK\r\n".repeat(20)), Duration.ofMillis(30))),
    IS_NO_HTTP("not an HTTP response", Kind.LATER, line -> line.raw(ascii("SSH-2.0-x\r\n\r\n"))),
    HAS_NO_END(
        "answered 200 without|closed|broke",
        Kind.LATER,
        line -> {
          line.head(200, "Connection: close");
          byte[] more = ascii("x".repeat(65536));
          while (true) {
            line.raw(more);
          }
        }),
    SAYS_NOTHING("answered 200 without", Kind.LATER, answer(200, "")),
    SHOWS_A_PAGE("answered 200 without .*<html>Log in", Kind.LATER, answer(200, "<html>Log in")),
    IS_HALF("answered 200 without", Kind.LATER, answer(200, "<?xml version=\"1.0\"?>\n<Compl")),
    SLOWS_DOWN("answered 503: SlowDown: so it is", Kind.LATER, error(503, "SlowDown")),
    HAS_TOO_MANY("answered 429: enough", Kind.LATER, answer(429, "enough", "Retry-After: 7")),
    FAILS("answered 500: InternalError", Kind.LATER, error(500, "InternalError")),
    HAS_A_PROXY("answered 502: <html> bad", Kind.LATER, answer(502, "<html>\n\nbad")),
    DOES_NOT_KNOW_WHO("answered 401", Kind.OPERATOR, answer(401, "who?")),
    FORBIDS("answered 403: AccessDenied", Kind.OPERATOR, error(403, "AccessDenied")),
    HAS_NO_BUCKET("answered 404: NoSuchBucket", Kind.OPERATOR, error(404, "NoSuchBucket")),
    IS_ELSEWHERE("answered 301", Kind.OPERATOR, error(301, "PermanentRedirect")),
    DOES_NOT_KNOW_HOW("answered 501", Kind.OPERATOR, error(501, "NotImplemented")),
    REFUSES_THE_OBJECT("answered 400: EntityTooLarge", Kind.OBJECT, error(400, "EntityTooLarge")),
    HAS_A_LIMIT("answered 413: too large", Kind.OBJECT, answer(413, "too large")),
    READ_OTHER_BYTES(
        "answered 400: XAmzContentSHA256Mismatch",
        Kind.BAD_DIGEST,
        error(400, "XAmzContentSHA256Mismatch"));

    private interface Play {
      void play(Line line) throws IOException, InterruptedException;
    }

    private final String words;
    private final Kind kind;

    // It keeps nothing.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Play play;

    Wrong(String words, Kind kind, Play play) {
      this.words = words;
      this.kind = kind;
      this.play = play;
    }

    private static Play answer(int status, String body, String... headers) {
      return line -> line.answer(status, body, headers);
    }

    private static Play error(int status, String code) {
      return line -> FakeS3.error(line, status, code);
    }

    private static Play cut(String start) {
      return line -> {
        line.raw(ascii(start));
        line.close();
      };
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A server, and an output's staging. */
  private static final class Rig implements AutoCloseable {
    final FakeS3 server;
    final S3Api api;
    final Staging staging;
    private int objects;

    Rig(Path directory) throws Exception {
      server = new FakeS3();
      TestContext context = new TestContext(directory.resolve("state"));
      api =
          S3Plugin.api(
              Binder.bind(
                  S3Config.class,
                  "bucket",
                  "logs",
                  "endpoint",
                  server.endpoint(),
                  "net.io_timeout",
                  "1",
                  "net.request_timeout",
                  "3"),
              context);
      staging =
          new Staging(
              new Staging.Settings(
                  KeyFormat.parse("/$TAG/$INDEX", ".", false),
                  Staged.Coding.NONE,
                  1 << 30,
                  Duration.ofHours(1),
                  0,
                  1 << 30,
                  PART),
              directory.resolve("staging"),
              new LocalDisk(),
              context.clock());
    }

    /** An object of two parts, different from all others. */
    Staged object() throws IOException {
      Draft draft = new Draft(_ -> {});
      Sending sending = new Sending(draft);
      sending.begin(staging);
      draft.open(new Draft.Place("t", TAG, "", new byte[0]), 0, 0);
      String object = HexFormat.of().toHexDigits(objects++);
      for (int i = 0; i < LINES; i++) {
        draft.sink().putAscii("object " + object + ", its line " + (1_000_000 + i) + " of many\n");
        draft.added(0);
      }
      sending.append(LINES);
      sending.outcome(List.of());
      staging.turn(true);
      Staged made = Objects.requireNonNull(staging.take(System.nanoTime()));
      assertThat(made.length).isBetween(PART + 1L, 2L * PART);
      return made;
    }

    /** One try; why it failed, or null. */
    @Nullable UploadFailure failure(Staged object) throws InterruptedException, IOException {
      try {
        new Upload(staging, api, new Upload.Settings(PART, false, true), QUIET).run(object);
        return null;
      } catch (UploadFailure e) {
        return e;
      }
    }

    @Override
    public void close() throws IOException {
      staging.close();
      api.close();
      server.close();
    }
  }

  private static final Upload.Listener QUIET =
      new Upload.Listener() {
        @Override
        public void part() {}

        @Override
        public void cannotLookForUploads(String why) {
          throw new AssertionError(why);
        }
      };

  /** All steps at the same time, since much of it is waiting. */
  @Test
  void whateverGoesWrongTheNextTryBringsTheObjectThereOnce() throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> running = new ArrayList<>();
      for (Step step : Step.values()) {
        running.add(executor.submit(() -> stands(step)));
      }
      for (Future<Boolean> each : running) {
        assertThat(each.get()).isTrue();
      }
    }
  }

  private boolean stands(Step step) throws Exception {
    try (Rig rig = new Rig(directory.resolve(step.name()))) {
      for (Wrong wrong : Wrong.values()) {
        stands(rig, step, wrong);
      }
      return rig.server.objects().size() == Wrong.values().length;
    }
  }

  private static void stands(Rig rig, Step step, Wrong wrong) throws Exception {
    String what = step + " " + wrong;
    Staged object = rig.object();
    byte[] bytes = Files.readAllBytes(rig.staging.path(object));
    AtomicInteger times = new AtomicInteger();
    rig.server.fault(
        (request, line) -> {
          if (!step.is(request)) {
            return false;
          }
          times.incrementAndGet();
          wrong.play.play(line);
          return true;
        });
    UploadFailure failure = rig.failure(object);
    assertThat(failure).as(what).isNotNull();
    assertThat(failure.kind()).as(what + ": " + failure.why()).isEqualTo(wrong.kind);
    assertThat(failure.why())
        .as(what)
        .contains("127.0.0.1:")
        .containsPattern(wrong.words)
        .hasSizeLessThan(1000)
        .doesNotContain("\n");
    assertThat(failure.notBefore().toSeconds())
        .as(what)
        .isEqualTo(wrong == Wrong.HAS_TOO_MANY ? 7 : 0);
    assertThat(times).as(what).hasPositiveValue();
    assertThat(rig.staging.objects()).as(what).isEqualTo(1);
    rig.server.fault(null);
    assertThat(rig.failure(object)).as(what).isNull();
    rig.staging.giveBack(object);
    assertThat(rig.server.objects().get(object.key)).as(what).isEqualTo(bytes);
    assertThat(rig.server.openUploads()).as(what).isZero();
    assertThat(rig.staging.isEmpty()).as(what).isTrue();
  }

  /** S3 answers 200 at once, and perhaps an error after minutes. */
  @Test
  void aCompletionThatTurnsOutAnErrorIsNone() throws Exception {
    try (Rig rig = new Rig(directory)) {
      Staged object = rig.object();
      rig.server.fault(
          (request, line) -> {
            if (!Step.COMPLETE.is(request)) {
              return false;
            }
            line.answer(
                200,
                "<?xml version=\"1.0\"?>\n   \n<Error><Code>InternalError</Code><Message>so it"
                    + " is</Message></Error>");
            return true;
          });
      UploadFailure failure = rig.failure(object);
      assertThat(failure).isNotNull();
      assertThat(failure.kind()).isEqualTo(Kind.LATER);
      assertThat(failure.why()).contains("answered 200: InternalError: so it is");
      rig.server.fault(null);
      assertThat(rig.failure(object)).isNull();
      assertThat(rig.server.asked()).filteredOn(Step.CREATE.kind::equals).hasSize(1);
    }
  }

  /** At the end of the agent. What was done is known to the next life. */
  @ParameterizedTest
  @EnumSource
  void anInterruptEndsATryAndTheNextOneGoesOn(Step step) throws Exception {
    try (Rig rig = new Rig(directory)) {
      Staged object = rig.object();
      CountDownLatch there = new CountDownLatch(1);
      rig.server.fault(
          (request, line) -> {
            if (!step.is(request)) {
              return false;
            }
            line.raw(ascii("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n<Comp"));
            there.countDown();
            line.silence();
            return true;
          });
      AtomicReference<@Nullable Object> end = new AtomicReference<>();
      Thread trying =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      end.set(rig.failure(object));
                    } catch (InterruptedException | IOException e) {
                      end.set(e);
                    }
                  });
      assertThat(there.await(20, TimeUnit.SECONDS)).isTrue();
      trying.interrupt();
      assertThat(trying.join(Duration.ofSeconds(20))).isTrue();
      assertThat(end.get()).isInstanceOf(InterruptedException.class);
      rig.server.fault(null);
      assertThat(rig.failure(object)).isNull();
      assertThat(rig.server.openUploads()).isZero();
      assertThat(rig.server.asked())
          .filteredOn(Step.FIRST_PART.kind::equals)
          .hasSize(step == Step.FIRST_PART || step == Step.LAST_PART ? 3 : 2);
    }
  }

  /** A list of uploads, or the end of one, that is no answer of S3's is not believed. */
  @ParameterizedTest
  @EnumSource(
      value = Wrong.class,
      names = {"SAYS_NOTHING", "SHOWS_A_PAGE", "IS_HALF", "SLOWS_DOWN", "CLOSES"})
  void anUploadThatACrashLeftIsLookedForUntilThereIsAnAnswer(Wrong wrong) throws Exception {
    try (Rig rig = new Rig(directory)) {
      Staged object = rig.object();
      rig.staging.intend(object);
      rig.server.openUpload(object.key);
      rig.server.fault(
          (request, line) -> {
            if (!request.method().equals("GET")) {
              return false;
            }
            wrong.play.play(line);
            return true;
          });
      assertThat(Objects.requireNonNull(rig.failure(object)).kind()).isEqualTo(wrong.kind);
      rig.server.fault(null);
      assertThat(rig.failure(object)).isNull();
      assertThat(rig.server.openUploads()).isZero();
    }
  }
}
