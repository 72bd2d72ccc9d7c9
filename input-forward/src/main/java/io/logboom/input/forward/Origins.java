package io.logboom.input.forward;

import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The origins of a lane, one per tag and sender, those used last. Tags are the senders' to choose,
 * so that their number has a bound.
 *
 * <p>A sender's origins are forgotten with its last connection: whoever has the address next may be
 * somebody else, and what is known of an origin must not be taken for theirs.
 */
final class Origins {
  static final int MOST = 1024;

  private final Names names;
  private final @Nullable String tag;
  private final @Nullable String prefix;
  private final Map<String, Integer> connections = new HashMap<>();
  private final Map<String, Origin> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Origin> eldest) {
          return size() > MOST;
        }
      };

  Origins(Names names, @Nullable String tag, @Nullable String prefix) {
    this.names = names;
    this.tag = tag;
    this.prefix = prefix;
    // Registers the names that every origin has, before records flow.
    Origin.builder(names, "").build();
  }

  Origin of(byte[] b, int from, int count, String peer, @Nullable InetAddress address) {
    String given = new String(b, from, count, StandardCharsets.UTF_8);
    String full = prefix != null ? prefix + given : tag != null ? tag : given;
    return known.computeIfAbsent(
        peer + '\n' + full, _ -> Origin.builder(names, full).source(peer).sender(address).build());
  }

  /** A connection of that peer begins. */
  void connected(String peer) {
    connections.merge(peer, 1, Integer::sum);
  }

  /** A connection of that peer has ended. */
  void left(String peer) {
    Integer others = connections.computeIfPresent(peer, (_, n) -> n == 1 ? null : n - 1);
    if (others == null) {
      String start = peer + '\n';
      known.keySet().removeIf(each -> each.startsWith(start));
    }
  }

  /** How many origins are remembered. */
  int size() {
    return known.size();
  }
}
