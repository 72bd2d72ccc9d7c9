package io.logboom.output.loki;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import io.logboom.api.record.Accessor;
import io.logboom.net.NetOptions;
import io.logboom.net.tls.TlsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of the {@code loki} output. */
public record LokiConfig(
    @Options(text = "Where to") Target target,
    @Options(text = "Labels") Labels labels,
    @Options(text = "Structured metadata") Structured structured,
    @Options(text = "Line") Line line,
    @Options(text = "Tenant and authentication") Auth auth,
    @Options(text = "Requests") Requests requests,
    @Options(text = "Networking") NetOptions net,
    @Options(text = "TLS") TlsOptions tls) {

  /** Where Loki is. */
  public record Target(
      @Option(text = "The host's name or address.", preset = "127.0.0.1") String host,
      @Option(text = "The port.", preset = "3100", min = "1", max = "65535") int port,
      @Option(text = "The path of Loki's push API.", preset = "/loki/api/v1/push") String uri) {}

  /** What names a stream. */
  public record Labels(
      @Option(
              text =
                  "Stream labels: name=text, name=$accessor, or $accessor, whose name is the path"
                      + " joined by underscores.")
          List<String> labels,
      @Option(text = "Record accessors whose values become labels named after their path.")
          List<String> labelKeys,
      @Option(
              text =
                  "A JSON file that maps members of the record to names of labels, such as"
                      + " {\"kubernetes\":{\"pod_name\":\"pod\"}}.")
          @Nullable Path labelMapPath,
      @Option(
              text =
                  "Whether each label of the pod becomes a stream label. Loki takes 15 labels a"
                      + " stream as it comes; structured metadata is the better place.",
              preset = "false")
          boolean autoKubernetesLabels,
      @Option(
              text =
                  "Where no option names a label and a record has Kubernetes metadata: whether its"
                      + " labels are namespace, app, container, node and stream, and all other"
                      + " metadata goes from the line to structured metadata. Without metadata, or"
                      + " with off, the one label is job=\"fluent-bit\".",
              preset = "true")
          boolean defaultLabels) {}

  /** What stands beside a line. */
  public record Structured(
      @Option(text = "Structured metadata of a line, written like labels.")
          List<String> structuredMetadata,
      @Option(
              text =
                  "Record accessors of objects whose members all become structured metadata;"
                      + " structured_metadata wins where a name comes twice.")
          List<String> structuredMetadataMapKeys) {}

  /** Formats of a line. */
  public enum LineFormat {
    JSON,
    KEY_VALUE
  }

  /** What a line is. */
  public record Line(
      @Option(
              text =
                  "json writes the record as JSON; key_value as name=value pairs with strings in"
                      + " quotes.",
              preset = "json")
          LineFormat lineFormat,
      @Option(
              text =
                  "Whether a record that has one member left is written as that member's value: on,"
                      + " off, or raw, which is on and leaves a string without quotes.",
              preset = "off")
          String dropSingleKey,
      @Option(text = "Names or record accessors of what is left out of the line.")
          List<Accessor> removeKeys) {}

  /** Who sends, and for whom. */
  public record Auth(
      @Option(text = "The tenant, sent as X-Scope-OrgID.") @Nullable String tenantId,
      @Option(
              text =
                  "The value that is the record's tenant; tenant_id stands in where it has none"
                      + " that Loki takes: at most 150 letters, digits and !-_.*'(). Each tenant"
                      + " has its own requests and its own verdict.")
          @Nullable Accessor tenantIdKey,
      @Option(
              text = "Has no effect: what one tenant's request brings is never lost for another's.",
              preset = "partial_success")
          String tenantIdKeyErrorHandling,
      @Option(text = "The user name for basic authentication.") @Nullable String httpUser,
      @Option(text = "The password for basic authentication.") @Nullable Secret httpPasswd,
      @Option(text = "The token for bearer authentication.") @Nullable Secret bearerToken,
      @Option(text = "A header for each request: a name, a blank, its value.", repeatable = true)
          List<Secret> header) {}

  /** Compression of JSON requests. */
  public enum Compress {
    NONE,
    GZIP
  }

  /** How requests are made. */
  public record Requests(
      @Option(
              text =
                  "Whether requests are protobuf compressed with snappy, Loki's own format; off for"
                      + " JSON.",
              preset = "true")
          boolean protobuf,
      @Option(text = "gzip compresses requests; they are JSON then.", preset = "none")
          Compress compress,
      @Option(
              text =
                  "A request is sent when its lines, before compression, have this many bytes."
                      + " Bounds the memory of each worker; at most a sixteenth of Java's. What the"
                      + " receiver refuses as too large (413) is sent in halves, and requests are"
                      + " smaller from then on.",
              preset = "1M",
              min = "4k",
              max = "100M")
          ByteSize maxRequestSize,
      @Option(
              text =
                  "Lines older than this are not sent, but rejected with the reason, and so among"
                      + " the dead letters: a little below Loki's reject_old_samples_max_age."
                      + " Without it Loki decides.")
          @Nullable Duration maxAge,
      @Option(
              text =
                  "Whether each request has the lines of one stream. Of what Loki refuses while it"
                      + " writes (a stream's rate, the number of streams, lines far behind their"
                      + " stream) its answer tells for the last stream of a request alone. With off"
                      + " streams that this may happen to have requests of their own, and all have"
                      + " for five minutes after such an answer.",
              preset = "false")
          boolean separateStreams,
      @Option(text = "Has no effect: answers of any size are read.") @Nullable String bufferSize) {}
}
