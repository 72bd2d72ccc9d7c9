package io.logboom.net.forward;

import io.logboom.api.json.ByteSink;
import io.logboom.net.msgpack.MsgPackReader;
import io.logboom.net.msgpack.MsgPackReader.Kind;
import io.logboom.net.msgpack.MsgPackWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A client's side of the {@link Handshake}: reads HELO and PONG, writes PING. */
public final class ClientHandshake {
  private ClientHandshake() {}

  /**
   * The server's HELO.
   *
   * @param auth empty where the server asks for no user
   * @param keepalive whether the connection may be used again
   */
  public record Helo(byte[] nonce, byte[] auth, boolean keepalive) {
    /** Reads a HELO from its whole bytes; null where they are something else. */
    public static @Nullable Helo read(byte[] b, int from, int to) {
      MsgPackReader r = new MsgPackReader().reset(b, from, to);
      if (r.next() != Kind.ARRAY || r.length() != 2 || !isText(r.next()) || !r.is("HELO")) {
        return null;
      }
      r.skip();
      if (r.next() != Kind.MAP) {
        return null;
      }
      byte[] nonce = null;
      byte[] auth = {};
      boolean keepalive = true;
      for (int left = r.length(); left > 0; left--) {
        if (!isText(r.next()) || !r.isWhole()) {
          return null;
        }
        String name = new String(r.bytes(), StandardCharsets.ISO_8859_1);
        int value = r.position();
        Kind kind = r.next();
        if (name.equals("keepalive") && kind == Kind.BOOLEAN) {
          keepalive = r.number() != 0;
        } else if (name.equals("nonce") && isText(kind) && r.isWhole()) {
          nonce = r.bytes();
        } else if (name.equals("auth") && isText(kind) && r.isWhole()) {
          auth = r.bytes();
        } else if (!r.reset(b, value, to).skipValue()) {
          return null;
        }
      }
      return nonce == null ? null : new Helo(nonce, auth, keepalive);
    }
  }

  /**
   * The server's PONG.
   *
   * @param reason empty where all is well
   */
  public record Pong(boolean ok, String reason, byte[] hostname, byte[] digest) {
    /** Reads a PONG from its whole bytes; null where they are something else. */
    public static @Nullable Pong read(byte[] b, int from, int to) {
      MsgPackReader r = new MsgPackReader().reset(b, from, to);
      if (r.next() != Kind.ARRAY || r.length() != 5 || !isText(r.next()) || !r.is("PONG")) {
        return null;
      }
      r.skip();
      if (r.next() != Kind.BOOLEAN) {
        return null;
      }
      boolean ok = r.number() != 0;
      byte[][] parts = new byte[3][];
      for (int i = 0; i < parts.length; i++) {
        Kind kind = r.next();
        if (kind == Kind.NIL) {
          parts[i] = new byte[0];
        } else if (isText(kind) && r.isWhole()) {
          parts[i] = r.bytes();
        } else {
          return null;
        }
      }
      return new Pong(ok, new String(parts[0], StandardCharsets.UTF_8), parts[1], parts[2]);
    }

    /** Whether the server knows the shared key. */
    public boolean knows(byte[] salt, byte[] nonce, String key) {
      byte[] right =
          Handshake.digest(salt, hostname, nonce, utf8(key)).getBytes(StandardCharsets.US_ASCII);
      return MessageDigest.isEqual(digest, right);
    }
  }

  /** The PING that answers a HELO; with a user only where the server asks for one. */
  public static byte[] ping(Helo helo, byte[] salt, Credentials mine) {
    byte[] host = utf8(mine.hostname());
    String key = mine.sharedKey() == null ? "" : mine.sharedKey().reveal();
    boolean user = helo.auth().length > 0;
    byte[] name = utf8(user ? mine.username() : "");
    ByteSink out = ByteSink.growing(512);
    new MsgPackWriter(out)
        .array(6)
        .text("PING")
        .text(host)
        .text(salt)
        .text(Handshake.digest(salt, host, helo.nonce(), utf8(key)))
        .text(name)
        .text(user ? Handshake.digest(helo.auth(), name, utf8(mine.password().reveal())) : "");
    return out.toByteArray();
  }

  private static boolean isText(Kind kind) {
    return kind == Kind.TEXT || kind == Kind.BYTES;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
