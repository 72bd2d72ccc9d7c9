package io.logboom.api.plugin;

import io.logboom.api.text.Multiline;
import org.jspecify.annotations.Nullable;

/** The multiline parsers that the configuration can name. */
public interface Multilines {
  /** The multiline parser with this name; null where there is none. */
  @Nullable Multiline find(String name);

  /** The names that {@link #find} knows. */
  java.util.Collection<String> names();
}
