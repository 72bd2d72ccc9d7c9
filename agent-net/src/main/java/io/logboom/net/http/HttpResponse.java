package io.logboom.net.http;

import io.logboom.net.NetCounters;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A response whose body is read as it comes. To be closed; what was not read until then is thrown
 * away, and the connection serves again all the same. One thread at a time.
 */
public final class HttpResponse implements AutoCloseable {
  /** A wait that is longer is a mistake of somebody's clock or configuration. */
  static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private static final long DRAIN_NANOS = 1_000_000_000;

  private final Exchange exchange;
  private final Connection connection;
  private final NetCounters counters;
  private final Runnable onClose;
  private final InputStream body = new Body();
  private boolean closed;

  HttpResponse(Exchange exchange, Connection connection, NetCounters counters, Runnable onClose) {
    this.exchange = exchange;
    this.connection = connection;
    this.counters = counters;
    this.onClose = onClose;
  }

  public int status() {
    return exchange.status();
  }

  /** The host that answered. */
  public String host() {
    return connection.host().toString();
  }

  /** The header's first value. */
  public @Nullable String header(String name) {
    HttpHeaders headers = exchange.headers();
    return headers == null ? null : headers.get(name);
  }

  /**
   * The body. Reading waits for the peer no longer than {@code net.io_timeout}, and for all of it
   * no longer than {@code net.request_timeout}; a body that ends before its time is an {@link
   * HttpFailure}.
   */
  public InputStream body() {
    return body;
  }

  /** The body's start as text, for messages. */
  public String excerpt(int mostBytes) throws IOException {
    byte[] start = body.readNBytes(mostBytes);
    return new String(start, StandardCharsets.UTF_8).strip();
  }

  /**
   * How long the {@code Retry-After} header asks to wait: seconds, or a date (RFC 9110 §10.2.3),
   * which counts from the server's own {@code Date} where it sent one. Zero without one, and no
   * more than {@link #LONGEST_WAIT}.
   */
  public Duration retryAfter() {
    String value = header("Retry-After");
    if (value == null || value.isBlank()) {
      return Duration.ZERO;
    }
    String text = value.strip();
    if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return text.length() > 9 ? LONGEST_WAIT : bounded(Duration.ofSeconds(Long.parseLong(text)));
    }
    Instant until = date(text);
    String sent = header("Date");
    Instant now = sent == null ? null : date(sent);
    return until == null
        ? Duration.ZERO
        : bounded(Duration.between(now == null ? Instant.now() : now, until));
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  private static @Nullable Instant date(String text) {
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** When it returns, the request's body is not looked at any more. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!exchange.discard()) {
      if (exchange.isBodyFree()) {
        connection.drain(exchange);
        // Mostly little is left, and then the connection is there for the next request.
        exchange.awaitEnd(DRAIN_NANOS);
      } else {
        connection.abort();
        exchange.awaitBodyFree();
      }
    }
    onClose.run();
  }

  private final class Body extends InputStream {
    private final byte[] single = new byte[1];

    @Override
    public int read() throws IOException {
      int n = read(single, 0, 1);
      return n < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      try {
        int n = exchange.read(into, from, count);
        if (n == 0) {
          counters.timedOut();
          connection.abort();
          throw new HttpFailure(
              HttpFailure.Kind.SILENT,
              host() + " " + exchange.lateness() + " in mid-response",
              null);
        }
        if (n > 0) {
          connection.more(exchange);
        }
        return n;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        connection.abort();
        throw new InterruptedIOException("interrupted while reading the answer of " + host());
      }
    }
  }
}
