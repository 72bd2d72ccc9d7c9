package io.logboom.aws;

/**
 * There are no credentials now; a later try may find some. The message says which places were tried
 * and what each said.
 */
public final class CredentialsFailure extends Exception {
  CredentialsFailure(String message) {
    super(message);
  }

  CredentialsFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
