package io.logboom.aws;

import io.logboom.api.config.Option;
import io.logboom.api.plugin.Problems;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who an output to AWS is, and where: the options that all of them share. {@code es} has them with
 * the prefix {@code aws_}.
 */
public record AwsOptions(
    @Option(
            text =
                "The AWS region. By default that of AWS_REGION, AWS_DEFAULT_REGION, or the"
                    + " profile.")
        @Nullable String region,
    @Option(
            text =
                "The profile of the shared files ~/.aws/credentials and ~/.aws/config. By default"
                    + " AWS_PROFILE, AWS_DEFAULT_PROFILE, or default.")
        @Nullable String profile,
    @Option(
            text =
                "The role to assume, such as one of another account: arn:aws:iam::123456789012:role"
                    + "/logs.")
        @Nullable String roleArn,
    @Option(text = "The external id that role_arn's account asks for.") @Nullable String externalId,
    @Option(
            text =
                "The URL of the security token service (STS), which gives sessions of roles. By"
                    + " default that of the region.")
        @Nullable String stsEndpoint) {
  private static final Pattern ROLE = Pattern.compile("arn:[a-z0-9-]+:iam::\\d{12}:role/\\S+");

  /** All of it from the surroundings. */
  public static AwsOptions none() {
    return new AwsOptions(null, null, null, null, null);
  }

  /**
   * Rules that one option alone cannot state.
   *
   * @param prefix what the output has before the options' names
   */
  public void check(String prefix, Problems problems) {
    if (roleArn != null && !ROLE.matcher(roleArn).matches()) {
      problems.error(
          prefix + "role_arn", "is no role's name", "arn:aws:iam::123456789012:role/logs");
    }
    if (externalId != null && roleArn == null) {
      problems.error(
          prefix + "external_id", "is for a role, and none is named", prefix + "role_arn: arn:...");
    }
    if (stsEndpoint != null && url(stsEndpoint) == null) {
      problems.error(prefix + "sts_endpoint", "is no URL", "https://sts.eu-west-1.amazonaws.com");
    }
  }

  /** Whether any of them is given. */
  public boolean areAny() {
    return !equals(none());
  }

  /** An endpoint's URL, or its host alone, as Fluent Bit takes it; null where it is neither. */
  static @Nullable URI url(String text) {
    try {
      String all = text.contains("://") ? text : "https://" + text;
      URI url = URI.create(all.endsWith("/") ? all.substring(0, all.length() - 1) : all);
      boolean known = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      boolean plain = url.getRawQuery() == null && url.getRawUserInfo() == null;
      return known && plain && url.getHost() != null ? url : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
