package io.logboom.api.record;

import io.logboom.api.batch.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text with {@link Accessor}s in it, such as {@code logs-$kubernetes['namespace_name']-$TAG[1]}.
 * Immutable; {@link #writer} writes it for records.
 *
 * <p>A configuration record may have a component of this type.
 */
public final class Template {
  /** A part of a template. */
  sealed interface Part {
    /** Text that stands for itself. */
    record Literal(byte[] utf8) implements Part {}

    /** A value of the record. */
    record Field(Accessor accessor) implements Part {}
  }

  private final String text;
  private final List<Part> parts;

  private Template(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /**
   * Reads a template.
   *
   * @throws AccessorSyntaxException where an accessor in it is not one
   */
  public static Template parse(String text) {
    List<Part> parts = new ArrayList<>();
    AccessorParser parser = new AccessorParser(text);
    int from = 0;
    for (int i = text.indexOf('$'); i >= 0; i = text.indexOf('$', from)) {
      literal(text, from, i, parts);
      parser.position(i);
      parts.add(new Part.Field(parser.accessor()));
      from = parser.position();
    }
    literal(text, from, text.length(), parts);
    return new Template(text, List.copyOf(parts));
  }

  private static void literal(String text, int from, int to, List<Part> parts) {
    if (from < to) {
      parts.add(new Part.Literal(text.substring(from, to).getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Whether it is the same text for all records. */
  public boolean isConstant() {
    return parts.stream().noneMatch(Part.Field.class::isInstance);
  }

  /** The accessors in it, in order. */
  public List<Accessor> accessors() {
    List<Accessor> all = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Field field) {
        all.add(field.accessor());
      }
    }
    return List.copyOf(all);
  }

  /** Writes the template for records, for one thread. */
  public TemplateWriter writer(Names names) {
    return new TemplateWriter(parts, names);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Template template && template.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The template as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
