package io.logboom.aws;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;

/** The role of the EC2 instance, from its metadata service (IMDSv2). */
final class InstanceSource implements CredentialSource {
  @Override
  public String name() {
    return "the instance's metadata service";
  }

  @Override
  public @Nullable Credentials fetch() throws SourceFailure, InterruptedException {
    if ("true".equalsIgnoreCase(Surroundings.value(SdkSystemSetting.AWS_EC2_METADATA_DISABLED))) {
      return null;
    }
    try (InstanceProfileCredentialsProvider provider =
        InstanceProfileCredentialsProvider.create()) {
      return Sdk.credentials(provider.resolveCredentials());
    } catch (RuntimeException e) {
      throw Sdk.failure(e);
    }
  }
}
