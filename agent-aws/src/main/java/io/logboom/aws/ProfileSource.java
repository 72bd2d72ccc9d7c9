package io.logboom.aws;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * A profile of {@code ~/.aws/credentials} and {@code ~/.aws/config}: keys, a {@code
 * credential_process}, a role with its {@code source_profile}. The files are read at each fetch.
 */
final class ProfileSource implements CredentialSource {
  /** Without one of these a profile has settings, and no credentials. */
  private static final Set<String> CREDENTIALS =
      Set.of(
          "aws_access_key_id",
          "credential_process",
          "role_arn",
          "sso_session",
          "sso_account_id",
          "login_session");

  private final @Nullable String named;

  /**
   * @param named null for the default one, which need not be there
   */
  ProfileSource(@Nullable String named) {
    this.named = named;
  }

  @Override
  public String name() {
    return "profile '" + profile() + "'";
  }

  private String profile() {
    return named == null ? "default" : named;
  }

  @Override
  public @Nullable Credentials fetch() throws SourceFailure, InterruptedException {
    try {
      ProfileFile file = ProfileFile.defaultProfileFile();
      Profile profile = file.profile(profile()).orElse(null);
      if (profile == null || CREDENTIALS.stream().noneMatch(profile.properties()::containsKey)) {
        return none(profile != null);
      }
      try (ProfileCredentialsProvider provider =
          ProfileCredentialsProvider.builder().profileFile(file).profileName(profile()).build()) {
        return Sdk.credentials(provider.resolveCredentials());
      }
    } catch (RuntimeException e) {
      // Somebody meant this profile: no other identity takes its place.
      throw new SourceFailure(Sdk.failure(e).why(), true, e);
    }
  }

  private @Nullable Credentials none(boolean exists) throws SourceFailure {
    if (named == null) {
      return null;
    }
    throw new SourceFailure(
        exists
            ? "it has no credentials"
            : "there is no such profile in the files of AWS_SHARED_CREDENTIALS_FILE and"
                + " AWS_CONFIG_FILE, nor in ~/.aws",
        true,
        null);
  }
}
