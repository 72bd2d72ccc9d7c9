package io.logboom.aws;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.utils.SystemSetting;

/** Variables of the environment and the shared files, as the SDK reads them. */
final class Surroundings {
  private Surroundings() {}

  /** A variable's value; null where it is not set, or blank. */
  static @Nullable String value(SystemSetting setting) {
    return trimmed(setting.getStringValue().orElse(null));
  }

  private static @Nullable String variable(String name) {
    return trimmed(System.getenv(name));
  }

  private static @Nullable String trimmed(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** The profile that the options name, or the environment; null where neither does. */
  static @Nullable String namedProfile(AwsOptions options) {
    if (options.profile() != null) {
      return options.profile();
    }
    // The SDK's setting has a default, which is no name that anybody gave.
    Optional<String> set = ProfileFileSystemSetting.AWS_PROFILE.getNonDefaultStringValue();
    String named = trimmed(set.orElse(null));
    return named == null ? variable("AWS_DEFAULT_PROFILE") : named;
  }

  /**
   * The region to look for the security token service in. That of the environment comes first: a
   * session of one region is good in all, so outputs to several regions can share it.
   */
  static @Nullable String stsRegion(AwsOptions options) {
    String region = environmentRegion();
    return region == null ? region(options) : region;
  }

  /** Where sessions are asked for; null for the region's service. */
  static @Nullable String stsEndpoint(AwsOptions options) {
    return options.stsEndpoint() == null ? variable("AWS_ENDPOINT_URL_STS") : options.stsEndpoint();
  }

  /** The region that the options name, or the environment, or the profile; null where none does. */
  static @Nullable String region(AwsOptions options) {
    String region = trimmed(options.region());
    if (region == null) {
      region = environmentRegion();
    }
    return region == null ? profileRegion(options) : region;
  }

  private static @Nullable String environmentRegion() {
    String region = value(SdkSystemSetting.AWS_REGION);
    return region == null ? variable("AWS_DEFAULT_REGION") : region;
  }

  private static @Nullable String profileRegion(AwsOptions options) {
    String name = namedProfile(options);
    try {
      return ProfileFile.defaultProfileFile()
          .profile(name == null ? "default" : name)
          .flatMap(Surroundings::region)
          .orElse(null);
    } catch (RuntimeException e) {
      return null; // what is wrong with the file is told where credentials are asked of it
    }
  }

  private static Optional<String> region(Profile profile) {
    return Optional.ofNullable(trimmed(profile.property("region").orElse(null)));
  }
}
