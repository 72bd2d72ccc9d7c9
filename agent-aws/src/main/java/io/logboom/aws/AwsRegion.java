package io.logboom.aws;

import org.jspecify.annotations.Nullable;

/** Where an output's service is. */
public final class AwsRegion {
  private AwsRegion() {}

  /**
   * The region that the options name; else that of {@code AWS_REGION}, {@code AWS_DEFAULT_REGION},
   * or the profile. Reads variables and files.
   *
   * @return null where none of them names one
   */
  public static @Nullable String find(AwsOptions options) {
    return Surroundings.region(options);
  }
}
