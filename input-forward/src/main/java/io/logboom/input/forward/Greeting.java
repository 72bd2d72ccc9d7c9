package io.logboom.input.forward;

import io.logboom.net.forward.Handshake;
import io.logboom.net.forward.Handshake.Ping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The handshake with one sender. */
final class Greeting {
  /** The most bytes of a PING. */
  static final int MOST_BYTES = 16 * 1024;

  private final Keys keys;
  private final byte[] nonce = Handshake.random();
  private final byte[] auth;

  /**
   * What senders must know.
   *
   * @param users empty where everybody may send who knows the key
   */
  record Keys(String shared, String hostname, List<User> users) {}

  Greeting(Keys keys) {
    this.keys = keys;
    this.auth = keys.users.isEmpty() ? new byte[0] : Handshake.random();
  }

  byte[] helo() {
    return Handshake.helo(nonce, auth);
  }

  byte[] welcome(Ping ping) {
    return Handshake.welcome(ping, nonce, keys.hostname, keys.shared);
  }

  /** Why the sender may not send, in the words that it is told; null where it may. */
  @Nullable String objection(Ping ping) {
    if (!ping.knows(nonce, keys.shared)) {
      return "shared_key mismatch";
    }
    if (keys.users.isEmpty()) {
      return null;
    }
    boolean known = false;
    for (User user : keys.users) {
      known |= ping.isFrom(auth, user.name(), user.password().reveal());
    }
    return known ? null : "username/password mismatch";
  }
}
