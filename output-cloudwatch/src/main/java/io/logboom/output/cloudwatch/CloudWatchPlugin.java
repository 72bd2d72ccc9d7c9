package io.logboom.output.cloudwatch;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.aws.AwsCredentials;
import io.logboom.aws.AwsSigner;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpClient;
import io.logboom.net.tls.Tls;
import io.logboom.net.tls.TlsOptions;
import io.logboom.output.cloudwatch.CloudWatchConfig.Compress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code cloudwatch_logs} output. */
public final class CloudWatchPlugin implements OutputPlugin<CloudWatchConfig> {
  private static final String EMF = "json/emf";
  private static final Pattern ENDPOINT = Pattern.compile("(?:(https?)://)?([^/?#]+)/?");
  private static final Pattern GROUP = Pattern.compile("[.\\-_/#A-Za-z0-9]{1,512}");
  private static final Pattern STREAM = Pattern.compile("[^:*\\p{Cntrl}]{1,512}");
  private static final Set<Integer> DAYS =
      Set.of(
          0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
          2922, 3288, 3653);

  @Override
  public String type() {
    return "cloudwatch_logs";
  }

  @Override
  public String text() {
    return "Delivers to Amazon CloudWatch Logs.";
  }

  @Override
  public Class<CloudWatchConfig> config() {
    return CloudWatchConfig.class;
  }

  @Override
  public void check(CloudWatchConfig config, Problems problems) {
    Tls.check(config.tls(), problems);
    String endpoint = config.target().endpoint();
    if (endpoint != null) {
      Matcher parts = ENDPOINT.matcher(endpoint);
      if (!parts.matches() || HostPort.parse(parts.group(2), 443) == null) {
        problems.error(
            "endpoint", "is no host, host:port or URL without a path", "logs.example:443");
      } else if ("https".equals(parts.group(1)) && !config.tls().on()) {
        problems.error("endpoint", "is an https URL, and TLS is off", "tls: on");
      }
    }
    checkNames(config.names(), problems);
    int days = config.groups().logRetentionDays();
    if (!DAYS.contains(days)) {
      int next = DAYS.stream().filter(d -> d > days).min(Integer::compare).orElse(3653);
      problems.error(
          "log_retention_days", "is no retention that there is", "log_retention_days: " + next);
    }
    if (!config.groups().autoCreateGroup()
        && (days > 0 || config.groups().logGroupClass() != null)) {
      problems.warning(
          days > 0 ? "log_retention_days" : "log_group_class",
          "has no effect without auto_create_group",
          "auto_create_group: on");
    }
    checkEvent(config.event(), problems);
    String agent = config.requests().extraUserAgent();
    if (agent != null && !agent.matches("[ -~]*")) {
      problems.error("extra_user_agent", "has characters that a header cannot have", "");
    }
  }

  private static void checkNames(CloudWatchConfig.Names names, Problems problems) {
    if (!GROUP.matcher(names.logGroupName()).matches()) {
      problems.error(
          "log_group_name",
          "is no name of a log group: 1 to 512 of letters, digits and . - _ / #",
          "log_group_name: /app/web");
    }
    String stream = names.logStreamName();
    String prefix = names.logStreamPrefix();
    if (stream != null && prefix != null) {
      problems.error("log_stream_prefix", "stands beside log_stream_name", "keep one of them");
    } else if (stream == null && prefix == null) {
      problems.error(
          "log_stream_name",
          "is missing, and so is log_stream_prefix",
          "log_stream_prefix: from-${NODE_NAME}-");
    }
    if (stream != null && !STREAM.matcher(stream).matches()) {
      problems.error(
          "log_stream_name",
          "is no name of a log stream: 1 to 512 characters, and no : or * among them",
          "log_stream_name: web");
    }
    if (prefix != null && prefix.chars().anyMatch(c -> c == ':' || c == '*' || c < ' ')) {
      problems.error(
          "log_stream_prefix", "has a character that no log stream can have", "without : and *");
    }
  }

  private static void checkEvent(CloudWatchConfig.Event event, Problems problems) {
    String format = event.logFormat();
    if (format != null && !format.equals(EMF) && !format.equals("json")) {
      problems.error("log_format", "is not json or json/emf", "log_format: json/emf");
    }
    if (event.maxEventSize().bytes() > RequestRules.MOST_BYTES) {
      problems.error(
          "max_event_size",
          "is more than a whole request may have",
          "max_event_size: " + RequestRules.MOST_BYTES);
    }
    if (event.addEntity()) {
      problems.warning("add_entity", "has no effect: no filter here finds out entities", "off");
    }
    if (event.metricNamespace() != null || event.metricDimensions() != null) {
      problems.warning(
          event.metricNamespace() != null ? "metric_namespace" : "metric_dimensions",
          "has no effect: it is for the inputs cpu and mem of Fluent Bit, which are not there",
          "log_format: json/emf for records that have an _aws member");
    }
  }

  @Override
  public Output create(CloudWatchConfig config, Context context) throws StartException {
    String region = region(config);
    String endpoint = config.target().endpoint();
    boolean plain = endpoint != null && endpoint.startsWith("http://");
    HostPort host = host(config, region);
    String agent = config.requests().extraUserAgent();
    HttpClient client =
        HttpClient.create(
            new HttpClient.Settings(
                List.of(host),
                config.net(),
                plain ? TlsOptions.off() : config.tls(),
                List.of("User-Agent", agent == null ? "Logboom" : "Logboom " + agent),
                context.meters()));
    List<String> headers = new ArrayList<>();
    if (EMF.equals(config.event().logFormat())) {
      headers.addAll(List.of("x-amzn-logs-format", EMF));
    }
    if (config.requests().compress() == Compress.GZIP) {
      headers.addAll(List.of("Content-Encoding", "gzip"));
    }
    AwsCredentials credentials;
    try {
      credentials = AwsCredentials.acquire(config.aws(), context.meters());
    } catch (StartException e) {
      client.close();
      throw e;
    }
    AwsSigner signer = new AwsSigner(region, "logs", context.clock());
    return new CloudWatch(
        config,
        context,
        client,
        credentials,
        listener -> new Api(client, host, credentials, signer, List.copyOf(headers), listener));
  }

  private static String region(CloudWatchConfig config) throws StartException {
    String given = config.aws().region();
    for (String each :
        new @Nullable String[] {
          given, System.getenv("AWS_REGION"), System.getenv("AWS_DEFAULT_REGION")
        }) {
      if (each != null && !each.isBlank()) {
        return each.strip();
      }
    }
    throw new StartException("region is not set, and neither is AWS_REGION");
  }

  private static HostPort host(CloudWatchConfig config, String region) throws StartException {
    String endpoint = config.target().endpoint();
    String name =
        "logs." + region + (region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
    int port = config.target().port();
    if (endpoint != null) {
      Matcher parts = ENDPOINT.matcher(endpoint);
      name = parts.matches() ? parts.group(2) : "";
      port = port == 443 && endpoint.startsWith("http://") ? 80 : port;
    }
    HostPort host = HostPort.parse(name, port);
    if (host == null) {
      throw new StartException("'" + name + "' is no address: look at region and endpoint");
    }
    return host;
  }
}
