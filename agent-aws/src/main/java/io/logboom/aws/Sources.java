package io.logboom.aws;

import java.util.List;

/** The places that are looked at, in Fluent Bit's order. */
final class Sources {
  private Sources() {}

  static CredentialSource of(AwsOptions options) {
    return new Chain(List.of(new EnvironmentSource(System::getenv)));
  }
}
