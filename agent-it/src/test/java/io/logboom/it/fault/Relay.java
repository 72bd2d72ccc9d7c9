package io.logboom.it.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A port before a server's port, both on loopback. It can become a black hole: then it takes
 * connections and all that is sent, and answers nothing.
 *
 * <p>Whoever has sent something into the hole stays in it until it ends, and is cut off then. The
 * server never gets such a request, nor a part of one that it could take for the whole; the answer
 * to a request from before still comes.
 */
final class Relay implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  /** A client's connection, and the one to the server that goes with it. */
  private record Pair(Socket client, Socket server) implements Closeable {
    @Override
    public void close() throws IOException {
      try {
        client.close();
      } finally {
        server.close();
      }
    }
  }

  private final int port;
  private final ServerSocket listening;
  private final Set<Pair> open = new HashSet<>();
  private final Set<Pair> caught = new HashSet<>();
  private boolean black;
  private int swallowed;

  /** Before that port. */
  Relay(int port) throws IOException {
    this.port = port;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("relay").start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** From now on it is a black hole. */
  synchronized void swallow() {
    black = true;
    swallowed = 0;
  }

  /** It is none any more; connections that are in it end. */
  synchronized void giveOn() {
    black = false;
    caught.forEach(Relay::closeQuietly);
    caught.clear();
  }

  /** How many connections the latest hole has caught. */
  synchronized int swallowed() {
    return swallowed;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().name("relay-up").start(() -> serve(client));
      } catch (IOException e) {
        // It is closed, or the client has gone already.
      }
    }
  }

  private void serve(Socket client) {
    try (Pair pair = new Pair(client, new Socket())) {
      if (!enter(pair)) {
        return;
      }
      try {
        client.setTcpNoDelay(true);
        pair.server.setTcpNoDelay(true);
        pair.server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofVirtual().name("relay-down").start(() -> toClient(pair));
        toServer(pair);
      } finally {
        leave(pair);
      }
    } catch (IOException e) {
      // One of the two has gone, and so the other goes.
    }
  }

  private void toServer(Pair pair) throws IOException {
    InputStream in = pair.client.getInputStream();
    OutputStream out = pair.server.getOutputStream();
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      if (!catches(pair)) {
        out.write(buffer, 0, n);
      }
    }
  }

  private void toClient(Pair pair) {
    try {
      InputStream in = pair.server.getInputStream();
      OutputStream out = pair.client.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!isCaught(pair)) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // As at its end.
    }
    if (!isCaught(pair)) {
      closeQuietly(pair);
    }
  }

  private synchronized boolean enter(Pair pair) {
    return !listening.isClosed() && open.add(pair);
  }

  private synchronized void leave(Pair pair) {
    open.remove(pair);
    caught.remove(pair);
  }

  private synchronized boolean catches(Pair pair) {
    if (black && caught.add(pair)) {
      swallowed++;
    }
    return caught.contains(pair);
  }

  private synchronized boolean isCaught(Pair pair) {
    return caught.contains(pair);
  }

  private static void closeQuietly(Closeable each) {
    try {
      each.close();
    } catch (IOException e) {
      // It is closed one way or the other.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    List<Pair> last;
    synchronized (this) {
      last = List.copyOf(open);
    }
    last.forEach(Relay::closeQuietly);
  }
}
