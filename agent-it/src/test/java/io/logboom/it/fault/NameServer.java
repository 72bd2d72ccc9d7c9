package io.logboom.it.fault;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A DNS server (RFC 1035) with one name, which fails on command. UDP only, one question each. */
final class NameServer implements AutoCloseable {
  private static final int SERVFAIL = 2;
  private static final int NXDOMAIN = 3;
  private static final int A = 1;
  private static final int TTL_SECONDS = 5;
  private static final int HEAD = 12;

  private final DatagramSocket socket;
  private final String name;
  private volatile List<InetAddress> addresses = List.of();
  private volatile int questions;

  /**
   * @throws SocketException where it may not listen there, as on ports below 1024
   */
  NameServer(InetSocketAddress where, String name) throws SocketException {
    this.socket = new DatagramSocket(where);
    this.name = name;
    Thread.ofPlatform().daemon().name("name-server").start(this::serve);
  }

  /** The name's addresses from here on; none: every question is answered with SERVFAIL. */
  void addresses(List<InetAddress> now) {
    addresses = List.copyOf(now);
  }

  /** How often it was asked. */
  int questions() {
    return questions;
  }

  private void serve() {
    byte[] buffer = new byte[512];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()));
        questions++;
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        // Closed, or the asker is gone.
      }
    }
  }

  private byte[] answer(byte[] question) {
    StringBuilder asked = new StringBuilder();
    int at = HEAD;
    for (int length = question[at++]; length > 0; length = question[at++]) {
      asked.append(new String(question, at, length, StandardCharsets.US_ASCII)).append('.');
      at += length;
    }
    int type = (question[at] & 0xFF) << 8 | (question[at + 1] & 0xFF);
    int end = at + 4;
    List<InetAddress> now = addresses;
    boolean known = asked.toString().toLowerCase(Locale.ROOT).equals(name + ".");
    List<InetAddress> found = known && type == A ? now : List.of();
    int code = now.isEmpty() ? SERVFAIL : known ? 0 : NXDOMAIN;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(question, 0, 2);
    // An answer, recursion was wanted and is there; one question, some answers.
    out.writeBytes(new byte[] {(byte) 0x81, (byte) (0x80 | code), 0, 1, 0, (byte) found.size()});
    out.writeBytes(new byte[4]);
    out.write(question, HEAD, end - HEAD);
    for (InetAddress each : found) {
      // The name as a pointer to the question, type A, class IN.
      out.writeBytes(new byte[] {(byte) 0xC0, HEAD, 0, A, 0, 1, 0, 0, 0, TTL_SECONDS, 0, 4});
      out.writeBytes(each.getAddress());
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
