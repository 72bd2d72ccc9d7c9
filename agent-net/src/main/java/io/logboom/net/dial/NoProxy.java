package io.logboom.net.dial;

import io.logboom.net.HostPort;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that are connected to directly: {@code NO_PROXY}, as curl and Go's programs read it.
 * Entries are separated by commas or spaces; each may end with a port and is then for that port
 * alone:
 *
 * <ul>
 *   <li>{@code *}: all hosts
 *   <li>{@code example.com}, {@code .example.com}, {@code *.example.com}: the domain's hosts; the
 *       first also the host of that name
 *   <li>{@code 10.1.2.3}, {@code [::1]}: the address
 *   <li>{@code 10.0.0.0/8}, {@code fd00::/8}: the network's addresses
 * </ul>
 *
 * <p>Addresses and networks are compared with hosts that are given as addresses; no name is looked
 * up for it.
 */
final class NoProxy {
  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
  private static final int ANY_PORT = -1;

  private final List<Rule> rules = new ArrayList<>();

  /** One entry, without its port. */
  private sealed interface Host {
    record All() implements Host {}

    record Domain(String name, boolean itself) implements Host {}

    record Network(byte[] address, int bits) implements Host {}
  }

  private record Rule(Host host, int port) {}

  /** What no rule can be read from is passed over, as others do. */
  NoProxy(String list) {
    for (String entry : SEPARATOR.split(list)) {
      if (!entry.isEmpty()) {
        rule(entry.toLowerCase(Locale.ROOT));
      }
    }
  }

  private void rule(String entry) {
    int slash = entry.indexOf('/');
    if (slash > 0) {
      InetAddress address = address(entry.substring(0, slash));
      int bits = number(entry.substring(slash + 1));
      if (address != null && bits >= 0 && bits <= address.getAddress().length * 8) {
        rules.add(new Rule(new Host.Network(address.getAddress(), bits), ANY_PORT));
      }
      return;
    }
    InetAddress whole = address(entry);
    String name = entry;
    int port = ANY_PORT;
    int colon = entry.lastIndexOf(':');
    if (whole == null && colon > 0 && number(entry.substring(colon + 1)) > 0) {
      port = number(entry.substring(colon + 1));
      name = entry.substring(0, colon);
    }
    InetAddress address = whole != null ? whole : address(name);
    if (address != null) {
      byte[] bytes = address.getAddress();
      rules.add(new Rule(new Host.Network(bytes, bytes.length * 8), port));
    } else if (name.equals("*")) {
      rules.add(new Rule(new Host.All(), port));
    } else {
      String bare = name.startsWith("*.") ? name.substring(1) : name;
      boolean itself = !bare.startsWith(".");
      String domain = itself ? bare : bare.substring(1);
      if (!domain.isEmpty()) {
        rules.add(new Rule(new Host.Domain(domain, itself), port));
      }
    }
  }

  boolean matches(HostPort host) {
    String name = host.host().toLowerCase(Locale.ROOT);
    name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    InetAddress address = address(name);
    for (Rule rule : rules) {
      if ((rule.port == ANY_PORT || rule.port == host.port())
          && matches(rule.host, name, address)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(Host rule, String name, @Nullable InetAddress address) {
    return switch (rule) {
      case Host.All() -> true;
      case Host.Domain(String domain, boolean itself) ->
          address == null && (name.endsWith("." + domain) || (itself && name.equals(domain)));
      case Host.Network(byte[] network, int bits) ->
          address != null && isIn(network, bits, address.getAddress());
    };
  }

  private static boolean isIn(byte[] network, int bits, byte[] address) {
    if (network.length != address.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i & 7);
      if ((network[i >> 3] & mask) != (address[i >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable InetAddress address(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    try {
      return InetAddress.ofLiteral(bare);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static int number(String text) {
    return !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Integer.parseInt(text)
        : -1;
  }
}
