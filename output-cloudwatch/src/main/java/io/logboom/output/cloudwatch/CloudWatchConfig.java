package io.logboom.output.cloudwatch;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.Template;
import io.logboom.aws.AwsOptions;
import io.logboom.net.NetOptions;
import io.logboom.net.tls.TlsOptions;
import org.jspecify.annotations.Nullable;

/** The options of the {@code cloudwatch_logs} output. */
public record CloudWatchConfig(
    @Options(text = "AWS") AwsOptions aws,
    @Options(text = "Where to") Target target,
    @Options(text = "Group and stream") Names names,
    @Options(text = "Groups that are created") Groups groups,
    @Options(text = "Event") Event event,
    @Options(text = "Requests") Requests requests,
    @Options(text = "Networking") NetOptions net,
    @Options(text = "TLS", presets = "tls=on") TlsOptions tls) {

  /** Where the service is. */
  public record Target(
      @Option(
              text =
                  "Another address than the region's of the service: host, host:port or URL; for a"
                      + " VPC endpoint, a proxy, or a server that speaks the same. Without TLS"
                      + " where it is an http:// URL, or tls is off.")
          @Nullable String endpoint,
      @Option(
              text = "The port, where endpoint does not name one; of an http:// URL 80.",
              preset = "443",
              min = "1",
              max = "65535")
          int port) {}

  /** Which stream a record goes to. */
  public record Names(
      @Option(text = "The log group.", required = true) String logGroupName,
      @Option(text = "The log stream; this or log_stream_prefix.") @Nullable String logStreamName,
      @Option(text = "The log stream is this with the record's tag behind it.")
          @Nullable String logStreamPrefix,
      @Option(
              text =
                  "The log group with record accessors in it, such as"
                      + " /app/$kubernetes['namespace_name']. A record that lacks one of the values"
                      + " goes to log_group_name. Characters that a group cannot have become _.")
          @Nullable Template logGroupTemplate,
      @Option(
              text =
                  "The log stream with record accessors in it. A record that lacks one of the"
                      + " values goes to log_stream_name, or log_stream_prefix and its tag."
                      + " Characters that a stream cannot have become _.")
          @Nullable Template logStreamTemplate) {}

  /** What CloudWatch Logs keeps a group in. */
  public enum GroupClass {
    STANDARD,
    INFREQUENT_ACCESS
  }

  /** What groups are like that are created. */
  public record Groups(
      @Option(
              text =
                  "Whether a log group that does not exist is created. Streams always are."
                      + " Off, its records wait, and an error says so.",
              preset = "false")
          boolean autoCreateGroup,
      @Option(
              text =
                  "For how many days a group that is created here keeps its events: 1, 3, 5, 7, 14,"
                      + " 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,"
                      + " 2922, 3288 or 3653; 0 for ever.",
              preset = "0",
              min = "0",
              max = "3653")
          int logRetentionDays,
      @Option(text = "The class of a group that is created here. By default the service's own.")
          @Nullable GroupClass logGroupClass) {}

  /** What becomes of an event that is too large. */
  public enum Oversize {
    CUT,
    REJECT
  }

  /** What an event is. */
  public record Event(
      @Option(
              text =
                  "The value that is the event; by default the whole record as JSON. A record"
                      + " without it is rejected, and so among the dead letters.")
          @Nullable Accessor logKey,
      @Option(
              text =
                  "json/emf has the service look for metrics in events that are in the embedded"
                      + " metric format; json, or nothing, does not.")
          @Nullable String logFormat,
      @Option(
              text =
                  "The most bytes of an event as the service counts: its text in UTF-8, and 26."
                      + " Services that are compatible, or older, take 256k.",
              preset = "1048576",
              unit = Option.Unit.BINARY,
              min = "1k")
          ByteSize maxEventSize,
      @Option(
              text =
                  "What becomes of an event that is larger: cut ends it with [Truncated...]; reject"
                      + " puts its record among the dead letters. Both are counted.",
              preset = "cut")
          Oversize oversize,
      @Option(
              text =
                  "Has no effect: names the metrics of Fluent Bit's inputs cpu and mem, which are"
                      + " not there. Records that have their own _aws member need log_format:"
                      + " json/emf alone.")
          @Nullable String metricNamespace,
      @Option(text = "Has no effect, as metric_namespace.") @Nullable String metricDimensions,
      @Option(
              text =
                  "Has no effect: no filter here finds out of which of Amazon's entities a record"
                      + " is.",
              preset = "false")
          boolean addEntity) {}

  /** Compression of requests. */
  public enum Compress {
    NONE,
    GZIP
  }

  /** How requests are made. */
  public record Requests(
      @Option(text = "gzip compresses requests; the service takes that.", preset = "none")
          Compress compress,
      @Option(text = "Put behind Logboom in the User-Agent header.")
          @Nullable String extraUserAgent,
      @Option(
              text =
                  "Has no effect: what the network fails is tried again with growing waits, and a"
                      + " kept connection that was closed is replaced at once.",
              preset = "true")
          boolean autoRetryRequests) {}
}
