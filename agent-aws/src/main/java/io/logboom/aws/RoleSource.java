package io.logboom.aws;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/** A session of the role that {@code role_arn} names, with what the chain gives. */
final class RoleSource implements CredentialSource {
  private final SharedSource base;
  private final Sts sts;
  private final String role;
  private final @Nullable String externalId;

  /**
   * @param base held; let go of with {@link #close}
   */
  RoleSource(SharedSource base, Sts sts, String role, @Nullable String externalId) {
    this.base = base;
    this.sts = sts;
    this.role = role;
    this.externalId = externalId;
  }

  @Override
  public String name() {
    return "role " + role;
  }

  @Override
  public Credentials fetch() throws SourceFailure, InterruptedException {
    Credentials with = base();
    try {
      return assume(with);
    } catch (RuntimeException e) {
      if (!Sdk.isExpired(e)) {
        throw failure(e);
      }
      base.rejected(with);
    }
    try {
      return assume(base());
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  private SourceFailure failure(RuntimeException e) throws InterruptedException {
    SourceFailure failure = Sdk.failure(e);
    return new SourceFailure(name() + ": " + failure.why(), failure.isPassing(), e);
  }

  private Credentials base() throws SourceFailure, InterruptedException {
    try {
      return base.current();
    } catch (CredentialsFailure e) {
      throw new SourceFailure(name() + ": " + e.getMessage(), true, e);
    }
  }

  private Credentials assume(Credentials with) {
    AssumeRoleRequest.Builder ask =
        AssumeRoleRequest.builder().roleArn(role).roleSessionName(Sts.sessionName());
    if (externalId != null) {
      ask.externalId(externalId);
    }
    return sts.ask(Sdk.provider(with), client -> client.assumeRole(ask.build()).credentials());
  }

  @Override
  public void close() {
    SharedSource.release(base);
  }
}
