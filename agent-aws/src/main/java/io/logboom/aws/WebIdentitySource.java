package io.logboom.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * A role for a service account of Kubernetes (IRSA): {@code AWS_ROLE_ARN}, and {@code
 * AWS_WEB_IDENTITY_TOKEN_FILE}, which is read for each session, as it is replaced now and then.
 */
final class WebIdentitySource implements CredentialSource {
  private static final int MOST_TOKEN = 64 * 1024;

  private final Sts sts;

  WebIdentitySource(Sts sts) {
    this.sts = sts;
  }

  @Override
  public String name() {
    String role = Surroundings.value(SdkSystemSetting.AWS_ROLE_ARN);
    return "the web identity token" + (role == null ? "" : " for " + role);
  }

  @Override
  public @Nullable Credentials fetch() throws SourceFailure, InterruptedException {
    String role = Surroundings.value(SdkSystemSetting.AWS_ROLE_ARN);
    String file = Surroundings.value(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE);
    if (file == null) {
      return null;
    }
    if (role == null) {
      throw new SourceFailure("AWS_ROLE_ARN is not set", false, null);
    }
    return sts.webIdentity(role, token(file));
  }

  private static String token(String file) throws SourceFailure {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MOST_TOKEN) {
        throw new SourceFailure(file + " is larger than a token", false, null);
      }
      String token = Files.readString(path).strip();
      if (token.isEmpty()) {
        throw new SourceFailure(file + " is empty", true, null); // while it is being replaced
      }
      return token;
    } catch (NoSuchFileException e) {
      throw new SourceFailure(file + " does not exist", false, e);
    } catch (IOException | InvalidPathException e) {
      throw new SourceFailure(file + " cannot be read: " + e.getMessage(), false, e);
    }
  }
}
