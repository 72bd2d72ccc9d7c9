package io.logboom.api.batch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The top-level names that the pipeline itself writes ({@code @timestamp}, {@code stream}, {@code
 * kubernetes} ...), one bit each.
 *
 * <p>A record whose body is JSON carries the set of these names that its body has. Comparing two
 * such sets tells in one operation whether splicing would put a name into a document twice. Names
 * are registered while plugins are created, before any record flows; looking up is safe for all
 * threads.
 */
public final class Names {
  private static final int MAX = 64;
  private static final int BUCKETS = 256;
  private static final long FNV_OFFSET_BASIS = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private final List<byte[]> names = new ArrayList<>();
  // Index + 1 of the first name of the bucket; further ones follow by linear probing. Replaced
  // whole at each registration.
  private volatile Table table =
      new Table(new byte[BUCKETS][], new byte[BUCKETS], FNV_OFFSET_BASIS);

  private record Table(byte[][] name, byte[] bit, long fingerprint) {}

  /**
   * The set that holds just {@code name}, registering it at first sight.
   *
   * @throws IllegalStateException past 64 names
   */
  public long of(String name) {
    long set = ofIfRoom(name);
    if (set == 0) {
      throw new IllegalStateException(
          "more than "
              + MAX
              + " different top-level names are configured; '"
              + name
              + "' is one too many");
    }
    return set;
  }

  /**
   * The set that holds just {@code name}, registering it at first sight; the empty set past 64
   * names. For names that come from outside the configuration, such as from a batch that an earlier
   * process wrote: a member with the empty set is written whatever else has its name.
   */
  public synchronized long ofIfRoom(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    long known = find(utf8, 0, utf8.length);
    if (known != 0) {
      return known;
    }
    if (names.size() == MAX) {
      return 0;
    }
    names.add(utf8);
    Table next =
        new Table(new byte[BUCKETS][], new byte[BUCKETS], fingerprint(table.fingerprint, utf8));
    for (int i = 0; i < names.size(); i++) {
      byte[] n = names.get(i);
      int slot = slot(n, 0, n.length);
      while (next.name[slot] != null) {
        slot = (slot + 1) & (BUCKETS - 1);
      }
      next.name[slot] = n;
      next.bit[slot] = (byte) i;
    }
    table = next;
    return 1L << (names.size() - 1);
  }

  /**
   * The set that holds just the name {@code bytes[from, to)}, or 0 where it is not registered.
   * Allocates nothing.
   */
  public long find(byte[] bytes, int from, int to) {
    Table t = table;
    int slot = slot(bytes, from, to);
    for (byte[] name = t.name[slot]; name != null; name = t.name[slot]) {
      if (Arrays.equals(name, 0, name.length, bytes, from, to)) {
        return 1L << t.bit[slot];
      }
      slot = (slot + 1) & (BUCKETS - 1);
    }
    return 0;
  }

  /**
   * Tells registries apart: where two have the same fingerprint, they have the same names in the
   * same order, and so a set means the same in both. It is the FNV-1a hash, 64 bits, of the names
   * in UTF-8 in the order of their registration, each followed by a byte 0xFF.
   */
  public long fingerprint() {
    return table.fingerprint;
  }

  private static long fingerprint(long before, byte[] name) {
    long hash = before;
    for (byte b : name) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    return (hash ^ 0xFF) * FNV_PRIME;
  }

  private static int slot(byte[] bytes, int from, int to) {
    if (from == to) {
      return 0;
    }
    return (bytes[from] * 31 + bytes[to - 1] * 7 + (to - from) * 13) & (BUCKETS - 1);
  }
}
