package io.logboom.api.plugin;

import org.jspecify.annotations.Nullable;

/** The parsers that the configuration can name. */
public interface Parsers {
  /** A new instance of the parser with this name, for one thread; null where there is none. */
  @Nullable Parser find(String name);

  /** The names that {@link #find} knows. */
  java.util.Collection<String> names();
}
