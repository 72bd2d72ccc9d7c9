package io.logboom.net.stream;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a server listens. */
public sealed interface StreamAddress {
  /** TCP; port 0 for any free one. */
  record Tcp(InetSocketAddress address, boolean sharePort) implements StreamAddress {}

  /**
   * A socket in the file system.
   *
   * @param permissions as octal digits; null for what the process's mask gives
   */
  record Unix(Path path, @Nullable String permissions) implements StreamAddress {}
}
