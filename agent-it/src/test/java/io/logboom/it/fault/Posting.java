package io.logboom.it.fault;

import io.logboom.it.sink.Sequences;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that post numbered records, each with a prefix and a connection of its own, and send a
 * request again until it is answered with success. They know which records were acknowledged.
 */
final class Posting implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int MOST_RECORDS = 200;

  private final URI target;
  private final List<Client> clients = new ArrayList<>();
  private final AtomicLong again = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private volatile boolean stopping;
  private volatile boolean closing;

  Posting(int port, int count) {
    target = URI.create("http://127.0.0.1:" + port + "/app.log");
    for (int i = 0; i < count; i++) {
      clients.add(new Client("http" + i, i));
    }
    clients.forEach(client -> client.thread.start());
  }

  /** Records that were acknowledged so far. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** Requests that had to be sent again. */
  long again() {
    return again.get();
  }

  /** Begins no request any more; returns when the last one has its answer. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Client each : clients) {
      each.thread.join();
    }
  }

  /** How many records were acknowledged and have not arrived. */
  long missing(Sequences seen) {
    long missing = 0;
    for (Client each : clients) {
      BitSet rest = each.acknowledged();
      rest.andNot(seen.arrived(each.prefix));
      missing += rest.cardinality();
    }
    return missing;
  }

  @Override
  public void close() {
    stopping = true;
    closing = true;
    clients.forEach(client -> client.thread.interrupt());
  }

  private final class Client {
    private final String prefix;
    private final Random random;
    private final BitSet known = new BitSet();
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private int next;

    Client(String prefix, long seed) {
      this.prefix = prefix;
      this.random = new Random(seed);
    }

    private synchronized BitSet acknowledged() {
      return (BitSet) known.clone();
    }

    private synchronized void acknowledge(int from, int to) {
      known.set(from, to);
    }

    private void run() {
      try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
        while (!stopping) {
          int count = 1 + random.nextInt(MOST_RECORDS);
          HttpRequest request = request(count);
          while (!isCreated(http, request)) {
            if (closing) {
              return;
            }
            again.incrementAndGet();
            Stand.letBe(PAUSE);
          }
          acknowledge(next, next + count);
          acknowledged.addAndGet(count);
          next += count;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private HttpRequest request(int count) {
      StringBuilder body = new StringBuilder();
      for (int i = 0; i < count; i++) {
        body.append("{\"log\":\"a line of an application\",\"seq\":\"");
        body.append(prefix).append('-').append(next + i).append("\"}\n");
      }
      return HttpRequest.newBuilder(target)
          .timeout(TIMEOUT)
          .header("Content-Type", "application/x-ndjson")
          .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
          .build();
    }

    private boolean isCreated(HttpClient http, HttpRequest request) throws InterruptedException {
      try {
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 201;
      } catch (IOException e) {
        return false;
      }
    }
  }
}
