package io.logboom.api.batch;

import io.logboom.api.json.ByteSink;
import java.nio.charset.StandardCharsets;

/**
 * JSON members that many records share, encoded once: {@code "stream":"stdout","kubernetes":{...}},
 * without the outer braces and without a comma at either end. Immutable.
 */
public final class Fragment {
  /** No members. */
  public static final Fragment EMPTY = new Fragment(new byte[0], 0);

  private final byte[] json;
  private final long names;

  private Fragment(byte[] json, long names) {
    this.json = json;
    this.names = names;
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

  /** This fragment's members, then {@code other}'s. */
  public Fragment and(Fragment other) {
    if (isEmpty()) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    byte[] both = new byte[json.length + 1 + other.json.length];
    System.arraycopy(json, 0, both, 0, json.length);
    both[json.length] = ',';
    System.arraycopy(other.json, 0, both, json.length + 1, other.json.length);
    return new Fragment(both, names | other.names);
  }

  public static Builder builder(Names names) {
    return new Builder(names);
  }

  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** Puts members together. Each name is registered with the {@link Names} given. */
  public static final class Builder {
    private final Names names;
    private final ByteSink out = ByteSink.growing(256);
    private long set;

    private Builder(Names names) {
      this.names = names;
    }

    public Builder string(String name, String value) {
      name(name);
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      out.put((byte) '"');
      out.putEscaped(utf8, 0, utf8.length);
      out.put((byte) '"');
      return this;
    }

    public Builder number(String name, long value) {
      name(name);
      out.putDecimal(value);
      return this;
    }

    public Builder bool(String name, boolean value) {
      name(name);
      out.putAscii(value ? "true" : "false");
      return this;
    }

    /** A member whose value is JSON already. */
    public Builder json(String name, byte[] value) {
      name(name);
      out.put(value, 0, value.length);
      return this;
    }

    public Fragment build() {
      return set == 0 ? EMPTY : new Fragment(out.toByteArray(), set);
    }

    private void name(String name) {
      if (set != 0) {
        out.put((byte) ',');
      }
      set |= names.of(name);
      byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
      out.put((byte) '"');
      out.putEscaped(utf8, 0, utf8.length);
      out.put((byte) '"');
      out.put((byte) ':');
    }
  }
}
