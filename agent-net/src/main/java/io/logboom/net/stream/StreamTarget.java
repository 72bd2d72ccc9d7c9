package io.logboom.net.stream;

import io.logboom.net.HostPort;
import io.logboom.net.tls.TlsOptions;
import java.nio.file.Path;

/** Where a client connects to. Its text is for messages. */
public sealed interface StreamTarget {
  /** TCP, perhaps with TLS. */
  record Tcp(HostPort address, TlsOptions tls) implements StreamTarget {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** A socket in the file system. */
  record Unix(Path path) implements StreamTarget {
    @Override
    public String toString() {
      return path.toString();
    }
  }
}
