package io.logboom.output.s3;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.aws.AwsCredentials;
import io.logboom.aws.AwsRegion;
import io.logboom.aws.AwsSigner;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.StatusCounters;
import io.logboom.net.tls.Tls;
import io.logboom.net.tls.TlsOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code s3} output. */
public final class S3Plugin implements OutputPlugin<S3Config> {
  private static final long GIB = 1L << 30;
  private static final Set<String> ENCRYPTIONS = Set.of("AES256", "aws:kms", "aws:kms:dsse");
  private static final String DEFAULT_REGION = "us-east-1";

  @Override
  public String type() {
    return "s3";
  }

  @Override
  public String text() {
    return "Delivers objects to Amazon S3, and to what speaks its API.";
  }

  @Override
  public Class<S3Config> config() {
    return S3Config.class;
  }

  @Override
  public void check(S3Config config, Problems problems) {
    Tls.check(config.tls(), problems);
    config.aws().check("", problems);
    S3Config.Objects objects = config.objects();
    if (!config.target().bucket().matches("[A-Za-z0-9][A-Za-z0-9._-]{2,254}")) {
      problems.error("bucket", "is no name of a bucket", "bucket: my-logs");
    }
    if (config.target().endpoint() != null && Endpoint.parse(config.target().endpoint()) == null) {
      problems.error(
          "endpoint",
          "is no host with a port and http:// or https:// before it",
          "endpoint: http://minio:9000");
    }
    try {
      KeyFormat keys =
          KeyFormat.parse(
              objects.keyFormat(), objects.keyFormatTagDelimiters(), objects.staticFilePath());
      if (!keys.isUnique()) {
        problems.warning(
            "static_file_path",
            "has objects with the same key replace each other, and those of other nodes",
            "$UUID in s3_key_format");
      }
    } catch (IllegalArgumentException e) {
      problems.error(
          "s3_key_format", String.valueOf(e.getMessage()), "/logs/$TAG/%Y/%m/%d/%H/$UUID.gz");
    }
    if (objects.usePutObject() && objects.totalFileSize().bytes() > GIB) {
      problems.error(
          "total_file_size", "is more than 1G, and use_put_object is on", "use_put_object: off");
    }
    String sse = config.properties().sse();
    if (sse != null && !ENCRYPTIONS.contains(sse)) {
      problems.error("sse", "is not AES256, aws:kms or aws:kms:dsse", "sse: aws:kms");
    }
    if (config.properties().sseKmsKeyId() != null && (sse == null || sse.equals("AES256"))) {
      problems.error("sse_kms_key_id", "needs sse: aws:kms or aws:kms:dsse", "sse: aws:kms");
    }
    header("content_type", config.properties().contentType(), problems);
    header("storage_class", config.properties().storageClass(), problems);
    header("canned_acl", config.properties().cannedAcl(), problems);
    header("sse_kms_key_id", config.properties().sseKmsKeyId(), problems);
  }

  private static void header(String option, @Nullable String value, Problems problems) {
    if (value != null && !value.matches("[!-~]([ -~]*[!-~])?")) {
      problems.error(option, "is empty, or has characters that a header cannot have", "");
    }
  }

  @Override
  public Output create(S3Config config, Context context) throws StartException {
    KeyFormat keys =
        KeyFormat.parse(
            config.objects().keyFormat(),
            config.objects().keyFormatTagDelimiters(),
            config.objects().staticFilePath());
    Path base = config.store().storeDir();
    Path directory =
        base == null
            ? context.stateDirectory().resolve("staging")
            : base.resolve(context.name().replaceAll("[^A-Za-z0-9._-]", "_"));
    return new S3(config, context, keys, api(config, context), directory);
  }

  /** S3 as it is asked. */
  static S3Api api(S3Config config, Context context) throws StartException {
    String region = region(config);
    String text = config.target().endpoint();
    Endpoint endpoint =
        Endpoint.parse(
            text != null
                ? text
                : "https://s3."
                    + region
                    + (region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com"));
    if (endpoint == null) {
      throw new StartException("endpoint or region is not what it should be");
    }
    AwsCredentials credentials = AwsCredentials.acquire(config.aws(), context.meters());
    try {
      HttpClient client =
          HttpClient.create(
              new HttpClient.Settings(
                  List.of(endpoint.host),
                  config.net(),
                  tls(config.tls(), endpoint.tls),
                  List.of("User-Agent", "Logboom"),
                  context.meters()));
      return new S3Api(
          client,
          endpoint.host,
          credentials,
          new AwsSigner(region, "s3", context.clock()),
          new StatusCounters(context.meters(), S3Meter.REQUESTS),
          config.target().bucket(),
          config.properties());
    } catch (StartException | RuntimeException e) {
      credentials.close();
      throw e;
    }
  }

  private static String region(S3Config config) {
    String found = AwsRegion.find(config.aws());
    return found == null ? DEFAULT_REGION : found;
  }

  /** The endpoint says whether there is TLS; the options, how. */
  private static TlsOptions tls(TlsOptions o, boolean on) {
    return new TlsOptions(
        on,
        o.verify(),
        o.verifyHostname(),
        o.caFile(),
        o.caPath(),
        o.crtFile(),
        o.keyFile(),
        o.keyPasswd(),
        o.vhost(),
        o.protocol());
  }

  /** {@code http://minio:9000}, {@code https://host}, {@code host}. */
  record Endpoint(HostPort host, boolean tls) {
    static @Nullable Endpoint parse(String text) {
      String lower = text.strip().toLowerCase(Locale.ROOT);
      boolean plain = lower.startsWith("http://");
      String rest = lower.replaceFirst("^https?://", "").replaceFirst("/+$", "");
      HostPort host = HostPort.parse(rest, plain ? 80 : 443);
      return host == null ? null : new Endpoint(host, !plain);
    }
  }
}
