package io.logboom.output.forward;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import io.logboom.api.config.Upstream;
import io.logboom.api.record.Template;
import io.logboom.net.NetOptions;
import io.logboom.net.tls.TlsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of the output {@code forward}. */
public record ForwardConfig(
    @Options(text = "Where to") Target target,
    @Options(text = "Acknowledgements") Acks acks,
    @Options(text = "Frames") Frames frames,
    @Options(text = "Authentication") Security security,
    @Options(text = "Accepted for compatibility") Compatible compatible,
    @Options(text = "Networking") NetOptions net,
    @Options(text = "TLS") TlsOptions tls) {

  /** Where the server is. */
  public record Target(
      @Option(text = "The host's name or address.", preset = "127.0.0.1") String host,
      @Option(text = "The port.", preset = "24224", min = "1", max = "65535") int port,
      @Option(text = "A unix socket to connect to in place of host and port.")
          @Nullable Path unixPath,
      @Option(
              text =
                  "A file that lists several servers, which are used in turn and instead of each"
                      + " other when one fails. Replaces host, port, and the options of"
                      + " authentication and TLS: each node has its own.")
          @Nullable Upstream<Node> upstream) {}

  /** A server in an upstream file. */
  public record Node(
      @Option(text = "The node's name.", required = true) String name,
      @Option(text = "The host's name or address.", required = true) String host,
      @Option(text = "The port.", preset = "24224", min = "1", max = "65535") int port,
      @Option(
              text = "How much the node gets, beside the weights of the others.",
              preset = "60",
              min = "1",
              max = "10000")
          int weight,
      @Options(text = "Authentication") Security security,
      @Options(text = "TLS") TlsOptions tls) {
    public Node {
      ForwardCheck.check(host, port, security, tls);
    }
  }

  /** When records count as delivered. */
  public record Acks(
      @Option(
              text =
                  "Whether the server acknowledges each frame, and records count as delivered only"
                      + " then. Off, they do as soon as the kernel has taken their bytes: what is on"
                      + " the way when a connection breaks is lost, and nobody notices. Fluent Bit's"
                      + " default is off.",
              preset = "true")
          boolean requireAckResponse,
      @Option(
              text =
                  "How long the server may take to acknowledge a frame before its records are sent"
                      + " again.",
              preset = "190s",
              min = "1s")
          Duration ackResponseTimeout) {}

  /** Compression of frames. */
  public enum Compress {
    NONE,
    /** Fluent Bit's other word for none. */
    TEXT,
    GZIP
  }

  /** What frames are like. */
  public record Frames(
      @Option(
              text =
                  "The tag that records are sent with, in place of their own. May have record"
                      + " accessors such as $TAG, $TAG[1] and $kubernetes['namespace_name']; where a"
                      + " record lacks one of them, it keeps its own tag.")
          @Nullable Template tag,
      @Option(
              text = "Whether times are whole seconds, for receivers older than Fluentd 0.14.",
              preset = "false")
          boolean timeAsInteger,
      @Option(text = "gzip compresses frames; text, as none, does not.", preset = "none")
          Compress compress,
      @Option(
              text =
                  "The most bytes of a frame, before compression; no more than the receiver takes"
                      + " (its buffer_max_size). Frames have about 1 MB; only a single record makes"
                      + " one larger, and one that is too large for it is rejected.",
              preset = "6M",
              min = "4k",
              max = "100M")
          ByteSize maxFrameSize,
      @Option(
              repeatable = true,
              text = "A key and a text with a blank between, put into the option of each frame.")
          List<String> addOption) {}

  /** Who sends. */
  public record Security(
      @Option(text = "The key that the server must know as well; asks it for a handshake.")
          @Nullable Secret sharedKey,
      @Option(
              preset = "false",
              text = "Whether there is a handshake with an empty key, such as for a user alone.")
          boolean emptySharedKey,
      @Option(preset = "localhost", text = "The name by which the handshake calls this host.")
          String selfHostname,
      @Option(
              text =
                  "The user name, for servers that ask for one; needs shared_key or"
                      + " empty_shared_key.")
          @Nullable String username,
      @Option(text = "The user's password.") @Nullable Secret password) {}

  /** Options of Fluent Bit that change nothing here. */
  public record Compatible(
      @Option(
              preset = "true",
              text =
                  "Has no effect: a frame always has its option, with the number of its records.")
          boolean sendOptions,
      @Option(
              preset = "false",
              text =
                  "Has no effect: records have no metadata here, and go as [time, record], which all"
                      + " receivers take.")
          boolean retainMetadataInForwardMode,
      @Option(preset = "false", text = "Has no effect: it is for metrics and traces.")
          boolean fluentdCompat) {}
}
