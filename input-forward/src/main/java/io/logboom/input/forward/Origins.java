package io.logboom.input.forward;

import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The origins of a lane, one per tag and sender, those used last. Tags are the senders' to choose,
 * so that their number has a bound.
 */
final class Origins {
  static final int MOST = 1024;

  private final Names names;
  private final @Nullable String tag;
  private final @Nullable String prefix;
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

  Origin of(byte[] b, int from, int count, String peer) {
    String given = new String(b, from, count, StandardCharsets.UTF_8);
    String full = prefix != null ? prefix + given : tag != null ? tag : given;
    return known.computeIfAbsent(
        peer + '\n' + full, _ -> Origin.builder(names, full).source(peer).build());
  }
}
