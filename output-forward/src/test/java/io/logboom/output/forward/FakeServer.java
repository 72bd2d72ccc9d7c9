package io.logboom.output.forward;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ArrayValue;
import org.msgpack.value.ExtensionValue;
import org.msgpack.value.Value;

/**
 * A server of the Forward protocol by the MessagePack project's own decoder. What it does with a
 * connection and with a frame is what the test says; by default it takes and acknowledges all.
 */
final class FakeServer implements AutoCloseable {
  /** An entry as it came. */
  record Entry(String tag, long seconds, int nanos, String json) {}

  /** A frame as it came. */
  record Frame(String tag, List<Entry> entries, Map<String, String> option, int bytes) {
    String chunk() {
      return option.getOrDefault("chunk", "");
    }
  }

  /** One connection. */
  static final class Line {
    private final SocketChannel channel;
    private final InputStream in;
    final MessageUnpacker unpacker;
    final int number;

    Line(SocketChannel channel, int number) {
      this.channel = channel;
      this.in = Channels.newInputStream(channel);
      this.unpacker = MessagePack.newDefaultUnpacker(in);
      this.number = number;
    }

    void send(byte[] bytes) throws IOException {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }

    void ack(String chunk) throws IOException {
      send(packed(p -> p.packMapHeader(1).packString("ack").packString(chunk)));
    }

    void close() throws IOException {
      channel.close();
    }
  }

  /** What a server does with a connection before frames come. */
  @FunctionalInterface
  interface Greeting {
    void greet(Line line) throws IOException;
  }

  /** What a server does with a frame. */
  @FunctionalInterface
  interface Conduct {
    void frame(Frame frame, Line line) throws IOException;
  }

  /** Writes some values. */
  @FunctionalInterface
  interface Writing {
    void to(MessageBufferPacker packer) throws IOException;
  }

  static byte[] packed(Writing writing) throws IOException {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      writing.to(packer);
      return packer.toByteArray();
    }
  }

  private final ServerSocketChannel socket;
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Frame> frames = new CopyOnWriteArrayList<>();
  private volatile Greeting greeting = _ -> {};
  private volatile Conduct conduct = (frame, line) -> line.ack(frame.chunk());

  private FakeServer(ServerSocketChannel socket, SocketAddress address) throws IOException {
    this.socket = socket;
    socket.bind(address);
    Thread.ofVirtual().start(this::accept);
  }

  static FakeServer start() throws IOException {
    return at(0);
  }

  static FakeServer at(int port) throws IOException {
    return new FakeServer(
        ServerSocketChannel.open(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  static FakeServer unix(Path path) throws IOException {
    return new FakeServer(
        ServerSocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(path));
  }

  FakeServer greeting(Greeting value) {
    greeting = value;
    return this;
  }

  FakeServer conduct(Conduct value) {
    conduct = value;
    return this;
  }

  int port() {
    try {
      return ((InetSocketAddress) socket.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int connections() {
    return connections.get();
  }

  List<Frame> frames() {
    return frames;
  }

  List<Entry> entries() {
    return frames.stream().flatMap(frame -> frame.entries.stream()).toList();
  }

  /** The records as JSON. */
  List<String> records() {
    return entries().stream().map(Entry::json).toList();
  }

  /** Closes the connections that there are, as a server that is started anew. */
  void hangUp() throws IOException {
    for (SocketChannel each : open) {
      each.close();
    }
  }

  private void accept() {
    while (socket.isOpen()) {
      try {
        SocketChannel channel = socket.accept();
        open.add(channel);
        Line line = new Line(channel, connections.incrementAndGet());
        Thread.ofVirtual().start(() -> serve(line));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Line line) {
    try (line.channel) {
      greeting.greet(line);
      while (line.channel.isOpen() && line.unpacker.hasNext()) {
        Frame frame = frame(line.unpacker.unpackValue().asArrayValue());
        frames.add(frame);
        conduct.frame(frame, line);
      }
    } catch (IOException e) {
      // The connection ended, as tests have it.
    }
  }

  static Frame frame(ArrayValue value) throws IOException {
    String tag = value.get(0).asStringValue().asString();
    byte[] payload = value.get(1).asRawValue().asByteArray();
    Map<String, String> option =
        value.get(2).asMapValue().map().entrySet().stream()
            .collect(
                Collectors.toMap(
                    e -> e.getKey().toString(),
                    e ->
                        e.getValue().isStringValue()
                            ? e.getValue().asStringValue().asString()
                            : e.getValue().toJson()));
    int bytes = payload.length;
    if ("gzip".equals(option.get("compressed"))) {
      payload = new GZIPInputStream(new ByteArrayInputStream(payload)).readAllBytes();
    }
    List<Entry> entries = new ArrayList<>();
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(payload)) {
      while (unpacker.hasNext()) {
        entries.add(entry(tag, unpacker.unpackValue().asArrayValue()));
      }
    }
    return new Frame(tag, entries, option, bytes);
  }

  private static Entry entry(String tag, ArrayValue entry) {
    Value time = entry.get(0);
    String json = entry.get(1).toJson();
    if (time.isIntegerValue()) {
      return new Entry(tag, time.asIntegerValue().asLong(), -1, json);
    }
    ExtensionValue event = time.asExtensionValue();
    ByteBuffer data = ByteBuffer.wrap(event.getData());
    if (event.getType() != 0 || data.remaining() != 8) {
      throw new IllegalStateException("no EventTime: " + event);
    }
    return new Entry(tag, data.getInt() & 0xFFFF_FFFFL, data.getInt(), json);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    hangUp();
  }
}
