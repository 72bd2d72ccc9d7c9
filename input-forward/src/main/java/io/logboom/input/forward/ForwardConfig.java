package io.logboom.input.forward;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import io.logboom.net.tls.TlsServerOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of the input {@code forward}. */
public record ForwardConfig(
    @Option(preset = "0.0.0.0", text = "The local address that connections are taken at.")
        String listen,
    @Option(preset = "24224", min = "0", max = "65535", text = "The TCP port; 0 for any free one.")
        int port,
    @Option(
            text =
                "The tag of all records, in place of those that senders give. Has no effect with"
                    + " tag_prefix.")
        @Nullable String tag,
    @Option(text = "Put before each tag that senders give, as it is.") @Nullable String tagPrefix,
    @Options(text = "Unix socket") Unix unix,
    @Options(text = "Sizes") Sizes sizes,
    @Options(text = "Authentication") Security security,
    @Options(text = "Connections") Connections connections,
    @Options(text = "TLS") TlsServerOptions tls) {

  /** A socket in the file system. */
  public record Unix(
      @Option(
              text =
                  "A unix socket to listen at in place of TCP. A socket that is there already is"
                      + " replaced.")
          @Nullable String unixPath,
      @Option(text = "The socket's permissions as octal digits, such as 0666.")
          @Nullable String unixPerm) {}

  /** What bounds a frame. */
  public record Sizes(
      @Option(
              preset = "1024000",
              min = "1",
              text =
                  "Accepted for Fluent Bit's sake; bytes are decoded as they come, and only what"
                      + " has not ended is kept.")
          ByteSize bufferChunkSize,
      @Option(
              preset = "6144000",
              min = "1k",
              max = "1g",
              text =
                  "The most bytes of a frame, of a payload when it is decompressed, and of a"
                      + " record. A larger one ends its connection.")
          ByteSize bufferMaxSize) {}

  /** Who may send. */
  public record Security(
      @Option(text = "The key that senders must know as well; asks them for a handshake.")
          @Nullable Secret sharedKey,
      @Option(
              preset = "false",
              text = "Whether there is a handshake with an empty key, such as for users alone.")
          boolean emptySharedKey,
      @Option(preset = "localhost", text = "The name by which the handshake calls this host.")
          String selfHostname,
      @Option(
              name = "security.users",
              repeatable = true,
              text =
                  "A user and the password with a blank between. Where any is given, senders must"
                      + " be one of them; needs shared_key or empty_shared_key.")
          List<Secret> users) {}

  /** How connections are taken and kept. */
  public record Connections(
      @Option(
              preset = "1",
              min = "1",
              max = "64",
              text = "How many threads share the connections; 1 with unix_path.")
          int workers,
      @Option(
              preset = "1000",
              min = "1",
              text = "The most connections at once. More are closed as they come.")
          int maxConnections,
      @Option(
              name = "net.accept_timeout",
              preset = "10s",
              min = "1s",
              text = "How long TLS and the handshake may take.")
          Duration acceptTimeout,
      @Option(
              name = "net.io_timeout",
              preset = "60s",
              min = "1s",
              text =
                  "How long a sender may be silent in the middle of a frame. Between frames it may"
                      + " for ever; the kernel asks whether it is alive.")
          Duration ioTimeout,
      @Option(
              name = "net.backlog",
              preset = "128",
              min = "1",
              text = "How many connections may wait to be taken.")
          int backlog,
      @Option(
              name = "net.share_port",
              preset = "false",
              text = "Whether other processes may listen at the same port (SO_REUSEPORT).")
          boolean sharePort,
      @Option(
              name = "net.keepalive",
              preset = "true",
              text = "Has no effect: the sender decides how long a connection is kept.")
          boolean keepalive) {}
}
