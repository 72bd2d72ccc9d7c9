package io.logboom.api.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A group of options: a component whose type is a record of its own. To the user the group does not
 * show; its options stand beside the others, with {@link #prefix} before their names.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Options {
  /** The heading under which the reference documentation lists the group. */
  String text();

  /** Put before each name in the group, such as {@code tls.}; empty for none. */
  String prefix() default "";

  /**
   * Other defaults than the group's own, each {@code name=value} with the option's full name: such
   * as {@code tls=on} for what is never spoken in the clear.
   */
  String[] presets() default {};
}
