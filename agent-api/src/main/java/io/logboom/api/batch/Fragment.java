package io.logboom.api.batch;

import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.json.JsonScanner;
import io.logboom.api.record.JsonStrings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON members that many records share, encoded once: {@code "stream":"stdout","kubernetes":{...}},
 * without the outer braces and without a comma at either end. No name stands in it twice.
 * Immutable.
 */
public final class Fragment {
  /** No members. */
  public static final Fragment EMPTY = new Fragment(new byte[0], new int[0], new long[0]);

  /** How deep members that are read back may be nested. */
  private static final int MAX_DEPTH = 2 * JsonScanner.MAX_DEPTH;

  private final byte[] json;
  // Member i is json[i == 0 ? 0 : end[i - 1] + 1, end[i]); a comma stands between two.
  private final int[] end;
  private final long[] name;
  private final long names;

  private Fragment(byte[] json, int[] end, long[] name) {
    this.json = json;
    this.end = end;
    this.name = name;
    long all = 0;
    for (long one : name) {
      all |= one;
    }
    this.names = all;
  }

  /** The encoded members. Not to be changed. */
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte[] json() {
    return json;
  }

  /** The {@link Names} set of its members. */
  public long names() {
    return names;
  }

  public boolean isEmpty() {
    return json.length == 0;
  }

  /** This fragment's members, then {@code other}'s, which replace those of the same name. */
  public Fragment and(Fragment other) {
    boolean replacedWhole = (names & ~other.names) == 0 && Long.bitCount(names) == end.length;
    if (isEmpty() || replacedWhole) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    ByteSink out = ByteSink.growing(json.length + 1 + other.json.length);
    int[] ends = new int[end.length + other.end.length];
    long[] bits = new long[ends.length];
    int count = 0;
    for (int i = 0; i < end.length; i++) {
      if ((name[i] & other.names) == 0) {
        member(i, count > 0, out);
        bits[count] = name[i];
        ends[count++] = out.position();
      }
    }
    for (int i = 0; i < other.end.length; i++) {
      other.member(i, count > 0, out);
      bits[count] = other.name[i];
      ends[count++] = out.position();
    }
    return new Fragment(out.toByteArray(), Arrays.copyOf(ends, count), Arrays.copyOf(bits, count));
  }

  /**
   * Writes the members but for those whose names are in {@code without}.
   *
   * @param comma whether a comma must stand before the first one
   * @return whether one must stand before what follows
   */
  public boolean write(long without, boolean comma, ByteSink out) {
    if (json.length == 0) {
      return comma;
    }
    if ((names & without) != 0) {
      return writeSome(without, comma, out);
    }
    if (comma) {
      out.put((byte) ',');
    }
    out.put(json, 0, json.length);
    return true;
  }

  private boolean writeSome(long without, boolean first, ByteSink out) {
    boolean comma = first;
    for (int i = 0; i < end.length; i++) {
      if ((name[i] & without) == 0) {
        member(i, comma, out);
        comma = true;
      }
    }
    return comma;
  }

  private void member(int i, boolean comma, ByteSink out) {
    if (comma) {
      out.put((byte) ',');
    }
    int from = i == 0 ? 0 : end[i - 1] + 1;
    out.put(json, from, end[i] - from);
  }

  public static Builder builder(Names names) {
    return new Builder(names);
  }

  /**
   * The fragment that {@link #json} once gave, for reading back what an earlier process wrote. Its
   * names are registered where there is room ({@link Names#ofIfRoom}).
   *
   * @throws IllegalArgumentException where {@code json[from, to)} is not members of a JSON object
   *     with one comma, and no blank, between two
   */
  public static Fragment parse(Names names, byte[] json, int from, int to) {
    if (from == to) {
      return EMPTY;
    }
    byte[] object = new byte[to - from + 2];
    object[0] = '{';
    System.arraycopy(json, from, object, 1, to - from);
    object[object.length - 1] = '}';
    JsonScanner scanner = new JsonScanner(names, MAX_DEPTH);
    if (scanner.scan(object, 0, object.length) == JsonScanner.NOT_AN_OBJECT
        || scanner.stop() != object.length) {
      throw new IllegalArgumentException("not the members of a JSON object");
    }
    int[] end = new int[scanner.members()];
    long[] name = new long[end.length];
    JsonMembers members = new JsonMembers(object, 1, object.length - 1);
    for (int i = 0, expected = 1; members.next(); i++) {
      if (members.nameFrom() - 1 != expected) {
        throw new IllegalArgumentException("a blank stands between two members");
      }
      end[i] = members.valueTo() - 1;
      expected = members.valueTo() + 1;
      name[i] = names.ofIfRoom(unescaped(object, members.nameFrom(), members.nameTo()));
    }
    if (end.length == 0 || end[end.length - 1] != to - from) {
      throw new IllegalArgumentException("blanks stand behind the last member");
    }
    return new Fragment(Arrays.copyOfRange(json, from, to), end, name);
  }

  private static String unescaped(byte[] json, int from, int to) {
    byte[] plain = new byte[to - from];
    int count = JsonStrings.unescape(json, from, to, plain, 0);
    return new String(plain, 0, count, StandardCharsets.UTF_8);
  }

  /** {@code "name":}. */
  static byte[] member(String name) {
    return Builder.begin(name).toByteArray();
  }

  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }

  /**
   * Puts members together. Each name is registered with the {@link Names} given; where one comes
   * twice, the later member counts.
   */
  public static final class Builder {
    private final Names names;
    private Fragment built = EMPTY;

    private Builder(Names names) {
      this.names = names;
    }

    public Builder string(String name, String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      ByteSink out = begin(name);
      quoted(utf8, out);
      return add(name, out);
    }

    public Builder number(String name, long value) {
      ByteSink out = begin(name);
      out.putDecimal(value);
      return add(name, out);
    }

    public Builder bool(String name, boolean value) {
      ByteSink out = begin(name);
      out.putAscii(value ? "true" : "false");
      return add(name, out);
    }

    /** A member whose value is JSON already. */
    public Builder json(String name, byte[] value) {
      ByteSink out = begin(name);
      out.put(value, 0, value.length);
      return add(name, out);
    }

    public Fragment build() {
      return built;
    }

    private static ByteSink begin(String name) {
      ByteSink out = ByteSink.growing(64);
      quoted(name.getBytes(StandardCharsets.UTF_8), out);
      out.put((byte) ':');
      return out;
    }

    private Builder add(String name, ByteSink member) {
      byte[] json = member.toByteArray();
      built = built.and(new Fragment(json, new int[] {json.length}, new long[] {names.of(name)}));
      return this;
    }

    private static void quoted(byte[] utf8, ByteSink out) {
      out.put((byte) '"');
      out.putEscaped(utf8, 0, utf8.length);
      out.put((byte) '"');
    }
  }
}
