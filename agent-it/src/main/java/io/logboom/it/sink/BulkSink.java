package io.logboom.it.sink;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * An Elasticsearch that only counts: it takes every {@code _bulk} request, gives each document to a
 * consumer, and answers 201 for each. For work that a real server beside the agent on a small
 * machine would be too slow for; what is right or wrong in a request is for tests with the real
 * one.
 *
 * <p>It misbehaves on command: see {@link Conduct}. A document is given to the consumer when the
 * sink has its whole request and keeps it, whether or not the sender then hears of it.
 */
public final class BulkSink implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(5).toNanos();

  private final Documents documents;
  private final InetSocketAddress address;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong largest = new AtomicLong();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Conduct conduct = new Conduct.Well();
  private volatile ServerSocket server;
  private volatile Duration idle = Duration.ZERO;
  private volatile boolean closed;

  /** Takes what has arrived. */
  @FunctionalInterface
  public interface Documents {
    /**
     * @param action the line of the request that stands before the document
     */
    void accept(byte[] action, byte[] document);
  }

  /**
   * @param documents is given each document as it came, by any thread
   */
  public BulkSink(Consumer<byte[]> documents) throws IOException {
    this(
        new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()),
        (_, document) -> documents.accept(document));
  }

  private BulkSink(ServerSocket server, Documents documents) {
    this.documents = documents;
    this.server = server;
    this.address = (InetSocketAddress) server.getLocalSocketAddress();
    listen(server);
  }

  /**
   * A sink that also shows actions.
   *
   * @param documents is given each document with its action, by any thread
   */
  public static BulkSink withActions(Documents documents) throws IOException {
    return new BulkSink(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), documents);
  }

  /** A sink at an address of loopback, as one of several that a name has. */
  public static BulkSink at(InetSocketAddress address, Consumer<byte[]> documents)
      throws IOException {
    return new BulkSink(
        new ServerSocket(address.getPort(), BACKLOG, address.getAddress()),
        (_, document) -> documents.accept(document));
  }

  /** Closes connections that are idle for so long, as load balancers do. */
  public void closeIdle(Duration after) {
    idle = after;
  }

  /** How many connections are open. */
  public int connections() {
    return open.size();
  }

  public int port() {
    return address.getPort();
  }

  /** How many documents were kept. */
  public long count() {
    return count.get();
  }

  /** How many requests were taken and answered. */
  public long requests() {
    return requests.get();
  }

  /** How many documents the largest request had that was kept. */
  public long largestRequest() {
    return largest.get();
  }

  /** Behaves so from here on, also on connections that are open. */
  public synchronized void conduct(Conduct next) throws IOException {
    boolean away = conduct instanceof Conduct.Away;
    conduct = next;
    if (next instanceof Conduct.Away) {
      server.close();
      for (Socket socket : open) {
        reset(socket);
      }
    } else if (away) {
      server = new ServerSocket();
      server.bind(address, BACKLOG);
      listen(server);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void listen(ServerSocket socket) {
    Thread.ofPlatform().name("bulk-sink").daemon().start(() -> accept(socket));
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        Thread.ofPlatform().name("bulk-sink").daemon().start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout((int) idle.toMillis());
      InputStream in = new BufferedInputStream(new Throttled(socket.getInputStream()), 64 * 1024);
      OutputStream out = socket.getOutputStream();
      for (BulkRequest request = BulkRequest.read(in);
          request != null;
          request = BulkRequest.read(in)) {
        if (conduct instanceof Conduct.ResetInRequest(int bytes)) {
          in.skipNBytes(Math.min(bytes, request.length()));
          reset(socket);
          return;
        }
        byte[] body = request.body(in);
        thaw();
        answer(socket, out, request, body);
      }
    } catch (IOException e) {
      // The agent was killed, or the sink is away or closed: what was not answered counts for
      // nobody.
    } finally {
      open.remove(socket);
    }
  }

  private void answer(Socket socket, OutputStream out, BulkRequest request, byte[] body)
      throws IOException {
    switch (conduct) {
      case Conduct.Well(), Conduct.Slow(_), Conduct.Frozen(), Conduct.ResetInRequest(_) ->
          out.write(answer(request, body, (_, _) -> 201));
      case Conduct.Choosy(Conduct.Verdict verdict) -> out.write(answer(request, body, verdict));
      case Conduct.Late(Duration delay) -> {
        byte[] answer = answer(request, body, (_, _) -> 201);
        pause(delay.toNanos());
        out.write(answer);
      }
      case Conduct.ResetInAnswer() -> {
        byte[] answer = answer(request, body, (_, _) -> 201);
        out.write(answer, 0, answer.length / 2);
        out.flush();
        reset(socket);
      }
      case Conduct.Refusing refusing -> out.write(refusal(refusing));
      case Conduct.BlackHole() -> {
        // The sender hears nothing on this connection, now or later.
      }
      case Conduct.Away() -> reset(socket);
    }
    out.flush();
  }

  private static byte[] refusal(Conduct.Refusing refusing) {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(refusing.status()).append(" No\r\n");
    refusing
        .retryAfterSeconds()
        .ifPresent(s -> head.append("Retry-After: ").append(s).append("\r\n"));
    head.append("Content-Length: 0\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] answer(BulkRequest request, byte[] body, Conduct.Verdict verdict) {
    String json =
        request.isBulk()
            ? bulk(body, verdict)
            : "{\"name\":\"sink\",\"version\":{\"number\":\"8.17.0\",\"build_flavor\":\"default\"}}";
    String text =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-elastic-product: Elasticsearch\r\n"
            + "Content-Length: "
            + json.length()
            + "\r\n\r\n"
            + (request.method().equals("HEAD") ? "" : json);
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private String bulk(byte[] body, Conduct.Verdict verdict) {
    StringBuilder items = new StringBuilder();
    boolean errors = false;
    byte[] action = {};
    int lines = 0;
    int kept = 0;
    int from = 0;
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '\n') {
        byte[] line = Arrays.copyOfRange(body, from, i);
        if (lines++ % 2 == 0) {
          action = line;
        } else {
          int status = verdict.status(lines / 2 - 1, line);
          if (status < 300) {
            documents.accept(action, line);
            kept++;
          }
          errors |= status >= 300;
          items.append(lines == 2 ? "" : ",").append(item(status));
        }
        from = i + 1;
      }
    }
    count.addAndGet(kept);
    requests.incrementAndGet();
    largest.accumulateAndGet(kept, Math::max);
    return "{\"took\":1,\"errors\":" + errors + ",\"items\":[" + items + "]}";
  }

  private static String item(int status) {
    if (status < 300) {
      return "{\"create\":{\"status\":" + status + "}}";
    }
    String type = status == 429 ? "es_rejected_execution_exception" : "document_parsing_exception";
    return "{\"create\":{\"status\":"
        + status
        + ",\"error\":{\"type\":\""
        + type
        + "\",\"reason\":\"as the test wants\"}}}";
  }

  /** Ends the connection with RST, so that what is on its way is lost. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when the sink does not stand still. */
  private void thaw() {
    while (conduct instanceof Conduct.Frozen && !closed) {
      LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
    }
  }

  private void pause(long nanos) {
    long due = System.nanoTime() + nanos;
    while (due - System.nanoTime() > 0 && !closed) {
      LockSupport.parkNanos(this, Math.min(due - System.nanoTime(), LOOK_AGAIN_NANOS));
    }
  }

  /** Reads no faster than the sink's conduct allows. */
  private final class Throttled extends InputStream {
    private final InputStream in;

    Throttled(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      thaw();
      if (!(conduct instanceof Conduct.Slow(int bytesPerSecond))) {
        return in.read(into, at, length);
      }
      int n = in.read(into, at, Math.min(length, Math.max(1, bytesPerSecond / 100)));
      pause(Duration.ofSeconds(1).toNanos() * Math.max(0, n) / bytesPerSecond);
      return n;
    }
  }
}
