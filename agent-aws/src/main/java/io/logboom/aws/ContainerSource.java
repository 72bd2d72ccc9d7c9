package io.logboom.aws;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * The endpoint that {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} or {@code ..._RELATIVE_URI} names:
 * EKS Pod Identity, ECS. The file of its own token is read for each session.
 */
final class ContainerSource implements CredentialSource {
  @Override
  public String name() {
    return "the container's credentials endpoint";
  }

  @Override
  public @Nullable Credentials fetch() throws SourceFailure, InterruptedException {
    if (Surroundings.value(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) == null
        && Surroundings.value(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI) == null) {
      return null;
    }
    try (ContainerCredentialsProvider provider = ContainerCredentialsProvider.create()) {
      return Sdk.credentials(provider.resolveCredentials());
    } catch (RuntimeException e) {
      throw Sdk.failure(e);
    }
  }
}
