package io.logboom.input.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that sends what it is told, and reads answers one by one. */
final class Raw implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** An answer. */
  record Reply(int status, String head, String body) {
    boolean closes() {
      return head.contains("Connection: close");
    }
  }

  Raw(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
  }

  Raw send(byte[]... pieces) throws IOException {
    for (byte[] each : pieces) {
      socket.getOutputStream().write(each);
    }
    socket.getOutputStream().flush();
    return this;
  }

  Raw send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends as much as the other end takes before it closes. */
  Raw trySend(byte[]... pieces) {
    try {
      return send(pieces);
    } catch (IOException e) {
      return this;
    }
  }

  /** A POST of JSON. */
  static String post(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  Reply answer() throws IOException {
    String head = line();
    int status = Integer.parseInt(head.split(" ", 3)[1]);
    StringBuilder all = new StringBuilder(head);
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      all.append('\n').append(line);
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Reply(status, all.toString(), body);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new SocketException("closed after: " + line.toString(StandardCharsets.UTF_8));
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** Waits for the other end to close. */
  boolean isClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  boolean hasAnswer() throws IOException {
    return in.available() > 0;
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
