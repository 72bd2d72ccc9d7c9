package io.logboom.net.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A response whose body is read as it comes. To be closed; what was not read until then is thrown
 * away, and the connection serves again all the same. One thread at a time.
 */
public final class HttpResponse implements AutoCloseable {
  private static final long DRAIN_NANOS = 1_000_000_000;

  private final Exchange exchange;
  private final Connection connection;
  private final long silenceNanos;
  private final Runnable onClose;
  private final InputStream body = new Body();
  private boolean closed;

  HttpResponse(Exchange exchange, Connection connection, long silenceNanos, Runnable onClose) {
    this.exchange = exchange;
    this.connection = connection;
    this.silenceNanos = silenceNanos;
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
   * The body. Reading waits for the peer no longer than {@code net.io_timeout}; a body that ends
   * before its time is an {@link HttpFailure}.
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
   * How long the {@code Retry-After} header asks to wait, in its form of seconds; zero without one.
   */
  public Duration retryAfter() {
    String value = header("Retry-After");
    if (value == null || value.isEmpty() || value.length() > 9) {
      return Duration.ZERO;
    }
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return Duration.ZERO;
      }
    }
    return Duration.ofSeconds(Long.parseLong(value));
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
        int n = exchange.read(into, from, count, silenceNanos);
        if (n == 0) {
          connection.abort();
          throw new HttpFailure(
              HttpFailure.Kind.SILENT, host() + " was silent too long in mid-response", null);
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
