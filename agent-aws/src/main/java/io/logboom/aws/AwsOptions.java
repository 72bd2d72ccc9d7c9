package io.logboom.aws;

import io.logboom.api.config.Option;
import org.jspecify.annotations.Nullable;

/**
 * Who an output to AWS is, and where: the options that all of them share. {@code es} has them with
 * the prefix {@code aws_}.
 */
public record AwsOptions(
    @Option(
            text =
                "The AWS region. By default that of AWS_REGION, AWS_DEFAULT_REGION, or the profile.")
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

  /** All of it from the surroundings. */
  public static AwsOptions none() {
    return new AwsOptions(null, null, null, null, null);
  }
}
