package io.logboom.it.sink;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * An Elasticsearch that only counts: it takes every {@code _bulk} request, gives each document to a
 * consumer, and answers 201 for each. For work that a real server beside the agent on a small
 * machine would be too slow for; what is right or wrong in a request is for tests with the real
 * one.
 */
public final class BulkSink implements AutoCloseable {
  private final ServerSocket server;
  private final Consumer<byte[]> documents;
  private final AtomicLong count = new AtomicLong();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * @param documents is given each document as it came, by any thread
   */
  public BulkSink(Consumer<byte[]> documents) throws IOException {
    this.documents = documents;
    this.server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().name("bulk-sink").daemon().start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** How many documents have come. */
  public long count() {
    return count.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
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
      InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
      OutputStream out = socket.getOutputStream();
      for (Head head = Head.read(in); head != null; head = Head.read(in)) {
        byte[] body = head.body(in);
        out.write(answer(head, body));
        out.flush();
      }
    } catch (IOException e) {
      // The agent was killed, or the sink is closed: what was not answered counts for nobody.
    } finally {
      open.remove(socket);
    }
  }

  private byte[] answer(Head head, byte[] body) {
    String json =
        head.path().contains("_bulk")
            ? bulk(body)
            : "{\"name\":\"sink\",\"version\":{\"number\":\"8.17.0\",\"build_flavor\":\"default\"}}";
    String text =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-elastic-product: Elasticsearch\r\n"
            + "Content-Length: "
            + json.length()
            + "\r\n\r\n"
            + (head.method().equals("HEAD") ? "" : json);
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private String bulk(byte[] body) {
    StringBuilder items = new StringBuilder("{\"took\":1,\"errors\":false,\"items\":[");
    int lines = 0;
    int from = 0;
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '\n') {
        if (lines++ % 2 == 1) {
          byte[] document = new byte[i - from];
          System.arraycopy(body, from, document, 0, document.length);
          documents.accept(document);
          items.append(lines == 2 ? "" : ",").append("{\"create\":{\"status\":201}}");
        }
        from = i + 1;
      }
    }
    count.addAndGet(lines / 2);
    return items.append("]}").toString();
  }

  /** A request's first lines, as far as they matter here. */
  private record Head(String method, String path, long length, boolean chunked, boolean gzip) {

    /** The next request's head; null where the peer has closed. */
    @org.jspecify.annotations.Nullable
    static Head read(InputStream in) throws IOException {
      String first = line(in);
      if (first.isEmpty()) {
        return null;
      }
      String[] words = first.split(" ", 3);
      long length = 0;
      boolean chunked = false;
      boolean gzip = false;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        String header = line.toLowerCase(Locale.ROOT);
        if (header.startsWith("content-length:")) {
          length = Long.parseLong(header.substring(15).strip());
        } else if (header.startsWith("transfer-encoding:")) {
          chunked = header.contains("chunked");
        } else if (header.startsWith("content-encoding:")) {
          gzip = header.contains("gzip");
        }
      }
      return new Head(words[0], words[1], length, chunked, gzip);
    }

    byte[] body(InputStream in) throws IOException {
      byte[] raw = chunked ? chunks(in) : exactly(in, (int) length);
      if (!gzip) {
        return raw;
      }
      try (InputStream plain = new GZIPInputStream(new java.io.ByteArrayInputStream(raw))) {
        return plain.readAllBytes();
      }
    }

    private static byte[] chunks(InputStream in) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int n = Integer.parseInt(line(in), 16); n > 0; n = Integer.parseInt(line(in), 16)) {
        body.writeBytes(exactly(in, n));
        line(in);
      }
      line(in);
      return body.toByteArray();
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("the request ended after " + bytes.length + " of " + length);
      }
      return bytes;
    }

    private static String line(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }
  }
}
