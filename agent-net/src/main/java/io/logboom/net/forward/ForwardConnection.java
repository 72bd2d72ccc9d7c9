package io.logboom.net.forward;

import io.logboom.net.body.Segments;
import io.logboom.net.dial.Endpoint;
import io.logboom.net.forward.ClientHandshake.Helo;
import io.logboom.net.forward.ClientHandshake.Pong;
import io.logboom.net.forward.ForwardFailure.Reason;
import io.logboom.net.msgpack.MsgPack;
import io.logboom.net.msgpack.MsgPackReader;
import io.logboom.net.msgpack.MsgPackReader.Kind;
import io.logboom.net.stream.StreamConnection;
import io.logboom.net.stream.StreamFailure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A connection to a server, on which frames go and acknowledgements come. One thread at a time. */
public final class ForwardConnection {
  /** The most bytes of a message that a server sends. */
  private static final int MOST_BYTES = 64 * 1024;

  private final ForwardServer server;
  private final StreamConnection stream;
  private final long silenceNanos;
  private byte[] in = new byte[512];
  private int from;
  private int to;
  private int uses;
  private boolean keepable = true;
  private boolean waited;
  private volatile long idleSinceNanos;

  ForwardConnection(ForwardServer server, StreamConnection stream, long silenceNanos) {
    this.server = server;
    this.stream = stream;
    this.silenceNanos = silenceNanos;
  }

  Endpoint endpoint() {
    return stream.endpoint();
  }

  StreamConnection stream() {
    return stream;
  }

  boolean isKeepable() {
    return keepable && from == to && !stream.hasUnread() && stream.isOpen();
  }

  int uses() {
    return uses;
  }

