package io.logboom.api.plugin;

import io.logboom.api.text.Regex;
import org.jspecify.annotations.Nullable;

/** The parsers that the configuration can name. */
public interface Parsers {
  /** A new instance of the parser with this name, for one thread; null where there is none. */
  @Nullable Parser find(String name);

  /** The expression of the parser with this name; null where it has none, or there is none. */
  default @Nullable Regex regex(String name) {
    return null;
  }

  /** The names that {@link #find} knows. */
  java.util.Collection<String> names();
}
