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
 * @param tls whether TLS is spoken with it
 * @param authorization the value of {@code Proxy-Authorization}; null for none
 * @param origin what names it, for messages: an environment variable or an option
 */
public record Proxy(HostPort address, boolean tls, @Nullable String authorization, String origin) {
  private static final int PLAIN_PORT = 80;
  private static final int TLS_PORT = 443;

  /**
   * Reads {@code [http[s]://][user:password@]host[:port][/]}. User and password may be escaped as
   * in URLs.
   *
   * @throws IllegalArgumentException with what is wrong, in words that have no password and go on
   *     after the origin's name
   */
  public static Proxy parse(String url, String origin) {
    String rest = url.strip();
    boolean tls = false;
    int scheme = rest.indexOf("://");
    if (scheme >= 0) {
      String name = rest.substring(0, scheme).toLowerCase(Locale.ROOT);
      tls = name.equals("https");
      if (!tls && !name.equals("http")) {
        throw new IllegalArgumentException(
            "names a proxy that is spoken to by "
                + name
                + "; only http:// and https:// can be used");
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
      authorization = basic(rest.substring(0, at));
      rest = rest.substring(at + 1);
    }
    HostPort address = HostPort.parse(rest, tls ? TLS_PORT : PLAIN_PORT);
    if (address == null) {
      throw new IllegalArgumentException(
          "is no proxy: it should be http://host:port or http://user:password@host:port");
    }
    return new Proxy(address, tls, authorization, origin);
  }

  private static String basic(String credentials) {
    int colon = credentials.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(
          "has a user without a password: it should be http://user:password@host:port");
    }
    String both =
        unescaped(credentials.substring(0, colon))
            + ":"
            + unescaped(credentials.substring(colon + 1));
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  private static String unescaped(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "has a % in user or password that is no escape; write %25 for it", e);
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
