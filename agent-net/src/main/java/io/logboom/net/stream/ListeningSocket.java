package io.logboom.net.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A bound socket; takes no thread. */
final class ListeningSocket {
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  private ListeningSocket() {}

  static ServerSocketChannel bind(StreamAddress where, int backlog) throws IOException {
    return switch (where) {
      case StreamAddress.Tcp tcp -> tcp(tcp, backlog);
      case StreamAddress.Unix unix -> unix(unix, backlog);
    };
  }

  private static ServerSocketChannel tcp(StreamAddress.Tcp where, int backlog) throws IOException {
    InetSocketAddress address = where.address();
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      if (address.isUnresolved()) {
        throw new IOException("no such host");
      }
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (where.sharePort()) {
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      return socket.bind(address, backlog);
    } catch (IOException | UnsupportedOperationException e) {
      socket.close();
      throw refused(address.getHostString() + ":" + address.getPort(), e);
    }
  }

  private static ServerSocketChannel unix(StreamAddress.Unix where, int backlog)
      throws IOException {
    Path path = where.path();
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        // Left by a process that was killed, or in use by one that this one is to replace.
        if (!isSocket(path)) {
          throw new IOException("the file exists and is no socket");
        }
        Files.delete(path);
      }
      socket.bind(UnixDomainSocketAddress.of(path), backlog);
      if (where.permissions() != null) {
        Files.setPosixFilePermissions(path, permissions(where.permissions()));
      }
      return socket;
    } catch (IOException | UnsupportedOperationException e) {
      socket.close();
      throw refused(path.toString(), e);
    }
  }

  private static boolean isSocket(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther();
  }

  private static Set<PosixFilePermission> permissions(String octal) {
    int mode = Integer.parseInt(octal, 8);
    Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < BITS.length; i++) {
      if ((mode >> i & 1) != 0) {
        all.add(BITS[i]);
      }
    }
    return all;
  }

  private static IOException refused(String where, Exception why) {
    return new IOException("cannot listen on " + where + ": " + why.getMessage(), why);
  }

  /** Takes the name of a unix socket away. */
  static void forget(StreamAddress where, @Nullable Object fileKey) {
    if (where instanceof StreamAddress.Unix(Path path, var _)) {
      try {
        Object now = key(path);
        if (now == null || now.equals(fileKey)) {
          Files.deleteIfExists(path);
        }
      } catch (IOException e) {
        // The next one that listens there takes it away.
      }
    }
  }

  /** Tells a unix socket's file from another of the same name; null where it has no file. */
  static @Nullable Object key(StreamAddress where) {
    try {
      return where instanceof StreamAddress.Unix(Path path, var _) ? key(path) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable Object key(Path path) throws IOException {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        ? Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey()
        : null;
  }
}
