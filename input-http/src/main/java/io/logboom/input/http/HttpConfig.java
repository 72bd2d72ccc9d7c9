package io.logboom.input.http;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import io.logboom.api.record.Accessor;
import io.logboom.net.tls.TlsServerOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of the input {@code http}. */
public record HttpConfig(
    @Option(preset = "0.0.0.0", text = "The local address that connections are taken at.")
        String listen,
    @Option(preset = "9880", min = "0", max = "65535", text = "The TCP port; 0 for any free one.")
        int port,
    @Option(text = "The tag of records that bring none: neither tag_key nor a path says it.")
        @Nullable String tag,
    @Options(text = "Records") Records records,
    @Options(text = "Answers") Answers answers,
    @Options(text = "Authentication") Security security,
    @Options(text = "Sizes") Sizes sizes,
    @Options(text = "Connections") Connections connections,
    @Options(text = "TLS") TlsServerOptions tls,
    @Options(text = "Options without effect") Compatible compatible) {

  /** What becomes of a request's records. */
  public record Records(
      @Option(
              text =
                  "A record accessor, or a name: where a record has a string there, that is its"
                      + " tag, with _ for each character that is no letter, digit, dot or _. It"
                      + " comes before the request's path, and that before the option tag.")
          @Nullable Accessor tagKey,
      @Option(preset = "false", text = "Whether records tell the client's address.")
          boolean addRemoteAddr,
      @Option(
              preset = "REMOTE_ADDR",
              text =
                  "The name of that member. Its value is the first address of X-Forwarded-For,"
                      + " else the connection's; a record that has the member keeps its own.")
          String remoteAddrKey) {}

  /** What clients are told. */
  public record Answers(
      @Option(
              preset = "201",
              text = "The status of a request whose records are safe: 200, 201 or 204.")
          int successfulResponseCode,
      @Option(
              repeatable = true,
              text = "A header of such an answer: its name and its value with a blank between.")
          List<String> successHeader,
      @Option(
              preset = "false",
              text = "Whether GET /health is answered 200, also without a password.")
          boolean enableHealthEndpoint,
      @Option(
              preset = "5s",
              min = "0s",
              text =
                  "How long a request waits for room in the pipeline. Then it is answered 503, with"
                      + " Retry-After.")
          Duration roomTimeout,
      @Option(
              preset = "60s",
              min = "1s",
              text =
                  "How long a request waits until its records are safe. Then it is answered 503,"
                      + " though they may still arrive.")
          Duration answerTimeout) {}

  /** Who may send. */
  public record Security(
      @Option(text = "The user that clients must name (basic authentication).")
          @Nullable String httpUser,
      @Option(text = "That user's password.") @Nullable Secret httpPasswd) {}

  /** What bounds a request. */
  public record Sizes(
      @Option(
              aliases = "http_server.buffer_max_size",
              preset = "4M",
              min = "1k",
              max = "1g",
              text =
                  "The most bytes of a body, as it is sent and when it is decompressed; beyond it"
                      + " the answer is 413.")
          ByteSize bufferMaxSize,
      @Option(
              aliases = "http_server.buffer_chunk_size",
              preset = "512K",
              min = "1",
              text = "Accepted for Fluent Bit's sake; memory for a body grows as it comes.")
          ByteSize bufferChunkSize) {}

  /** How connections are taken and kept. */
  public record Connections(
      @Option(
              aliases = "http_server.workers",
              preset = "1",
              min = "1",
              max = "64",
              text = "How many threads share the connections.")
          int workers,
      @Option(
              aliases = "http_server.max_connections",
              preset = "1000",
              min = "0",
              text =
                  "The most connections at once; more are closed as they come. 0 for no bound but"
                      + " the system's.")
          int maxConnections,
      @Option(
              aliases = "http_server.idle_timeout",
              preset = "10s",
              min = "1s",
              text = "How long a connection is kept between two requests.")
          Duration idleTimeout,
      @Option(
              preset = "60s",
              min = "1s",
              text = "How long a request may take to come, from its first byte to its last.")
          Duration requestTimeout,
      @Option(
              name = "net.accept_timeout",
              preset = "10s",
              min = "1s",
              text = "How long TLS and the head of a request may take each.")
          Duration acceptTimeout,
      @Option(
              name = "net.io_timeout",
              preset = "10s",
              min = "1s",
              text = "How long a client may be silent in the middle of a body.")
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
          boolean sharePort) {}

  /** Options of Fluent Bit that change nothing here. */
  public record Compatible(
      @Option(
              aliases = "http_server.http2",
              preset = "false",
              text = "Has no effect: HTTP/1.1 is spoken, which every client of HTTP/2 does too.")
          boolean http2,
      @Option(
              name = "net.keepalive",
              preset = "true",
              text = "Has no effect: the client decides, within idle_timeout.")
          boolean keepalive,
      @Option(
              name = "http_server.ingress_queue_event_limit",
              preset = "8192",
              text = "Has no effect: the pipeline's own bounds hold.")
          int ingressQueueEventLimit,
      @Option(
              name = "http_server.ingress_queue_byte_limit",
              preset = "256M",
              text = "Has no effect: buffer.memory of the service section bounds all records.")
          ByteSize ingressQueueByteLimit) {}
}
