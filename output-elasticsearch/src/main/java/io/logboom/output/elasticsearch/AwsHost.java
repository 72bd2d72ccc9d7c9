package io.logboom.output.elasticsearch;

import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.aws.AwsRegion;
import io.logboom.net.HostPort;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the name of an AWS host says, such as {@code search-logs-abc123.eu-west-1.es.amazonaws.com},
 * and rules for signed requests.
 */
final class AwsHost {
  private static final Pattern NAME =
      Pattern.compile(".+\\.([a-z]{2}(?:-[a-z]+)+-\\d+)\\.(es|aoss)\\.amazonaws\\.com(?:\\.cn)?");

  private AwsHost() {}

  static String service(ElasticsearchConfig.Aws config, HostPort host) {
    if (config.awsServiceName() != null) {
      return config.awsServiceName();
    }
    Matcher name = NAME.matcher(host.host());
    return name.matches() ? name.group(2) : "es";
  }

  static String region(ElasticsearchConfig.Aws config, HostPort host) throws StartException {
    Matcher name = NAME.matcher(host.host());
    if (config.identity().region() == null && name.matches()) {
      return name.group(1);
    }
    String region = AwsRegion.find(config.identity());
    if (region == null) {
      throw new StartException(
          "aws_auth needs a region, and neither the host's name nor AWS_REGION nor the profile"
              + " has one: aws_region: eu-west-1");
    }
    return region;
  }

  static void check(ElasticsearchConfig config, Problems problems) {
    ElasticsearchConfig.Aws aws = config.aws();
    if (!aws.awsAuth()) {
      if (aws.identity().areAny() || aws.awsServiceName() != null) {
        problems.warning(
            "aws_auth", "is off: the other options for AWS have no effect", "aws_auth: on");
      }
      return;
    }
    aws.identity().check("aws_", problems);
    ElasticsearchConfig.Auth auth = config.auth();
    if (auth.httpUser() != null || auth.httpApiKey() != null || auth.cloudAuth() != null) {
      problems.error(
          "aws_auth",
          "signs requests, which cannot have a password or key as well",
          "keep one of them");
    }
    List<String> hosts = config.target().hosts();
    if (hosts != null && hosts.size() > 1) {
      problems.error(
          "hosts", "are several, and a signature is good for one", "host: the domain's endpoint");
    }
    if (config.target().cloudId() != null) {
      problems.error("cloud_id", "is not of AWS, and aws_auth is on", "host: ...");
    }
    checkName(aws, config, problems);
    if (!config.tls().on()) {
      problems.warning(
          "tls",
          "is off: what is sent can be read, and most of AWS's endpoints refuse it",
          "tls: on and port: 443");
    }
  }

  private static void checkName(
      ElasticsearchConfig.Aws aws, ElasticsearchConfig config, Problems problems) {
    String host = host(config.target());
    HostPort parsed = host == null ? null : HostPort.parse(host, config.target().port());
    Matcher name = NAME.matcher(parsed == null ? "" : parsed.host());
    if (name.matches()) {
      if (aws.awsServiceName() != null && !aws.awsServiceName().equals(name.group(2))) {
        problems.warning(
            "aws_service_name",
            "is another one than the host's name says",
            "aws_service_name: " + name.group(2));
      }
      String region = aws.identity().region();
      if (region != null && !region.equals(name.group(1))) {
        problems.warning(
            "aws_region",
            "is another one than the host's name says",
            "aws_region: " + name.group(1));
      }
    }
    String path = config.target().path();
    if (path != null && !isPath(path)) {
      problems.error("path", "has characters that must be encoded to be signed", "%20 for a space");
    }
  }

  private static @Nullable String host(ElasticsearchConfig.Target target) {
    List<String> hosts = target.hosts();
    return hosts == null || hosts.isEmpty() ? target.host() : hosts.getFirst();
  }

  private static boolean isPath(String path) {
    try {
      URI url = URI.create("http://host/" + path);
      return url.getRawQuery() == null && url.getRawFragment() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
