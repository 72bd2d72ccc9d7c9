package io.logboom.aws;

import org.jspecify.annotations.Nullable;

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
      return sts.role(with, role, externalId);
    } catch (Sts.Refused e) {
      base.rejected(with);
    } catch (SourceFailure e) {
      throw named(e);
    }
    try {
      return sts.role(base(), role, externalId);
    } catch (SourceFailure e) {
      throw named(e);
    }
  }

  private SourceFailure named(SourceFailure e) {
    return new SourceFailure(name() + ": " + e.why(), e.isPassing(), e);
  }

  private Credentials base() throws SourceFailure, InterruptedException {
    try {
      return base.current();
    } catch (CredentialsFailure e) {
      throw new SourceFailure(name() + ": " + e.getMessage(), true, e);
    }
  }

  @Override
  public void close() {
    SharedSource.release(base);
  }
}
