package io.logboom.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A section of keys and values: {@code [INPUT]} of a classic file, an element of {@code inputs} in
 * YAML, the options of a {@code -i} on the command line.
 */
record Section(Mark mark, List<Entry> entries) {
  Section {
    entries = List.copyOf(entries);
  }

  /** The first entry of that key. */
  @Nullable Entry first(String key) {
    for (Entry entry : entries) {
      if (entry.key().equals(key)) {
        return entry;
      }
    }
    return null;
  }

  /** The section's own {@code name}; empty where it has none. */
  String name() {
    Entry entry = first("name");
    return entry == null ? "" : entry.text();
  }
}
