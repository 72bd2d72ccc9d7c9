package io.logboom.output.elasticsearch;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import io.logboom.api.record.Accessor;
import io.logboom.aws.AwsOptions;
import io.logboom.net.NetOptions;
import io.logboom.net.tls.TlsOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of the {@code es} output. */
public record ElasticsearchConfig(
    @Options(text = "Where to") Target target,
    @Options(text = "Index") Index index,
    @Options(text = "Document") Document document,
    @Options(text = "Ids") Ids ids,
    @Options(text = "Authentication") Auth auth,
    @Options(text = "Requests") Requests requests,
    @Options(text = "AWS request signing") Aws aws,
    @Options(text = "Networking") NetOptions net,
    @Options(text = "TLS") TlsOptions tls) {

  /** Where the cluster is. */
  public record Target(
      @Option(text = "The host's name or address.", preset = "127.0.0.1") String host,
      @Option(text = "The port.", preset = "9200", min = "1", max = "65535") int port,
      @Option(
              text =
                  "Several hosts of one cluster, each host or host:port; used in turn, and instead"
                      + " of each other when one cannot be reached. Replaces host.")
          @Nullable List<String> hosts,
      @Option(text = "Put before /_bulk in the request's path.") @Nullable String path,
      @Option(text = "The ingest pipeline that the documents go through.")
          @Nullable String pipeline,
      @Option(text = "Elastic Cloud's id of the deployment: gives host, port and TLS.")
          @Nullable String cloudId,
      @Option(text = "Files that list hosts are not read: see hosts.") @Nullable String upstream) {}

  /** Which index a record goes to. */
  public record Index(
      @Option(
              text =
                  "The index. May have time conversions such as %Y.%m.%d, filled with the record's"
                      + " time in UTC, and record accessors such as $kubernetes['namespace_name'].",
              preset = "fluent-bit")
          String index,
      @Option(
              text = "Whether the index is logstash_prefix with the record's day behind it.",
              preset = "false")
          boolean logstashFormat,
      @Option(text = "The index before the day.", preset = "logstash") String logstashPrefix,
      @Option(text = "Stands between the prefix and the day.", preset = "-")
          String logstashPrefixSeparator,
      @Option(
              text =
                  "The value that replaces logstash_prefix where a record has it, in lower case and"
                      + " cut at 128 bytes.")
          @Nullable Accessor logstashPrefixKey,
      @Option(text = "The day behind the prefix, as time conversions.", preset = "%Y.%m.%d")
          String logstashDateformat,
      @Option(
              text = "Whether index and document take the time of sending, not the record's.",
              preset = "false")
          boolean currentTimeIndex,
      @Option(text = "The mapping type, for suppress_type_name off.", preset = "_doc") String type,
      @Option(
              text =
                  "Whether no _type is sent. Elasticsearch before 7 needs off; from 8 on it refuses"
                      + " requests with a _type.",
              preset = "true")
          boolean suppressTypeName) {}

  /** What a document has beside the record. */
  public record Document(
      @Option(
              text =
                  "The name of the record's time. A record that has this name keeps its own value.",
              preset = "@timestamp")
          String timeKey,
      @Option(
              text =
                  "The time as time conversions, in UTC; a fraction of the second and Z are put"
                      + " behind it.",
              preset = "%Y-%m-%dT%H:%M:%S")
          String timeKeyFormat,
      @Option(text = "Whether the fraction has nine digits, not three.", preset = "false")
          boolean timeKeyNanos,
      @Option(text = "Whether the tag is put into the document.", preset = "false")
          boolean includeTagKey,
      @Option(text = "The name of the tag in the document.", preset = "flb-key") String tagKey,
      @Option(text = "Whether dots in all names become underscores.", preset = "false")
          boolean replaceDots,
      @Option(
              text =
                  "Whether dots in the names of Kubernetes labels and annotations become"
                      + " underscores, so that app and app.kubernetes.io/name can be in one index.",
              preset = "true")
          boolean dedotLabels,
      @Option(
              text =
                  "What becomes of a document that is refused because the index has one of its"
                      + " fields with another type: dead_letter gives it up as rejected; move_aside"
                      + " sends it again at once without the field, which it has as a text in the"
                      + " list type_conflict, such as \"code: E12\".",
              preset = "dead_letter")
          OnTypeConflict onTypeConflict) {}

  /** Ways out of a clash of types. */
  public enum OnTypeConflict {
    DEAD_LETTER,
    MOVE_ASIDE
  }

  /** What names a document. */
  public record Ids(
      @Option(
              text =
                  "position names each document after the record's place in its file, so that what"
                      + " is sent twice is stored once; none lets the server choose.",
              preset = "none")
          Id id,
      @Option(
              text =
                  "Whether the document's own content names it (a hash), so that what is sent twice"
                      + " is stored once; records that are alike to the byte become one.",
              preset = "false")
          boolean generateId,
      @Option(text = "The value that names the document. Replaces generate_id and id.")
          @Nullable Accessor idKey,
      @Option(
              text =
                  "create never changes a document that is there, and is what data streams take;"
                      + " index replaces it; update and upsert need an id.",
              preset = "create")
          Operation writeOperation) {}

  /** Kinds of ids. */
  public enum Id {
    NONE,
    POSITION
  }

  /** Bulk operations. */
  public enum Operation {
    CREATE,
    INDEX,
    UPDATE,
    UPSERT
  }

  /** Who sends. */
  public record Auth(
      @Option(text = "The user name for basic authentication.") @Nullable String httpUser,
      @Option(text = "The password for basic authentication.") @Nullable Secret httpPasswd,
      @Option(text = "An API key, as the server gave it in its encoded form.")
          @Nullable Secret httpApiKey,
      @Option(text = "user:password for Elastic Cloud.") @Nullable Secret cloudAuth) {}

  /** Compression of requests. */
  public enum Compress {
    NONE,
    GZIP
  }

  /** How requests are made. */
  public record Requests(
      @Option(text = "gzip compresses requests.", preset = "none") Compress compress,
      @Option(
              text =
                  "A request is sent when its body, before compression, has this many bytes. Bounds"
                      + " the memory of each worker. What the receiver refuses as too large (413)"
                      + " is sent in halves, and requests are smaller from then on.",
              preset = "2M",
              min = "4k",
              max = "100M")
          ByteSize maxRequestSize,
      @Option(
              text =
                  "Whether the server is asked to answer with no more than each item's status and"
                      + " error (filter_path).",
              preset = "true")
          boolean shortAnswers,
      @Option(text = "Has no effect: answers of any size are read.") @Nullable String bufferSize,
      @Option(text = "Has no effect.", preset = "false") boolean traceOutput,
      @Option(
              text = "Whether the first error of each answer with errors is logged.",
              preset = "false")
          boolean traceError) {}

  /** Signatures for Amazon OpenSearch Service. */
  public record Aws(
      @Option(
              text =
                  "Whether requests are signed for Amazon OpenSearch Service (Signature Version 4),"
                      + " with credentials that are looked for in the environment, a profile, a web"
                      + " identity token, a container's endpoint and the instance's metadata.",
              preset = "false")
          boolean awsAuth,
      @Option(
              text =
                  "The service that signatures name: es, or aoss for OpenSearch Serverless. By"
                      + " default what the host's name says, or es.")
          @Nullable String awsServiceName,
      @Options(text = "AWS identity", prefix = "aws_") AwsOptions identity) {}
}
