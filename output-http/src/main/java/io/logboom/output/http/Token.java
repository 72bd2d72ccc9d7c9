package io.logboom.output.http;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An access token. Its text is for messages and does not have the token.
 *
 * @param due when another one is to be fetched; null for never
 * @param end from when it is not good any more; null where that is not known
 */
record Token(String value, @Nullable Instant due, @Nullable Instant end) {
  boolean isGood(Instant now) {
    return end == null || now.isBefore(end);
  }

  boolean isDue(Instant now) {
    return due != null && !now.isBefore(due);
  }

  @Override
  public String toString() {
    return end == null ? "a token without an end" : "a token until " + end;
  }
}
