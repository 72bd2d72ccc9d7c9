package io.logboom.aws;

import io.logboom.api.config.Secret;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkSystemSetting;

/** {@code AWS_ACCESS_KEY_ID} and its like. */
final class EnvironmentSource implements CredentialSource {
  @Override
  public String name() {
    return "the environment";
  }

  @Override
  public @Nullable Credentials fetch() throws SourceFailure {
    String id = Surroundings.value(SdkSystemSetting.AWS_ACCESS_KEY_ID);
    String secret = Surroundings.value(SdkSystemSetting.AWS_SECRET_ACCESS_KEY);
    String token = Surroundings.value(SdkSystemSetting.AWS_SESSION_TOKEN);
    if (id == null && secret == null) {
      return null;
    }
    if (id == null || secret == null) {
      throw new SourceFailure(
          (id == null ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY") + " is not set",
          false,
          null);
    }
    return new Credentials(id, new Secret(secret), token == null ? null : new Secret(token), null);
  }
}
