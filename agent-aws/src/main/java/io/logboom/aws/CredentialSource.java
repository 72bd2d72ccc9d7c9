package io.logboom.aws;

import org.jspecify.annotations.Nullable;

/** One place that credentials can come from. Each call looks anew; nothing is kept between. */
interface CredentialSource {
  /** For messages: {@code the environment}. */
  String name();

  /**
   * Looks.
   *
   * @return null where the place is not set up here at all
   * @throws SourceFailure where it is, and gives none
   */
  @Nullable Credentials fetch() throws SourceFailure, InterruptedException;

  /** Lets go of what it holds. */
  default void close() {}

  /** Why a place that is set up gave no credentials, in one sentence without secrets. */
  class SourceFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean passing;

    /**
     * @param passing whether the place may well give some a little later: it could not be reached,
     *     or asked for patience
     */
    SourceFailure(String message, boolean passing, @Nullable Throwable cause) {
      super(message, cause);
      this.passing = passing;
    }

    boolean isPassing() {
      return passing;
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }
}
