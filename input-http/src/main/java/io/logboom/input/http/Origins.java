package io.logboom.input.http;

import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The origins of a lane, one per tag and client, those used last. Tags and addresses are the
 * clients' to choose, so that their number has a bound. Finding a known one allocates nothing.
 *
 * <p>A client's origins are forgotten with its last connection: whoever has the address next may be
 * somebody else, and what is known of an origin must not be taken for theirs.
 */
final class Origins {
  static final int MOST = 1024;

  /** A tag has no more bytes. */
  static final int MOST_TAG = 1024;

  private final Names names;
  private final String tag;
  private final @Nullable String addressKey;
  private final Map<String, Integer> connections = new HashMap<>();
  private final Key probe = new Key(new byte[256]);
  private final Map<Key, Origin> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Origin> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Whose records.
   *
   * @param sender where the connection comes from; null for a unix socket
   * @param address what records tell as the client's address
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Client(String peer, @Nullable InetAddress sender, String address, byte[] key) {
    static Client of(String peer, @Nullable InetAddress sender, String address) {
      return new Client(
          peer, sender, address, (peer + '\n' + address).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Bytes as a key; changed only while it is the probe. */
  private static final class Key {
    private byte[] b;
    private int size;

    Key(byte[] b) {
      this.b = b;
      this.size = b.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(b, 0, size, key.b, 0, key.size);
    }

    @Override
    public int hashCode() {
      int hash = 1;
      for (int i = 0; i < size; i++) {
        hash = 31 * hash + b[i];
      }
      return hash;
    }
  }

  /**
   * @param tag the tag of records that bring none
   * @param addressKey the member that tells the client's address; null for none
   */
  Origins(Names names, String tag, @Nullable String addressKey) {
    this.names = names;
    this.tag = tag;
    this.addressKey = addressKey;
  }

  /** The origin of the tag that {@link #cleanse} makes of {@code b[from, from + count)}. */
  Origin of(byte[] b, int from, int count, Client client) {
    int start = probe(client, count);
    cleanse(b, from, count, probe.b, start);
    Origin origin = known.get(probe);
    return origin == null
        ? keep(new String(probe.b, start, count, StandardCharsets.US_ASCII), client)
        : origin;
  }

  /** The origin of the client's records that bring no tag. */
  Origin plain(Client client) {
    int start = probe(client, 1);
    probe.b[start] = 0; // which is in no tag
    Origin origin = known.get(probe);
    return origin == null ? keep(tag, client) : origin;
  }

  /** A connection of that peer begins. */
  void connected(String peer) {
    connections.merge(peer, 1, Integer::sum);
  }

  /** A connection of that peer has ended. */
  void left(String peer) {
    Integer others = connections.computeIfPresent(peer, (_, n) -> n == 1 ? null : n - 1);
    if (others == null) {
      known.values().removeIf(each -> peer.equals(each.source()));
    }
  }

  private int probe(Client client, int count) {
    int start = client.key().length + 1;
    if (probe.b.length < start + count) {
      probe.b = new byte[2 * (start + count)];
    }
    System.arraycopy(client.key(), 0, probe.b, 0, start - 1);
    probe.b[start - 1] = '\n';
    probe.size = start + count;
    return start;
  }

  private Origin keep(String full, Client client) {
    Origin.Builder builder =
        Origin.builder(names, full).source(client.peer()).sender(client.sender());
    if (addressKey != null) {
      builder.base(Fragment.builder(names).string(addressKey, client.address()).build());
    }
    Origin made = builder.build();
    known.put(new Key(Arrays.copyOf(probe.b, probe.size)), made);
    return made;
  }

  /** As Fluent Bit makes a tag: _ for each byte that is no letter or digit of ASCII, _ or dot. */
  static void cleanse(byte[] b, int from, int count, byte[] out, int at) {
    for (int i = 0; i < count; i++) {
      byte c = b[from + i];
      boolean stays =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '.';
      out[at + i] = stays ? c : (byte) '_';
    }
  }
}
