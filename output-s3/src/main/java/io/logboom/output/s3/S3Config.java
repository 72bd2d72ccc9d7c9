package io.logboom.output.s3;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.json.DateFormat;
import io.logboom.api.record.Accessor;
import io.logboom.aws.AwsOptions;
import io.logboom.net.NetOptions;
import io.logboom.net.tls.TlsOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The options of the {@code s3} output. */
public record S3Config(
    @Options(text = "Where to") Target target,
    @Options(text = "AWS") AwsOptions aws,
    @Options(text = "Objects") Objects objects,
    @Options(text = "Contents") Contents contents,
    @Options(text = "Properties of objects") Properties properties,
    @Options(text = "Staging") Store store,
    @Options(text = "Accepted for compatibility") Compatible compatible,
    @Options(text = "Networking") NetOptions net,
    @Options(text = "TLS") TlsOptions tls) {

  /** Where objects go. */
  public record Target(
      @Option(text = "The bucket. It must be there.", required = true) String bucket,
      @Option(
              text =
                  "Where S3's API is, for what is not AWS: a host, a port, and http:// or https://"
                      + " before them; https where neither is there. By default"
                      + " https://s3.REGION.amazonaws.com. The bucket stands in the path.")
          @Nullable String endpoint) {}

  /** How records become objects. */
  public record Objects(
      @Option(
              text =
                  "An object is uploaded when more would make it larger than this; compressed where"
                      + " it is compressed.",
              preset = "100M",
              min = "1M",
              max = "50G")
          ByteSize totalFileSize,
      @Option(
              text = "An object is uploaded when its first record has been here for so long.",
              preset = "10m",
              min = "1s")
          Duration uploadTimeout,
      @Option(
              text =
                  "An object with more bytes than this is uploaded in parts of this size"
                      + " (multipart), others with one request (PutObject). S3 takes parts from 5"
                      + " MiB on.",
              preset = "5242880",
              min = "5242880",
              max = "5G")
          ByteSize uploadChunkSize,
      @Option(
              text =
                  "Whether each object is uploaded with one request, whatever its size; so it is"
                      + " also where total_file_size is below 10 MiB.",
              preset = "false")
          boolean usePutObject,
      @Option(
              name = "s3_key_format",
              text =
                  "The key of an object: $TAG, $TAG[0] to $TAG[9] for parts of the tag, $UUID (8"
                      + " random characters), $INDEX (a counter), and strftime's conversions for"
                      + " the time of the object's first record in UTC. Without $UUID and $INDEX,"
                      + " -object and a $UUID are added in front of the extension.",
              preset = "/fluent-bit-logs/$TAG/%Y/%m/%d/%H/%M/%S")
          String keyFormat,
      @Option(
              name = "s3_key_format_tag_delimiters",
              text = "The characters that part a tag for $TAG[n].",
              preset = ".")
          String keyFormatTagDelimiters,
      @Option(
              text =
                  "Whether nothing is added to a key that has neither $UUID nor $INDEX: objects"
                      + " with the same key replace each other.",
              preset = "false")
          boolean staticFilePath) {}

  /** Formats of an object's records. */
  public enum Format {
    JSON_LINES,
    JSON
  }

  /** What compresses objects. */
  public enum Compression {
    NONE,
    GZIP,
    ZSTD
  }

  /** What S3 checks of what is uploaded, and keeps with the object. */
  public enum Checksum {
    NONE,
    SHA256
  }

  /** What is in an object. */
  public record Contents(
      @Option(text = "One JSON object per line; json is the same.", preset = "json_lines")
          Format format,
      @Option(
              text = "The name under which a record's time stands; false leaves the time out.",
              preset = "date")
          String jsonDateKey,
      @Option(
              text =
                  "How the time is written: iso8601, double (seconds with a fraction), epoch"
                      + " (seconds), epoch_ms or java_sql_timestamp.",
              preset = "iso8601")
          DateFormat jsonDateFormat,
      @Option(
              text =
                  "Instead of the record, the value under this key or record accessor, a line each;"
                      + " text as it is. Records without it are rejected, and so among the dead"
                      + " letters.")
          @Nullable Accessor logKey,
      @Option(
              text =
                  "gzip or zstd compresses objects, which then have that Content-Encoding. The key"
                      + " gets no extension by itself.",
              preset = "none")
          Compression compression) {}

  /** What S3 is told of objects. */
  public record Properties(
      @Option(text = "The Content-Type of objects.") @Nullable String contentType,
      @Option(text = "The storage class, such as STANDARD_IA or GLACIER_IR.")
          @Nullable String storageClass,
      @Option(text = "The canned ACL, such as bucket-owner-full-control.")
          @Nullable String cannedAcl,
      @Option(
              text =
                  "Server-side encryption: AES256, aws:kms or aws:kms:dsse. By default the"
                      + " bucket's.")
          @Nullable String sse,
      @Option(
              text = "The id, ARN or alias of the KMS key. By default AWS's own for S3.",
              aliases = {"sse_kms_key", "kms_key_id"})
          @Nullable String sseKmsKeyId,
      @Option(
              text =
                  "Whether requests with data have a Content-MD5. The signature covers the data with"
                      + " SHA-256 in any case.",
              preset = "false")
          boolean sendContentMd5,
      @Option(
              text =
                  "sha256 has S3 check each object, or each of its parts, against the SHA-256 that"
                      + " was computed as it was written, and keep that with the object. Buckets"
                      + " with object lock ask for this or for a Content-MD5.",
              preset = "none")
          Checksum checksumAlgorithm) {}

  /** What waits on disk. */
  public record Store(
      @Option(
              text =
                  "The directory below which records wait for their upload, in a directory of the"
                      + " output's name. By default the output's state directory.")
          @Nullable Path storeDir,
      @Option(
              text =
                  "The most bytes that wait there; 0 for no limit. At the limit what is there is"
                      + " uploaded, and no more is taken until there is room: nothing is dropped.",
              preset = "0")
          ByteSize storeDirLimitSize) {}

  /** Options of Fluent Bit that change nothing here. */
  public record Compatible(
      @Option(
              text = "Has no effect: an object has its records in the order in which they came.",
              preset = "true")
          boolean preserveDataOrdering,
      @Option(
              text = "Has no effect: uploads that fail are tried again in any case.",
              preset = "true")
          boolean autoRetryRequests,
      @Option(
              text = "Has no effect: what cannot be uploaded stays, and is never given up.",
              preset = "quarantine")
          String retryExhaustedAction,
      @Option(text = "Has no effect: there is no quarantine.", preset = "0")
          ByteSize quarantineDirLimitSize) {}
}
