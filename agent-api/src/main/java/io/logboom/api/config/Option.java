package io.logboom.api.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One option of a plugin: a component of its configuration record.
 *
 * <p>The component's type gives the syntax: {@code boolean}, {@code int}, {@code long}, {@code
 * double}, {@code String}, {@link java.time.Duration}, {@link ByteSize}, {@link Secret}, {@link
 * java.nio.file.Path}, an enum (its {@code toString} in lower case), a type with a public static
 * {@code parse(String)} that throws {@link IllegalArgumentException} with the rule that is broken,
 * an {@link Upstream}, or a {@code List} of one of these, separated by commas. A component that is
 * {@code @Nullable} may be left out, and so may a list, which is then empty; every other one is
 * {@link #required} or has a {@link #preset}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /** What the option does: one or two plain sentences; they become the reference documentation. */
  String text();

  /** The option's name; where empty, the component's name in lower snake case. */
  String name() default "";

  /** The default, written as a user would; converted by the same code as a user's value. */
  String preset() default "";

  /** Whether leaving the option out is an error. */
  boolean required() default false;

  /** Other accepted names, such as older ones. */
  String[] aliases() default {};

  /** The least value, in user syntax. */
  String min() default "";

  /** The greatest value, in user syntax. */
  String max() default "";

  /**
   * Whether the option may be given more than once; its type is then a {@code List}, and each value
   * is one element.
   */
  boolean repeatable() default false;

  /** What a bare number means where the type is a duration or a size. */
  Unit unit() default Unit.DEFAULT;

  /** What the value names, where it names something that must exist, or must not be shared. */
  Refers refers() default Refers.NOTHING;

  /** What a value can name. The configuration is refused where the rule is broken. */
  enum Refers {
    /** The value stands for itself. */
    NOTHING,
    /** A parser, built in or of the configuration; several are separated by commas. */
    PARSER,
    /** A multiline parser, built in or of the configuration; several are separated by commas. */
    MULTILINE_PARSER,
    /** A file of state that belongs to this instance alone. */
    OWN_FILE
  }

  /** What a bare number stands for. */
  enum Unit {
    /** Seconds for a duration, bytes for a size (k, m, g are decimal). */
    DEFAULT,
    /** Milliseconds for a duration. */
    MILLISECONDS,
    /** Bytes, with binary k, m, g (1k = 1024). */
    BINARY
  }
}
