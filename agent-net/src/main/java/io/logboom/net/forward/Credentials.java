package io.logboom.net.forward;

import io.logboom.api.config.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows a server.
 *
 * @param sharedKey may be empty; null for no handshake
 * @param username empty for none
 * @param hostname by what name the client calls itself
 */
public record Credentials(
    @Nullable Secret sharedKey, String username, Secret password, String hostname) {
  /** No handshake. */
  public static final Credentials NONE = new Credentials(null, "", new Secret(""), "localhost");
}
