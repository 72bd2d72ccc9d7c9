package io.logboom.aws;

import io.logboom.api.config.Secret;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code AWS_ACCESS_KEY_ID} and its like. */
final class EnvironmentSource implements CredentialSource {
  private final UnaryOperator<@Nullable String> environment;

  EnvironmentSource(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  @Override
  public String name() {
    return "the environment";
  }

  @Override
  public @Nullable Credentials fetch() throws SourceFailure {
    String id = value("AWS_ACCESS_KEY_ID");
    String secret = value("AWS_SECRET_ACCESS_KEY");
    String token = value("AWS_SESSION_TOKEN");
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

  private @Nullable String value(String name) {
    String value = environment.apply(name);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
