package io.logboom.filter.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.logboom.api.meter.Meters;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the API server, with the token of the moment. An answer of 401 makes the token be read again
 * and the request be sent once more, where that gives another one. Safe for all threads.
 */
final class ApiClient implements AutoCloseable {
  private static final Duration FIRST_BYTE = Duration.ofSeconds(15);
  private static final long LONGEST_REFUSAL = 64 * 1024;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  private final ApiServer server;
  private final Meters meters;
  private final PodReader reader;

  ApiClient(ApiServer server, Meters meters, PodReader reader) {
    this.server = server;
    this.meters = meters;
    this.reader = reader;
  }

  /** Does something with an answer's JSON, from its first token. */
  interface Body {
    void read(JsonParser parser) throws IOException;
  }

  /** {@code text} as one segment of a path. */
  static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Where requests go, for messages. */
  String url() {
    return server.url();
  }

  /**
   * Asks and reads the answer.
   *
   * @param verb for the meter
   * @param target path and query
   * @param patience how long the whole answer may take
   * @throws ApiFailure where the answer is not 200
   */
  void get(String verb, String target, Duration patience, Body body)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    Answer answer = send(verb, target, deadline);
    if (answer.code() == 401) {
      answer.close();
      if (server.credentials().readAgain()) {
        answer = send(verb, target, deadline);
      }
    }
    try (Answer a = answer) {
      if (a.code() != 200) {
        throw refusal(a);
      }
      try (JsonParser parser = JSON.createParser((InputStream) a.body())) {
        body.read(parser);
      }
    } catch (InterruptedIOException e) {
      if (Thread.interrupted()) {
        throw (InterruptedException) new InterruptedException().initCause(e);
      }
      throw e;
    }
  }

  private record Answer(HttpResponse<AsyncBody> response, BodyStream body)
      implements AutoCloseable {
    int code() {
      return response.code();
    }

    @Override
    public void close() {
      body.close();
    }
  }

  private Answer send(String verb, String target, long deadline)
      throws IOException, InterruptedException {
    HttpClient client = server.client();
    HttpRequest.Builder request =
        client
            .newHttpRequestBuilder()
            .uri(server.url() + target)
            .header("Accept", "application/json")
            .header("User-Agent", "logboom");
    String token = server.credentials().token();
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    BodyStream body = new BodyStream(deadline);
    CompletableFuture<HttpResponse<AsyncBody>> sent = client.consumeBytes(request.build(), body);
    int code = 0;
    try {
      long left = Math.min(FIRST_BYTE.toNanos(), deadline - System.nanoTime());
      HttpResponse<AsyncBody> response = sent.get(left, TimeUnit.NANOSECONDS);
      code = response.code();
      body.from(response.body());
      return new Answer(response, body);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      server.failed(cause);
      throw new IOException(text(cause), cause);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + FIRST_BYTE.toSeconds() + " s", e);
    } finally {
      if (code == 0) {
        sent.cancel(false);
      }
      meters
          .counter(KubernetesMeter.API_REQUESTS, "verb", verb, "code", Integer.toString(code))
          .add(1);
    }
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private ApiFailure refusal(Answer answer) {
    String message = "";
    try (JsonParser parser = JSON.createParser(new Bounded(answer.body(), LONGEST_REFUSAL))) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        message = reader.read(parser).message();
      }
    } catch (IOException e) {
      // A proxy's page: the status says enough.
      message = "";
    }
    return new ApiFailure(
        answer.code(),
        "status " + answer.code() + (message.isEmpty() ? "" : ": " + message),
        notBefore(answer.response().header("Retry-After")));
  }

  private static Duration notBefore(@Nullable String seconds) {
    if (seconds == null || seconds.isEmpty() || seconds.length() > 6) {
      return Duration.ZERO;
    }
    for (int i = 0; i < seconds.length(); i++) {
      if (seconds.charAt(i) < '0' || seconds.charAt(i) > '9') {
        return Duration.ZERO;
      }
    }
    return Duration.ofSeconds(Math.min(600, Long.parseLong(seconds)));
  }

  @Override
  public void close() {
    server.close();
  }

  /** The first bytes of a stream. */
  private static final class Bounded extends java.io.FilterInputStream {
    private long left;

    Bounded(InputStream in, long most) {
      super(in);
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      return left-- <= 0 ? -1 : super.read();
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int n = super.read(target, from, (int) Math.min(count, left));
      left -= Math.max(0, n);
      return n;
    }
  }
}
