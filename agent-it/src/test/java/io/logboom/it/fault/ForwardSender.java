package io.logboom.it.fault;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/**
 * Clients of the Forward protocol that number their records and keep each chunk until it is
 * acknowledged: where a connection breaks they connect anew and send again what is not.
 */
final class ForwardSender implements AutoCloseable {
  static final int CHUNK = 100;
  private static final int WINDOW = 8;
  private static final byte[] ACK = {(byte) 0x81, (byte) 0xA3, 'a', 'c', 'k'};
  private static final Duration TRY_AGAIN = Duration.ofMillis(20);

  private final int port;
  private final String prefix;
  private final long chunks;
  private final double chunksPerSecond;
  private final long start = System.nanoTime();
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong sentAgain = new AtomicLong();
  private final List<Thread> threads;
  private volatile boolean closed;

  /**
   * @param records in all; whole chunks are sent
   */
  ForwardSender(int port, String prefix, long records, double perSecond, int connections) {
    this.port = port;
    this.prefix = prefix;
    this.chunks = records / CHUNK;
    this.chunksPerSecond = perSecond / CHUNK;
    this.threads =
        IntStream.range(0, connections)
            .mapToObj(i -> Thread.ofVirtual().start(() -> run(i)))
            .toList();
  }

  /** Records that were acknowledged. */
  long acknowledged() {
    return acknowledged.get() * CHUNK;
  }

  /** Records that were sent once more. */
  long sentAgain() {
    return sentAgain.get() * CHUNK;
  }

  boolean isDone() {
    return acknowledged.get() == chunks;
  }

  private void run(int number) {
    Map<String, byte[]> open = new LinkedHashMap<>();
    while (!closed) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        for (byte[] each : open.values()) {
          out.write(each);
          sentAgain.incrementAndGet();
        }
        if (send(number, in, out, open)) {
          return;
        }
      } catch (IOException e) {
        Stand.letBe(TRY_AGAIN); // the agent is not there
      }
    }
  }

  /** True when all chunks are sent, and those of this connection acknowledged. */
  private boolean send(int number, DataInputStream in, OutputStream out, Map<String, byte[]> open)
      throws IOException {
    while (!closed) {
      long chunk = open.size() < WINDOW ? next.getAndIncrement() : chunks;
      if (chunk < chunks) {
        awaitTurn(chunk);
        String id = String.format(java.util.Locale.ROOT, "%016x", chunk);
        byte[] frame = frame(number, chunk, id);
        open.put(id, frame);
        out.write(frame);
      } else if (open.isEmpty()) {
        return true;
      } else {
        readAck(in, open);
      }
    }
    return true;
  }

  private void awaitTurn(long chunk) {
    long due = start + (long) (chunk * 1e9 / chunksPerSecond);
    Stand.letBe(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
  }

  private void readAck(DataInputStream in, Map<String, byte[]> open) throws IOException {
    byte[] head = in.readNBytes(ACK.length);
    if (head.length < ACK.length) {
      throw new IOException("the connection ends");
    }
    String id = new String(in.readNBytes(in.readUnsignedByte() & 0x1F), StandardCharsets.US_ASCII);
    if (!java.util.Arrays.equals(head, ACK) || open.remove(id) == null) {
      throw new AssertionError("an acknowledgement of " + id + ", which is not under way");
    }
    acknowledged.incrementAndGet();
  }

  /** Each connection has a mode of its own. */
  private byte[] frame(int number, long chunk, String id) throws IOException {
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    for (int i = 0; i < CHUNK; i++) {
      entries.writeBytes(new byte[] {(byte) 0x92, (byte) 0xD7, 0});
      long seconds = start / 1_000_000_000;
      entries.writeBytes(ByteBuffer.allocate(8).putInt((int) seconds).putInt(i).array());
      entries.write(0x82);
      text(entries, "log");
      text(
          entries, "a record of a client that keeps it until it is acknowledged".substring(i % 32));
      text(entries, "seq");
      text(entries, prefix + "-" + (chunk * CHUNK + i));
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x93);
    text(frame, "app." + number);
    if (number % 3 == 0) {
      frame.write(0xDC);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) CHUNK).array());
    } else {
      if (number % 3 == 1) {
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
          entries.writeTo(gzip);
        }
        entries = small;
      }
      frame.write(0xC6);
      frame.writeBytes(ByteBuffer.allocate(4).putInt(entries.size()).array());
    }
    entries.writeTo(frame);
    frame.write(0x81);
    text(frame, "chunk");
    text(frame, id);
    return frame.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length < 32) {
      out.write(0xA0 | bytes.length);
    } else {
      out.write(0xD9);
      out.write(bytes.length);
    }
    out.writeBytes(bytes);
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread each : threads) {
        each.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
