package io.logboom.filter.kubernetes;

import java.io.IOException;
import java.time.Duration;

/** The API server answered, but not with what was asked for. */
final class ApiFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final transient Duration notBefore;

  ApiFailure(int code, String message, Duration notBefore) {
    super(message);
    this.code = code;
    this.notBefore = notBefore;
  }

  int code() {
    return code;
  }

  /** How long the server asked to wait; zero where it did not. */
  Duration notBefore() {
    return notBefore;
  }
}
