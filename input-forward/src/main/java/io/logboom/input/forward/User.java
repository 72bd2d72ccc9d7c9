package io.logboom.input.forward;

import io.logboom.api.config.Secret;
import org.jspecify.annotations.Nullable;

/** A user who may send. */
record User(String name, Secret password) {
  /** Reads {@code user password}; null where it is something else. */
  static @Nullable User parse(Secret text) {
    String[] words = text.reveal().strip().split("\\s+", 2);
    return words.length == 2 ? new User(words[0], new Secret(words[1])) : null;
  }
}
