package io.logboom.input.http;

import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.Settlement;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.net.ingest.Reason;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** An http input that runs, and what it hands on. */
final class Receiving implements AutoCloseable {
  final TestContext context;
  final TestIntake intake;
  final Http input;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Receiving(TestContext context, TestIntake intake, String... options) throws StartException {
    this.context = context;
    this.intake = intake;
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("listen", "127.0.0.1"));
    if (!all.contains("port")) {
      all.addAll(List.of("port", "0"));
    }
    HttpConfig config = Binder.bind(HttpConfig.class, all.toArray(String[]::new));
    List<String> errors = errors(config);
    if (!errors.isEmpty()) {
      throw new StartException(String.join("; ", errors));
    }
    this.input = (Http) new HttpPlugin().create(config, context);
    input.start(intake);
  }

  static List<String> errors(HttpConfig config) {
    List<String> errors = new ArrayList<>();
    new HttpPlugin()
        .check(
            config,
            new Problems() {
              @Override
              public void error(String option, String rule, String hint) {
                errors.add(option + " " + rule);
              }

              @Override
              public void warning(String option, String rule, String hint) {}
            });
    return errors;
  }

  /** An input whose batches are done at once. */
  static Receiving settling(Path state, String... options) throws StartException {
    TestContext context = new TestContext(state).flush(Duration.ofMillis(1));
    return new Receiving(context, new TestIntake(context, true), options);
  }

  /** An input whose batches wait for the test to settle them. */
  static Receiving holding(Path state, String... options) throws StartException {
    TestContext context = new TestContext(state).flush(Duration.ofMillis(1));
    return new Receiving(context, new TestIntake(context, false), options);
  }

  int port() {
    return input.address().getPort();
  }

  Raw connect() throws IOException {
    return new Raw(new Socket(InetAddress.getLoopbackAddress(), port()));
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String type, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        to(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)).header("Content-Type", type);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  HttpResponse<String> json(String path, String body, String... headers) throws Exception {
    return post(path, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
  }

  long rejected(Reason reason) {
    return context.meters().count(HttpMeter.REJECTED, "reason", reason.label());
  }

  long closed(Reason reason) {
    return context.meters().count(HttpMeter.CLOSED, "reason", reason.label());
  }

  long requests(int status) {
    return context.meters().count(HttpMeter.REQUESTS, "status", Integer.toString(status));
  }

  double open() {
    return context.meters().value(HttpMeter.CONNECTIONS);
  }

  void await(int records) {
    await(() -> intake.count() >= records);
  }

  static void await(BooleanSupplier condition) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(20))
        .until(condition::getAsBoolean);
  }

  List<String> json() {
    return intake.entries().stream().map(TestIntake.Entry::json).toList();
  }

  List<String> tags() {
    return intake.entries().stream().map(TestIntake.Entry::tag).toList();
  }

  @Override
  public void close() {
    client.close();
    try {
      input.quiesce();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    intake.settle(Settlement.DONE);
    input.close();
  }
}
