package io.logboom.aws;

import io.logboom.api.plugin.StartException;
import java.util.List;

/** The places that are looked at, in Fluent Bit's order. */
final class Sources {
  private Sources() {}

  static CredentialSource of(SharedSource.Identity who) throws StartException {
    Sts sts = new Sts(who.stsEndpoint(), who.stsRegion());
    String role = who.roleArn();
    if (role != null) {
      return new RoleSource(SharedSource.acquire(who.withoutRole()), sts, role, who.externalId());
    }
    return new Chain(
        List.of(
            new EnvironmentSource(),
            new ProfileSource(who.profile()),
            new WebIdentitySource(sts),
            new ContainerSource(),
            new InstanceSource()));
  }
}
