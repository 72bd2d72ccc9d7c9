package io.logboom.testkit.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A port whose queue of connections is full: who connects hears nothing, as from a host that is
 * gone.
 */
public final class DeafServer implements AutoCloseable {
  // The kernel takes one more than it was told, and more still while it makes room for them.
  private static final int FILL = 4;

  private final ServerSocket listening;
  private final List<SocketChannel> queued = new ArrayList<>();

  private DeafServer(ServerSocket listening) {
    this.listening = listening;
  }

  /** On a port of the test's choice. */
  public static DeafServer on(int port) throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
    DeafServer server = new DeafServer(listening);
    for (int i = 0; i < FILL; i++) {
      SocketChannel channel = SocketChannel.open();
      server.queued.add(channel);
      channel.configureBlocking(false);
      channel.connect(listening.getLocalSocketAddress());
    }
    return server;
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : queued) {
      channel.close();
    }
    listening.close();
  }
}
