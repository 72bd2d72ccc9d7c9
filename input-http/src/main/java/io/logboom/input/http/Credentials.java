package io.logboom.input.http;

import io.logboom.api.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The user that clients must name, and the password. */
final class Credentials {
  private static final String SCHEME = "basic ";

  private final byte[] expected;

  private Credentials(byte[] expected) {
    this.expected = expected;
  }

  /** Null where everybody may send. */
  static @Nullable Credentials of(HttpConfig.Security security) {
    String user = security.httpUser();
    if (user == null) {
      return null;
    }
    Secret password = security.httpPasswd();
    String text = user + ":" + (password == null ? "" : password.reveal());
    return new Credentials(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the value of Authorization tells them; takes as long whatever it tells. */
  boolean are(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    try {
      byte[] given = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      return MessageDigest.isEqual(expected, given);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
