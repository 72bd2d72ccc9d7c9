package io.logboom.api.record;

import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names one value of a record, in Fluent Bit's syntax: {@code $log}, {@code
 * $kubernetes['labels']['app']}, {@code $list[0]}, {@code $TAG}, {@code $TAG[2]} (a part of the tag
 * between dots), {@code $0} to {@code $9} (what a regular expression captured). Immutable; {@link
 * #reader} reads with it.
 *
 * <p>A configuration record may have a component of this type.
 */
public final class Accessor {
  /** A step from a value into it. */
  sealed interface Step {
    /** The member with this name, as JSON writes it. */
    record Member(byte[] name) implements Step {}

    /** The element with this index. */
    record Element(int index) implements Step {}
  }

  /** What an accessor starts from. */
  enum Root {
    FIELD,
    TAG,
    TAG_PART,
    CAPTURE
  }

  private final String text;
  private final Root root;
  private final String key;
  private final byte[] jsonKey;
  private final int number;
  private final List<Step> steps;

  private Accessor(String text, Root root, String key, int number, List<Step> steps) {
    this.text = text;
    this.root = root;
    this.key = key;
    this.jsonKey = json(key);
    this.number = number;
    this.steps = steps;
  }

  /**
   * Reads an accessor. A word without {@code $} is the name of a top-level member, as the options
   * that take a plain key expect.
   *
   * @throws AccessorSyntaxException where it is not one
   */
  public static Accessor parse(String text) {
    if (!text.startsWith("$")) {
      if (text.isEmpty()) {
        throw new AccessorSyntaxException("an empty record accessor", 0);
      }
      return field(text, text, List.of());
    }
    AccessorParser parser = new AccessorParser(text);
    Accessor accessor = parser.accessor();
    if (parser.position() != text.length()) {
      throw new AccessorSyntaxException("unexpected text behind the accessor", parser.position());
    }
    return accessor;
  }

  static Accessor field(String text, String key, List<Step> steps) {
    return new Accessor(text, Root.FIELD, key, 0, List.copyOf(steps));
  }

  static Accessor tag(String text) {
    return new Accessor(text, Root.TAG, "", 0, List.of());
  }

  static Accessor tagPart(String text, int part) {
    return new Accessor(text, Root.TAG_PART, "", part, List.of());
  }

  static Accessor capture(String text, int group) {
    return new Accessor(text, Root.CAPTURE, "", group, List.of());
  }

  /** A name as JSON writes it, without the quotes. */
  static byte[] json(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteSink out = ByteSink.growing(utf8.length + 32);
    out.putEscaped(utf8, 0, utf8.length);
    return out.toByteArray();
  }

  /** Reads the value out of records, for one thread. */
  public FieldReader reader(Names names) {
    return new FieldReader(this, names);
  }

  /** The name of the top-level member; null where the accessor names a tag or a capture. */
  public @Nullable String key() {
    return root == Root.FIELD ? key : null;
  }

  Root root() {
    return root;
  }

  /** The key's own name, as text. */
  String name() {
    return key;
  }

  byte[] jsonKey() {
    return jsonKey;
  }

  /** The part of the tag, or the group. */
  int number() {
    return number;
  }

  List<Step> steps() {
    return steps;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Accessor accessor && accessor.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The accessor as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
