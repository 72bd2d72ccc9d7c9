package io.logboom.net.dial;

import io.logboom.net.HostPort;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy.
 *
 * @param authorization the value of {@code Proxy-Authorization}; null for none
 * @param origin what names it, for messages: an environment variable or an option
 */
public record Proxy(HostPort address, @Nullable String authorization, String origin) {
  private static final int DEFAULT_PORT = 80;

  /**
   * Reads {@code [http://][user:password@]host[:port][/]}. User and password may be escaped as in
   * URLs.
   *
   * @throws IllegalArgumentException with what is wrong, in words that have no password
   */
  public static Proxy parse(String url, String origin) {
    String rest = url.strip();
    int scheme = rest.indexOf("://");
    if (scheme >= 0) {
      String name = rest.substring(0, scheme).toLowerCase(Locale.ROOT);
      if (!name.equals("http")) {
        throw new IllegalArgumentException(
            origin + " names a proxy that is spoken to by " + name + "; only http:// can be used");
      }
      rest = rest.substring(scheme + 3);
    }
    int slash = rest.lastIndexOf('/');
    if (slash >= 0 && slash == rest.length() - 1) {
      rest = rest.substring(0, slash);
    }
    String authorization = null;
    int at = rest.lastIndexOf('@');
    if (at >= 0) {
      authorization = basic(rest.substring(0, at), origin);
      rest = rest.substring(at + 1);
    }
    HostPort address = HostPort.parse(rest, DEFAULT_PORT);
    if (address == null) {
      throw new IllegalArgumentException(
          origin + " is no proxy: it should be http://host:port or http://user:password@host:port");
    }
    return new Proxy(address, authorization, origin);
  }

  private static String basic(String credentials, String origin) {
    int colon = credentials.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(
          origin + " has a user without a password: it should be http://user:password@host:port");
    }
    String both =
        unescaped(credentials.substring(0, colon), origin)
            + ":"
            + unescaped(credentials.substring(colon + 1), origin);
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  private static String unescaped(String text, String origin) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          origin + " has a % in user or password that is no escape; write %25 for it", e);
    }
  }

  /** What 407 means. */
  public String unauthorized(int status) {
    return authorization == null
        ? "wants a user and a password ("
            + status
            + "): give them as http://user:password@host:port"
        : "does not take this user and password (" + status + ")";
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "the proxy " + address + " (" + origin + ")";
  }
}