  void used() {
    uses++;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  void idleSince(long nanos) {
    waited = true;
    idleSinceNanos = nanos;
  }

  /** Whether it was open before it was taken this time. */
  public boolean isReused() {
    return uses > 1 || waited;
  }

  /** The server's address. */
  public String peer() {
    return stream.peer();
  }

  /**
   * Shows the server who this is, and sees whether it is the right one.
   *
   * @param patienceNanos how long each message of the server may take
   */
  void greet(long patienceNanos) throws ForwardFailure, InterruptedException {
    Credentials mine = server.credentials();
    if (mine.sharedKey() == null) {
      return;
    }
    Helo helo;
    try {
      int end = message(System.nanoTime(), patienceNanos);
      helo = Helo.read(in, from, end);
      from = end;
    } catch (ForwardFailure e) {
      throw silent(e, "sent no HELO: has it a shared_key?");
    }
    if (helo == null) {
      throw new ForwardFailure(Reason.PROTOCOL, peer() + " sent something else than a HELO");
    }
    keepable = helo.keepalive();
    byte[] salt = Handshake.random();
    write(ClientHandshake.ping(helo, salt, mine), null, new byte[0]);
    Pong pong;
    try {
      int end = message(System.nanoTime(), patienceNanos);
      pong = Pong.read(in, from, end);
      from = end;
    } catch (ForwardFailure e) {
      throw silent(e, "gave no answer to the handshake: is the shared_key right?");
    }
    if (pong == null) {
      throw new ForwardFailure(Reason.PROTOCOL, peer() + " sent something else than a PONG");
    }
    if (!pong.ok()) {
      throw new ForwardFailure(
          Reason.HANDSHAKE, peer() + " refuses the handshake: " + printable(pong.reason()));
    }
    if (!pong.knows(salt, helo.nonce(), mine.sharedKey().reveal())) {
      throw new ForwardFailure(
          Reason.HANDSHAKE, peer() + " does not know the shared key, and gets nothing");
    }
  }

  private ForwardFailure silent(ForwardFailure e, String what) {
    boolean end = e.reason() == Reason.CLOSED || e.reason() == Reason.TIMEOUT;
    return end ? new ForwardFailure(Reason.HANDSHAKE, peer() + " " + what) : e;
  }

  private static String printable(String text) {
    String line = text.replaceAll("[^\\x20-\\x7e]", "?").strip();
    return line.isEmpty() ? "it does not say why" : line.substring(0, Math.min(200, line.length()));
  }

  /**
   * Sends a frame, and returns when the kernel has it. The body is free then, and also where this
   * throws.
   */
  public void send(byte[] head, Segments body, byte[] tail)
      throws ForwardFailure, InterruptedException {
    write(head, body, tail);
  }

  private void write(byte[] head, @org.jspecify.annotations.Nullable Segments body, byte[] tail)
      throws ForwardFailure, InterruptedException {
    try {
      stream.write(head, body, tail, silenceNanos);
    } catch (StreamFailure e) {
      if (e.kind() == StreamFailure.Kind.CLOSED) {
        refused();
      }
      throw new ForwardFailure(e);
    }
  }

  /** Where the server said why it closed, that is the reason. */
  private void refused() throws ForwardFailure, InterruptedException {
    try {
      if (hasUnread()) {
        ack(System.nanoTime(), 1);
      }
    } catch (ForwardFailure said) {
      if (said.reason() == Reason.HANDSHAKE) {
        throw said;
      }
    }
  }

  /** Whether something has come that nobody waits for. */
  public boolean hasUnread() {
    return from < to || stream.hasUnread();
  }

  /**
   * Waits for an acknowledgement.
   *
   * @param sinceNanos since when the server has had its time
   * @return the chunk's id
   */
  public String ack(long sinceNanos, long patienceNanos)
      throws ForwardFailure, InterruptedException {
    int end;
    try {
      end = message(sinceNanos, patienceNanos);
    } catch (ForwardFailure e) {
      throw e.reason() == Reason.TIMEOUT
          ? new ForwardFailure(
              Reason.TIMEOUT,
              peer() + " did not acknowledge within " + patienceNanos / 1_000_000_000 + " s")
          : e;
    }
    String id = id(end);
    from = end;
    return id;
  }

  private String id(int end) throws ForwardFailure {
    MsgPackReader r = new MsgPackReader().reset(in, from, end);
    Kind kind = r.next();
    if (kind == Kind.ARRAY && Helo.read(in, from, end) != null) {
      throw new ForwardFailure(
          Reason.HANDSHAKE, peer() + " asks for a handshake: give its key with shared_key");
    }
    if (kind == Kind.MAP) {
      for (int left = r.length(); left > 0; left--) {
        int name = r.position();
        Kind of = r.next();
        if ((of == Kind.TEXT || of == Kind.BYTES) && r.is("ack")) {
          r.skip();
          Kind value = r.next();
          if (value == Kind.TEXT || value == Kind.BYTES) {
            return new String(r.bytes(), StandardCharsets.ISO_8859_1);
          }
          break;
        }
        if (!r.reset(in, name, end).skipValue() || !r.skipValue()) {
          break;
        }
      }
    }
    throw new ForwardFailure(Reason.PROTOCOL, peer() + " sent something else than an ack");
  }

  /** Waits for a whole message, which starts at {@link #from}; returns where it ends. */
  private int message(long sinceNanos, long patienceNanos)
      throws ForwardFailure, InterruptedException {
    while (true) {
      int end = from == to ? MsgPack.INCOMPLETE : MsgPack.end(in, from, to);
      if (end >= 0) {
        return end;
      }
      if (end != MsgPack.INCOMPLETE || to - from >= MOST_BYTES) {
        throw new ForwardFailure(
            Reason.PROTOCOL, peer() + " sent what is no message of the Forward protocol");
      }
      if (from > 0) {
        System.arraycopy(in, from, in, 0, to - from);
        to -= from;
        from = 0;
      }
      if (to == in.length) {
        in = Arrays.copyOf(in, in.length * 2);
      }
      try {
        to += stream.read(in, to, sinceNanos, patienceNanos);
      } catch (StreamFailure e) {
        throw new ForwardFailure(e);
      }
    }
  }
}
