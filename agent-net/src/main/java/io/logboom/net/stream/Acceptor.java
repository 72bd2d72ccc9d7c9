package io.logboom.net.stream;

import org.jspecify.annotations.Nullable;

/** Decides on new connections of one loop, on that loop. */
public interface Acceptor {
  /** What is to be behind the connection; null to refuse it. */
  @Nullable Receiver accept(Link link);
}
