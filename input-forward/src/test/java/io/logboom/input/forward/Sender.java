package io.logboom.input.forward;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.Value;

/** A client that does as it is told. */
final class Sender implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final MessageUnpacker unpacker;

  Sender(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
    this.unpacker = MessagePack.newDefaultUnpacker(in);
  }

  Sender send(byte[]... frames) throws IOException {
    for (byte[] each : frames) {
      socket.getOutputStream().write(each);
    }
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends as much as the other end takes before it closes. */
  Sender trySend(byte[]... frames) {
    try {
      return send(frames);
    } catch (IOException e) {
      return this;
    }
  }

  /** The next value that comes. */
  Value answer() throws IOException {
    return unpacker.unpackValue();
  }

  String ack() throws IOException {
    Value value = answer();
    return value
        .asMapValue()
        .map()
        .get(org.msgpack.value.ValueFactory.newString("ack"))
        .asRawValue()
        .asString();
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
