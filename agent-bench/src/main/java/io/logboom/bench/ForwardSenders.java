package io.logboom.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Connections that send chunks as fast as the server takes them. */
final class ForwardSenders {
  private static final byte[] ACK = {(byte) 0x81, (byte) 0xA3, 'a', 'c', 'k'};
  private static final long TRY_AGAIN_NANOS = Duration.ofMillis(20).toNanos();

  private final InetSocketAddress server;
  private final Load load;
  private final Chunks chunks;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<String> problem = new AtomicReference<>("");
  private final List<Thread> threads = new ArrayList<>();

  /**
   * What to send.
   *
   * @param chunks in all
   * @param records of each chunk
   * @param connections at once
   * @param window chunks that a connection sends before it waits for an acknowledgement; 0 for none
   *     at all
   * @param patience how long the server may take to listen
   */
  record Load(long chunks, int records, int connections, int window, Duration patience) {}

  ForwardSenders(InetSocketAddress server, Load load) {
    this.server = server;
    this.load = load;
    this.chunks = new Chunks(load.records(), load.window() > 0);
  }

  /** Begins as soon as the server listens. */
  ForwardSenders start() {
    for (int i = 0; i < load.connections(); i++) {
      threads.add(Thread.ofVirtual().start(this::run));
    }
    return this;
  }

  /**
   * Waits until all is sent, and acknowledged where it is to be; empty where nothing went wrong.
   */
  String join() throws InterruptedException {
    for (Thread each : threads) {
      each.join();
    }
    return problem.get();
  }

  /** Records that were acknowledged so far. */
  long acknowledged() {
    return acknowledged.get() * load.records();
  }

  void stop() {
    threads.forEach(Thread::interrupt);
  }

  private void run() {
    try (Socket socket = connect()) {
      socket.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      Set<String> open = new HashSet<>();
      for (long n = next.getAndIncrement(); n < load.chunks(); n = next.getAndIncrement()) {
        byte[] frame = chunks.frame(n);
        byte[] id = Chunks.id(n);
        chunks.name(frame, id);
        if (load.window() > 0) {
          open.add(new String(id, StandardCharsets.US_ASCII));
        }
        out.write(frame);
        while (load.window() > 0 && open.size() >= load.window()) {
          readAck(in, open);
        }
      }
      while (!open.isEmpty()) {
        readAck(in, open);
      }
    } catch (IOException e) {
      problem.compareAndSet("", "a connection failed: " + e);
    }
  }

  private Socket connect() throws IOException {
    long deadline = System.nanoTime() + load.patience().toNanos();
    while (true) {
      Socket socket = new Socket();
      try {
        socket.connect(server);
        return socket;
      } catch (IOException e) {
        socket.close();
        if (deadline - System.nanoTime() < 0 || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(TRY_AGAIN_NANOS);
      }
    }
  }

  private void readAck(DataInputStream in, Set<String> open) throws IOException {
    byte[] head = in.readNBytes(ACK.length);
    int size = in.readUnsignedByte();
    if (!Arrays.equals(head, ACK) || size != (0xA0 | Chunks.ID_BYTES)) {
      throw new IOException("what came is no acknowledgement");
    }
    String id = new String(in.readNBytes(Chunks.ID_BYTES), StandardCharsets.US_ASCII);
    if (!open.remove(id)) {
      throw new IOException("the acknowledgement of " + id + ", which is not under way");
    }
    acknowledged.incrementAndGet();
  }
}
