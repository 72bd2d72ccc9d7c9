package io.logboom.testkit.output;

/** What an output owes its records for an {@link Answer}. */
public enum Owed {
  /** They are sent again. */
  RETRY,
  /** They are sent again, and not before the backend asked for it. */
  RETRY_WHEN_ASKED,
  /** They are rejected, with the reason. */
  REJECTED,
  /** Each is judged alone: what is not its fault costs no record anything. */
  EACH_ALONE,
  /** Nothing: the protocol has no way to say it. */
  CANNOT_BE_SAID
}
