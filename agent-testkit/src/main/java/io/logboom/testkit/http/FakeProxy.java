package io.logboom.testkit.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on a free port of loopback: opens ways ({@code CONNECT}) and passes requests on
 * whose target is a whole URI. Whatever host is asked for, it connects to loopback.
 */
public final class FakeProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final @Nullable String authorization;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> lines = new ArrayList<>();
  private volatile int refusal;

  private FakeProxy(ServerSocket listening, @Nullable String authorization) {
    this.listening = listening;
    this.authorization = authorization;
  }

  /** One that serves all. */
  public static FakeProxy start() throws IOException {
    return start(null);
  }

  /** One that serves whoever knows {@code user:password}. */
  public static FakeProxy start(@Nullable String credentials) throws IOException {
    return start(credentials, null);
  }

  /** One that is spoken to by TLS, where {@code tls} is given. */
  public static FakeProxy start(@Nullable String credentials, @Nullable SSLContext tls)
      throws IOException {
    ServerSocketFactory factory =
        tls == null ? ServerSocketFactory.getDefault() : tls.getServerSocketFactory();
    String authorization =
        credentials == null
            ? null
            : "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    FakeProxy proxy =
        new FakeProxy(
            factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress()), authorization);
    Thread.ofVirtual().name("proxy").start(proxy::accept);
    return proxy;
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Answers all that follows with this status; 0 for none. */
  public void refuse(int status) {
    refusal = status;
  }

  /** The request lines that came, in their order. */
  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        client.setTcpNoDelay(true);
        open.add(client);
        Thread.ofVirtual().name("proxied").start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      for (Head head = Head.read(in); head != null; head = Head.read(in)) {
        synchronized (lines) {
          lines.add(head.line);
        }
        int status =
            refusal != 0
                ? refusal
                : authorization == null || authorization.equals(head.value("proxy-authorization"))
                    ? 200
                    : 407;
        if (status != 200) {
          say(client, "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
        } else if (head.line.startsWith("CONNECT ")) {
          connect(client, in, head);
          return;
        } else {
          pass(client, in, head);
        }
      }
    } catch (IOException e) {
      // One end went away.
    } finally {
      open.remove(client);
    }
  }

  private void connect(Socket client, InputStream in, Head head) throws IOException {
    String target = head.line.split(" ", -1)[1];
    int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      server.setTcpNoDelay(true);
      open.add(server);
      say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
      Thread back = Thread.ofVirtual().name("back").start(() -> copy(server, client));
      in.transferTo(server.getOutputStream());
      server.shutdownOutput();
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One end went away.
    }
  }

  /** One request and its answer, whose length is given. */
  private static void pass(Socket client, InputStream in, Head head) throws IOException {
    String[] words = head.line.split(" ", -1);
    URI target = URI.create(words[1]);
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
      StringBuilder text =
          new StringBuilder(words[0] + " " + target.getRawPath() + " " + words[2] + "\r\n");
      for (String each : head.headers) {
        if (!each.toLowerCase(Locale.ROOT).startsWith("proxy-")) {
          text.append(each).append("\r\n");
        }
      }
      OutputStream out = server.getOutputStream();
      out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      out.write(in.readNBytes(head.length()));
      InputStream back = new BufferedInputStream(server.getInputStream());
      Head answer = Head.read(back);
      if (answer == null) {
        say(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      say(client, answer.line + "\r\n" + String.join("\r\n", answer.headers) + "\r\n\r\n");
      client.getOutputStream().write(back.readNBytes(answer.length()));
    }
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    to.getOutputStream().flush();
  }

  /** The first line and the headers. */
  private record Head(String line, List<String> headers) {
    static @Nullable Head read(InputStream in) throws IOException {
      String first = next(in);
      if (first == null) {
        return null;
      }
      List<String> headers = new ArrayList<>();
      for (String each = next(in); each != null && !each.isEmpty(); each = next(in)) {
        headers.add(each);
      }
      return new Head(first, headers);
    }

    private static @Nullable String next(InputStream in) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream(128);
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c == '\n') {
          return out.toString(StandardCharsets.ISO_8859_1).strip();
        }
        out.write(c);
      }
      return null;
    }

    @Nullable String value(String name) {
      for (String each : headers) {
        if (each.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
          return each.substring(name.length() + 1).strip();
        }
      }
      return null;
    }

    int length() {
      String value = value("content-length");
      return value == null ? 0 : Integer.parseInt(value);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket each : open) {
      each.close();
    }
  }
}
