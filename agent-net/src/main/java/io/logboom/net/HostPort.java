package io.logboom.net;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A host's name or address, and a port.
 *
 * @param host without brackets where it is an IPv6 address
 */
public record HostPort(String host, int port) {
  public HostPort {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("the host is empty");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code [::1]:port} or an IPv6 address.
   *
   * @return null where the text is none of these
   */
  public static @Nullable HostPort parse(String text, int defaultPort) {
    String host = text;
    String port = "";
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      if (close < 0) {
        return null;
      }
      host = text.substring(1, close);
      String rest = text.substring(close + 1);
      if (!rest.isEmpty() && !rest.startsWith(":")) {
        return null;
      }
      port = rest.isEmpty() ? "" : rest.substring(1);
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') >= 0) {
      host = text.substring(0, text.indexOf(':'));
      port = text.substring(text.indexOf(':') + 1);
    }
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '@')) {
      return null;
    }
    try {
      return new HostPort(
          host.toLowerCase(Locale.ROOT), port.isEmpty() ? defaultPort : Integer.parseInt(port));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** As a {@code Host} header or a log line writes it. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
