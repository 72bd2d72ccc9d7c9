package io.logboom.aws;

import io.logboom.api.config.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request is signed with.
 *
 * @param accessKeyId names the key; not itself a secret
 * @param sessionToken of a session; null for the lasting key of a user
 * @param expiry when the session ends; null where it does not, or nobody knows
 */
public record Credentials(
    String accessKeyId,
    Secret secretAccessKey,
    @Nullable Secret sessionToken,
    @Nullable Instant expiry) {

  /** Whether a service cannot tell them apart. */
  boolean isSame(Credentials other) {
    return accessKeyId.equals(other.accessKeyId)
        && secretAccessKey.equals(other.secretAccessKey)
        && (sessionToken == null
            ? other.sessionToken == null
            : sessionToken.equals(other.sessionToken));
  }

  /** For messages: the key's last four characters. */
  @Override
  public String toString() {
    int shown = Math.min(4, accessKeyId.length() / 4);
    return "key ..."
        + accessKeyId.substring(accessKeyId.length() - shown)
        + (expiry == null ? "" : " until " + expiry);
  }
}
