package io.logboom.testkit.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on plain sockets whose answers are written byte by byte as the test wants
 * them, broken ones too. It reads requests strictly: a body shorter or longer than its {@code
 * Content-Length} shows.
 */
public final class ScriptedServer implements AutoCloseable {
  /** Plays the server's part of one request. */
  public interface Script {
    void play(Received request, Line line) throws IOException, InterruptedException;
  }

  /** Plays the server's part of a connection from its first byte. */
  public interface Bare {
    void play(InputStream in, Line line) throws IOException, InterruptedException;
  }

  /**
   * A request as it came. A header that came twice has both values, with a comma between. The body
   * is as on the wire; {@link #text} undoes gzip.
   */
  public record Received(
      int connection, String method, String path, Map<String, String> headers, byte[] body) {
    /** The body as text, uncompressed. */
    public String text() {
      try {
        return "gzip".equals(headers.get("content-encoding"))
            ? new String(
                new GZIPInputStream(new java.io.ByteArrayInputStream(body)).readAllBytes(),
                StandardCharsets.UTF_8)
            : new String(body, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new IllegalStateException("the body is no gzip", e);
      }
    }
  }

  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Received> received = new ArrayList<>();
  private final List<Exception> complaints = new ArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread accepting;
  private volatile Script script;
  private volatile @Nullable Bare bare;

  private ScriptedServer(ServerSocket listening, Script script) {
    this.listening = listening;
    this.script = script;
    this.accepting = Thread.ofVirtual().name("scripted-server").unstarted(this::accept);
  }

  public static ScriptedServer start(Script script) throws IOException {
    return start(script, null, false);
  }

  /**
   * With TLS where {@code tls} is given.
   *
   * @param clientCertificate whether a client must show a certificate
   */
  public static ScriptedServer start(
      Script script, @Nullable SSLContext tls, boolean clientCertificate) throws IOException {
    return on(0, script, tls, clientCertificate);
  }

  /** On a port of the test's choice, such as one that a server had before. */
  public static ScriptedServer on(
      int port, Script script, @Nullable SSLContext tls, boolean clientCertificate)
      throws IOException {
    return on(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        script,
        tls,
        clientCertificate);
  }

  /** At an address of loopback: as one of several that a name has. */
  public static ScriptedServer on(InetSocketAddress address, Script script) throws IOException {
    return on(address, script, null, false);
  }

  private static ScriptedServer on(
      InetSocketAddress address, Script script, @Nullable SSLContext tls, boolean clientCertificate)
      throws IOException {
    ServerSocketFactory factory =
        tls == null ? ServerSocketFactory.getDefault() : tls.getServerSocketFactory();
    ServerSocket socket = factory.createServerSocket();
    if (socket instanceof SSLServerSocket secure) {
      secure.setNeedClientAuth(clientCertificate);
    }
    socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    socket.bind(address);
    ScriptedServer server = new ScriptedServer(socket, script);
    server.accepting.start();
    return server;
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** From the next request on. */
  public void script(Script next) {
    script = next;
  }

  /** Connections that are made from here on are played so, and requests not read. */
  public void bare(Bare next) {
    bare = next;
  }

  /** How many connections were made to it. */
  public int connections() {
    return connections.get();
  }

  /** The connections that are open now. */
  public int open() {
    return open.size();
  }

  /** Whole requests, in the order in which they came. */
  public List<Received> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  /** What was wrong with what clients sent; empty where nothing was. */
  public List<Exception> complaints() {
    synchronized (received) {
      return List.copyOf(complaints);
    }
  }

  /** Closes all connections that are open now; the server goes on listening. */
  public void dropConnections() {
    for (Socket socket : open) {
      closeQuietly(socket);
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true); // else an answer's body waits 40 ms behind its head
        open.add(socket);
        int number = connections.getAndIncrement();
        Thread.ofVirtual().name("scripted-" + number).start(() -> serve(socket, number));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          complain(e);
        }
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      Bare whole = bare;
      if (whole != null) {
        whole.play(socket.getInputStream(), new Line(socket, closed));
        return;
      }
      InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
      while (!socket.isClosed()) {
        Received request = read(in, number);
        if (request == null) {
          return;
        }
        synchronized (received) {
          received.add(request);
        }
        script.play(request, new Line(socket, closed));
      }
    } catch (IOException e) {
      // The client went away, which is its right.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      complain(e);
    } finally {
      open.remove(socket);
    }
  }

  private void complain(Exception e) {
    synchronized (received) {
      complaints.add(e);
    }
  }

  private static @Nullable Received read(InputStream in, int number) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    String[] words = first.split(" ", -1);
    if (words.length != 3 || !words[2].equals("HTTP/1.1")) {
      throw new IllegalStateException("no request line: '" + first + "'");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + "," + other);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the body ends early");
    }
    return new Received(number, words[0], words[1], headers, body);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(128);
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        return out.toString(StandardCharsets.UTF_8).strip();
      }
      out.write(c);
    }
    return null;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed one way or the other.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    closed.countDown();
    try {
      // A connection may have been accepted at the last moment.
      accepting.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dropConnections();
  }

  /** The server's side of a connection. */
  public static final class Line {
    private final Socket socket;
    private final CountDownLatch closed;
    private final OutputStream out;

    private Line(Socket socket, CountDownLatch closed) throws IOException {
      this.socket = socket;
      this.closed = closed;
      this.out = socket.getOutputStream();
    }

    /** Sends a whole answer with a {@code Content-Length}. */
    public void answer(int status, String body, String... headerLines) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      head(status, "Content-Length: " + bytes.length, headerLines);
      raw(bytes);
    }

    /** Sends a whole answer in chunks of {@code chunk} bytes. */
    public void chunked(int status, String body, int chunk) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      head(status, "Transfer-Encoding: chunked");
      for (int i = 0; i < bytes.length; i += chunk) {
        int n = Math.min(chunk, bytes.length - i);
        raw((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, i, n);
        raw("\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends status and headers. */
    public void head(int status, String header, String... more) throws IOException {
      StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " X\r\n" + header + "\r\n");
      for (String line : more) {
        text.append(line).append("\r\n");
      }
      raw(text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends bytes as they are. */
    public void raw(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** Sends bytes one by one, each after a while, until all are sent or the server closes. */
    public void trickle(byte[] bytes, Duration each) throws IOException, InterruptedException {
      for (byte b : bytes) {
        if (closed.await(each.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
        raw(new byte[] {b});
      }
    }

    /** Waits a while, or until the server closes. */
    public void pause(Duration time) throws InterruptedException {
      var _ = closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the connection in order. */
    public void close() throws IOException {
      socket.close();
    }

    /** Ends the connection with a reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Says nothing until the server closes. */
    public void silence() throws InterruptedException {
      closed.await();
    }
  }
}
