package io.logboom.net.dial;

import io.logboom.api.plugin.StartException;
import io.logboom.net.HostPort;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a host is reached by, according to the environment: {@code HTTPS_PROXY} for TLS,
 * {@code HTTP_PROXY} for what is plain and for TLS where the former is not set, as Fluent Bit has
 * it; {@code NO_PROXY} for those that are not. Each also in lower case; the upper case wins. A
 * variable that is empty is not set.
 *
 * <p>This machine and its link are never behind a proxy: {@code localhost}, 127.0.0.0/8, ::1, and
 * link-local addresses, where clouds have their metadata.
 */
public final class Proxies {
  /** No proxy for any host. */
  public static final Proxies NONE = new Proxies(null, null, new NoProxy(""), false);

  private final @Nullable Proxy plain;
  private final @Nullable Proxy secure;
  private final NoProxy direct;
  private final boolean alsoHere;

  private Proxies(@Nullable Proxy plain, @Nullable Proxy secure, NoProxy direct, boolean alsoHere) {
    this.plain = plain;
    this.secure = secure;
    this.direct = direct;
    this.alsoHere = alsoHere;
  }

  /**
   * What the environment says.
   *
   * @throws StartException where it names something that is no proxy
   */
  public static Proxies of(Map<String, String> environment) throws StartException {
    try {
      Proxy plain = proxy("HTTP_PROXY", environment);
      Proxy secure = proxy("HTTPS_PROXY", environment);
      String direct = environment.getOrDefault(name("NO_PROXY", environment), "");
      return new Proxies(plain, secure == null ? plain : secure, new NoProxy(direct), false);
    } catch (IllegalArgumentException e) {
      throw new StartException(
          e.getMessage() + " (net.proxy_env_ignore: on leaves it out of account)", e);
    }
  }

  /** One proxy for all hosts, as an option names it. */
  public static Proxies all(Proxy proxy) {
    return new Proxies(proxy, proxy, new NoProxy(""), true);
  }

  private static @Nullable Proxy proxy(String variable, Map<String, String> environment) {
    String name = name(variable, environment);
    String value = environment.getOrDefault(name, "");
    try {
      return value.isBlank() ? null : Proxy.parse(value, name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " " + e.getMessage(), e);
    }
  }

  private static String name(String variable, Map<String, String> environment) {
    return environment.getOrDefault(variable, "").isBlank()
        ? variable.toLowerCase(java.util.Locale.ROOT)
        : variable;
  }

  /** The proxy that stands before the host; null for none. */
  public @Nullable Proxy before(HostPort host, boolean tls) {
    Proxy proxy = tls ? secure : plain;
    if (proxy == null || (!alsoHere && isHere(host.host())) || direct.matches(host)) {
      return null;
    }
    return proxy;
  }

  private static boolean isHere(String host) {
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return true;
    }
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      return address.isLoopbackAddress() || address.isLinkLocalAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
