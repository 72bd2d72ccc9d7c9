package io.logboom.net.forward;

import io.logboom.api.json.ByteSink;
import io.logboom.net.msgpack.MsgPackReader;
import io.logboom.net.msgpack.MsgPackReader.Kind;
import io.logboom.net.msgpack.MsgPackWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The messages by which two ends show each other that they know the shared key.
 *
 * <pre>
 *   server  ["HELO", {"nonce": text, "auth": text, "keepalive": true}]
 *   client  ["PING", client host, salt, digest(salt, client host, nonce, key), user,
 *            digest(auth, user, password)]
 *   server  ["PONG", ok, reason, server host, digest(salt, server host, nonce, key)]
 * </pre>
 *
 * <p>A digest is SHA-512 of the bytes one after the other, in lower-case hexadecimal digits. Nonce,
 * auth and salt may be any bytes; those from here are ASCII, since some clients decode them as
 * text.
 */
public final class Handshake {
  private static final int RANDOM_BYTES = 15;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Handshake() {}

  /** The client's PING. */
  public record Ping(byte[] hostname, byte[] salt, byte[] digest, byte[] user, byte[] password) {
    /** Reads a PING from its whole bytes; null where they are something else. */
    public static @Nullable Ping read(byte[] b, int from, int to) {
      MsgPackReader r = new MsgPackReader().reset(b, from, to);
      if (r.next() != Kind.ARRAY || r.length() != 6) {
        return null;
      }
      byte[][] parts = new byte[6][];
      for (int i = 0; i < parts.length; i++) {
        Kind kind = r.next();
        if ((kind != Kind.TEXT && kind != Kind.BYTES) || !r.isWhole()) {
          return null;
        }
        parts[i] = r.bytes();
      }
      return "PING".equals(new String(parts[0], StandardCharsets.ISO_8859_1))
          ? new Ping(parts[1], parts[2], parts[3], parts[4], parts[5])
          : null;
    }

    /** Whether the sender knows the shared key. */
    public boolean knows(byte[] nonce, String key) {
      return isDigest(digest, salt, hostname, nonce, utf8(key));
    }

    /** Whether the sender knows the user's password. */
    public boolean isFrom(byte[] auth, String name, String secret) {
      return MessageDigest.isEqual(user, utf8(name))
          && isDigest(password, auth, utf8(name), utf8(secret));
    }
  }

  /** A nonce, an auth or a salt: 20 letters that nobody can guess. */
  public static byte[] random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encode(bytes);
  }

  /**
   * @param auth empty where no user is asked for
   */
  public static byte[] helo(byte[] nonce, byte[] auth) {
    ByteSink out = ByteSink.growing(96);
    new MsgPackWriter(out)
        .array(2)
        .text("HELO")
        .map(3)
        .text("nonce")
        .text(nonce)
        .text("auth")
        .text(auth)
        .text("keepalive")
        .bool(true);
    return out.toByteArray();
  }

  /** The answer to a PING that is right. */
  public static byte[] welcome(Ping ping, byte[] nonce, String hostname, String key) {
    String digest = digest(ping.salt(), utf8(hostname), nonce, utf8(key));
    return pong(true, "", hostname, digest);
  }

  /** The answer to one that is not. */
  public static byte[] refusal(String reason) {
    return pong(false, reason, "", "");
  }

  private static byte[] pong(boolean ok, String reason, String hostname, String digest) {
    ByteSink out = ByteSink.growing(256);
    new MsgPackWriter(out).array(5).text("PONG").bool(ok).text(reason).text(hostname).text(digest);
    return out.toByteArray();
  }

  /** SHA-512 of the parts one after the other, in hexadecimal digits. */
  public static String digest(byte[]... parts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-512");
      for (byte[] part : parts) {
        sha.update(part);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-512", e);
    }
  }

  private static boolean isDigest(byte[] claimed, byte[]... parts) {
    return MessageDigest.isEqual(claimed, digest(parts).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
