package io.logboom.output.http;

import io.logboom.api.meter.Counter;
import io.logboom.api.plugin.Context;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.send.Pass;
import io.logboom.net.send.Passes;
import io.logboom.net.send.Receiver;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access tokens for requests. One is fetched when a request needs it, by one thread at a time;
 * ahead of its end one thread fetches another, while the others go on with the one that there is.
 * Where none can be had, nothing is sent, and the server is asked again after a pause that grows.
 */
final class Tokens implements Passes {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final TokenServer server;
  private final Receiver receiver;
  private final String name;
  private final InstantSource clock;
  private final Counter fetched;
  private final Counter failed;
  private final Counter refused;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Token present;

  // Under the lock:
  private Instant notBefore = Instant.MIN;
  private Duration pause = Duration.ZERO;
  private String failure = "";
  private boolean told;

  // When a token was fetched in the place of one that was refused.
  private volatile Instant replaced = Instant.MIN;

  Tokens(TokenServer server, Receiver receiver, Context context) {
    this.server = server;
    this.receiver = receiver;
    this.name = context.name();
    this.clock = context.clock();
    this.fetched = context.meters().counter(HttpMeter.TOKENS, "result", "fetched");
    this.failed = context.meters().counter(HttpMeter.TOKENS, "result", "failed");
    this.refused = context.meters().counter(HttpMeter.TOKENS_REFUSED);
  }

  @Override
  public Pass next() throws IOException, InterruptedException {
    return new Bearer(current());
  }

  private Token current() throws IOException, InterruptedException {
    Token now = present;
    if (now != null && now.isGood(clock.instant())) {
      if (!now.isDue(clock.instant()) || !fetching.tryLock()) {
        return now;
      }
    } else {
      fetching.lockInterruptibly();
    }
    try {
      return fetchWhereDue();
    } finally {
      fetching.unlock();
    }
  }

  private Token fetchWhereDue() throws IOException, InterruptedException {
    Instant now = clock.instant();
    Token before = present;
    Token usable = before != null && before.isGood(now) ? before : null;
    if (usable != null && !usable.isDue(now)) {
      return usable; // another thread was faster
    }
    if (now.isBefore(notBefore)) {
      if (usable == null) {
        throw new IOException("no access token: " + failure);
      }
      return usable;
    }
    try {
      Token token = server.fetch(now);
      fetched.add(1);
      pause = Duration.ZERO;
      notBefore = Instant.MIN;
      present = token;
      if (!told) {
        LOG.info("[{}] access tokens come from {}: {}", name, server, token);
        told = true;
      }
      return token;
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      failed.add(1);
      failure = String.valueOf(e.getMessage());
      Duration twice = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
      notBefore = clock.instant().plus(pause);
      if (usable != null) {
        LOG.warn("[{}] no new access token yet; {} is still in use: {}", name, usable, failure);
        return usable;
      }
      String why = "no access token: " + failure;
      if (e instanceof TokenServer.RefusedException) {
        receiver.operatorMustAct(why);
      }
      throw new IOException(why, e);
    }
  }

  /**
   * The receiver does not take a token.
   *
   * @return whether it may take the next one
   */
  private boolean refused(Token used) {
    refused.add(1);
    fetching.lock();
    try {
      if (!used.equals(present)) {
        return true;
      }
      Instant now = clock.instant();
      if (now.isBefore(replaced.plus(LONGEST_PAUSE))) {
        return false; // nor did it take the one before: it is not that it has ended
      }
      replaced = now;
      present = null;
      return true;
    } finally {
      fetching.unlock();
    }
  }

  private final class Bearer implements Pass {
    private final Token token;

    Bearer(Token token) {
      this.token = token;
    }

    @Override
    public HttpRequest on(HttpRequest request) {
      List<String> headers = new ArrayList<>(request.headers());
      Headers.replace("Authorization", "Bearer " + token.value(), headers);
      return new HttpRequest(
          request.method(), request.path(), List.copyOf(headers), request.body());
    }

    @Override
    public boolean isOutdated(HttpResponse response, String text) {
      return response.status() == 401 && refused(token);
    }
  }

  @Override
  public void close() {}
}
