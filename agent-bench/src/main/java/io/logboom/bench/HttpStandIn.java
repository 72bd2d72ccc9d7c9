package io.logboom.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The bare HTTP/1.1 of a stand-in server on loopback: one thread per connection, as little work per
 * byte as there can be.
 */
abstract class HttpStandIn implements AutoCloseable {
  private final ServerSocket socket;

  HttpStandIn() throws IOException {
    this(ServerSocketFactory.getDefault());
  }

  /** With another kind of sockets, as for TLS. */
  HttpStandIn(ServerSocketFactory sockets) throws IOException {
    socket = sockets.createServerSocket(0, 128, InetAddress.getLoopbackAddress());
  }

  /** Begins to listen. */
  final void start(String name) {
    Thread.ofPlatform().daemon().name(name).start(this::accept);
  }

  final int port() {
    return socket.getLocalPort();
  }

  /** Takes in a part of a request's body. */
  abstract void body(Request request, byte[] part, int length);

  /** Answers a request whose body has ended. */
  abstract void answer(Request request, OutputStream out) throws IOException;

  /** A request's first line and what its header says about its body. */
  static final class Request {
    final String method;
    final String target;
    long length;
    boolean chunked;
    boolean expectsContinue;
    boolean close;
    @Nullable Counter counter;
    private final Map<String, String> headers = new HashMap<>();

    Request(String line) {
      String[] words = line.split(" ", -1);
      method = words[0];
      target = words.length > 1 ? words[1] : "";
    }

    /** A header's value; empty where there is none. */
    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    private void add(String line) {
      String lower = line.toLowerCase(Locale.ROOT);
      int colon = lower.indexOf(':');
      String value = lower.substring(colon + 1).strip();
      headers.put(lower.substring(0, Math.max(0, colon)), line.substring(colon + 1).strip());
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(value);
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = value.contains("chunked");
      } else if (lower.startsWith("expect:")) {
        expectsContinue = true;
      } else if (lower.startsWith("connection:")) {
        close = value.contains("close");
      }
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connection.setTcpNoDelay(true);
        Thread.ofPlatform().daemon().name("stand-in").start(() -> serve(connection));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream(), 1 << 16);
      OutputStream out = connection.getOutputStream();
      byte[] part = new byte[1 << 16];
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        Request request = new Request(line);
        for (String h = line(in); !h.isEmpty(); h = line(in)) {
          request.add(h);
        }
        if (request.expectsContinue) {
          out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        read(request, in, part);
        answer(request, out);
        if (request.close) {
          return;
        }
      }
    } catch (IOException e) {
      // The agent has closed the connection, or was killed: there is nobody to tell.
    }
  }

  private void read(Request request, InputStream in, byte[] part) throws IOException {
    if (!request.chunked) {
      read(request, in, part, request.length);
      return;
    }
    while (true) {
      long size = Long.parseLong(line(in).strip(), 16);
      if (size == 0) {
        while (!line(in).isEmpty()) {
          // trailers
        }
        return;
      }
      read(request, in, part, size);
      line(in);
    }
  }

  private void read(Request request, InputStream in, byte[] part, long count) throws IOException {
    long left = count;
    while (left > 0) {
      int n = in.read(part, 0, (int) Math.min(left, part.length));
      if (n < 0) {
        throw new EOFException();
      }
      body(request, part, n);
      left -= n;
    }
  }

  /** A line without its end; empty at the end of the connection too. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  static void json(OutputStream out, int status, String body) throws IOException {
    answer(
        out,
        status + " OK\r\nX-Elastic-Product: Elasticsearch\r\nContent-Type: application/json",
        body);
  }

  /** Sends a status, with its reason and perhaps headers, and a body. */
  static void answer(OutputStream out, String status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String length = status.startsWith("204") ? "" : "\r\nContent-Length: " + bytes.length;
    String head = "HTTP/1.1 " + status + length + "\r\n\r\n";
    byte[] all = new byte[head.length() + bytes.length];
    System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, all, 0, head.length());
    System.arraycopy(bytes, 0, all, head.length(), bytes.length);
    out.write(all);
    out.flush();
  }

  @Override
  public final void close() throws IOException {
    socket.close();
  }
}
