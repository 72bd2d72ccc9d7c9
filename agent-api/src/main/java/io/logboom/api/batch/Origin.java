package io.logboom.api.batch;

import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where records come from: one stream (stdout or stderr) of one file, one connection's tag. All
 * records of an origin share its tag, its base members and what filters find out about it.
 *
 * <p>An input makes an origin once and uses it for each batch; consumers keep what they derive from
 * it in {@link #memo}, which lives as long as the origin and the consumer do.
 */
public final class Origin {
  private final String tag;
  private final String source;
  private final String sourceId;
  private final @Nullable InetAddress sender;
  private final Fragment base;
  private final Key text;
  private final @Nullable Key stamp;
  private final @Nullable Key offset;
  private final Object remembering = new Object();
  private volatile Memo[] memos = {};

  /**
   * What one owner remembers; the owner may go, and its memo goes with the next one that is made.
   */
  private static final class Memo extends WeakReference<Object> {
    private final Object value;

    Memo(Object owner, Object value) {
      super(owner);
      this.value = value;
    }
  }

  private Origin(Builder b) {
    this.tag = b.tag;
    this.source = b.source;
    this.sourceId = b.sourceId;
    this.sender = b.sender;
    this.base = b.base;
    this.text = b.text;
    this.stamp = b.stamp;
    this.offset = b.offset;
  }

  /** The tag that routing matches, such as {@code kube.var.log.containers.x.log}. */
  public String tag() {
    return tag;
  }

  /** What a person would call the source: a file's path, a peer's address. */
  public String source() {
    return source;
  }

  /**
   * Names the source for ever, through renames and restarts: with {@link Batch#position} it names
   * one record. ASCII without quotes.
   */
  public String sourceId() {
    return sourceId;
  }

  /**
   * The address that the records were sent from; null where they were not sent over a network. It
   * is not part of a record, and is forgotten when the records are written to disk.
   */
  public @Nullable InetAddress sender() {
    return sender;
  }

  /**
   * Members that each record of the origin has from its input, such as {@code "stream":"stdout"}.
   */
  public Fragment base() {
    return base;
  }

  /** The name under which a text body stands in the record, such as {@code log}. */
  public Key text() {
    return text;
  }

  /**
   * The name under which the record's time stands as it was written at the source; null where it is
   * not kept.
   */
  public @Nullable Key stamp() {
    return stamp;
  }

  /** The name under which the record's position stands; null where it is not wanted. */
  public @Nullable Key offset() {
    return offset;
  }

  /**
   * What {@code owner}, told by identity, remembers of this origin, made at first use. Safe for all
   * threads; {@code make} runs under a lock and must not block.
   *
   * <p>An origin may outlive many owners: each reload of the configuration can bring new ones. So
   * the owner is not kept alive by this, and its memo is dropped after it; the value must not refer
   * to the owner.
   */
  @SuppressWarnings("unchecked")
  public <T> T memo(Object owner, Function<Origin, T> make) {
    Object known = find(owner);
    return (T) (known == null ? remember(owner, make) : known);
  }

  private @Nullable Object find(Object owner) {
    for (Memo memo : memos) {
      if (memo.refersTo(owner)) {
        return memo.value;
      }
    }
    return null;
  }

  private Object remember(Object owner, Function<Origin, ?> make) {
    synchronized (remembering) {
      Object known = find(owner);
      if (known != null) {
        return known;
      }
      Object made = make.apply(this);
      List<Memo> alive = new ArrayList<>();
      for (Memo memo : memos) {
        if (!memo.refersTo(null)) {
          alive.add(memo);
        }
      }
      alive.add(new Memo(owner, made));
      memos = alive.toArray(Memo[]::new);
      return made;
    }
  }

  @Override
  public String toString() {
    return tag + " (" + source + ")";
  }

  public static Builder builder(Names names, String tag) {
    return new Builder(tag, name -> Key.of(names, name));
  }

  /**
   * A builder for an origin that was written to disk. Its names may be those of another
   * configuration: they are registered only where there is room ({@link Names#ofIfRoom}).
   */
  public static Builder restoring(Names names, String tag) {
    return new Builder(tag, name -> new Key(name, names.ofIfRoom(name)));
  }

  /** A member's name, encoded once: {@code "log":}, and its bit. */
  public static final class Key {
    private final String name;
    private final byte[] json;
    private final long names;

    private Key(String name, long names) {
      this.name = name;
      this.json = Fragment.member(name);
      this.names = names;
    }

    public static Key of(Names names, String name) {
      return new Key(name, names.of(name));
    }

    public String name() {
      return name;
    }

    /** The length of {@code "name":}, which is all of {@link #json}. */
    public int length() {
      return json.length;
    }

    /** {@code "name":}. Not to be changed. */
    public byte[] json() {
      return json;
    }

    /** The {@link Names} set that holds just this name. */
    public long names() {
      return names;
    }
  }

  /** Collects an origin's parts; only the tag is required. */
  public static final class Builder {
    private final String tag;
    private final Function<String, Key> keys;
    private String source = "";
    private String sourceId = "";
    private @Nullable InetAddress sender;
    private Fragment base = Fragment.EMPTY;
    private Key text;
    private @Nullable Key stamp;
    private @Nullable Key offset;

    private Builder(String tag, Function<String, Key> keys) {
      this.tag = tag;
      this.keys = keys;
      this.text = keys.apply("log");
    }

    public Builder source(String value) {
      source = value;
      return this;
    }

    public Builder sourceId(String value) {
      sourceId = value;
      return this;
    }

    public Builder sender(@Nullable InetAddress value) {
      sender = value;
      return this;
    }

    public Builder base(Fragment value) {
      base = value;
      return this;
    }

    public Builder text(String name) {
      text = keys.apply(name);
      return this;
    }

    public Builder stamp(@Nullable String name) {
      stamp = name == null ? null : keys.apply(name);
      return this;
    }

    public Builder offset(@Nullable String name) {
      offset = name == null ? null : keys.apply(name);
      return this;
    }

    public Origin build() {
      return new Origin(this);
    }
  }
}
