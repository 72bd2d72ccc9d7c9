package io.logboom.output.cloudwatch;

import io.logboom.net.http.HttpResponse;
import java.time.Duration;

/**
 * What became of one call.
 *
 * @param why one short sentence with the address, for all but {@link Kind#OK}
 * @param notBefore how long the service asked to wait
 * @param body of an answer that is one of the service's own
 */
record Answer(Kind kind, String why, Duration notBefore, String body) {
  /** What can become of a call. */
  enum Kind {
    OK,
    /** The service asks for patience: throttling, 429, 5xx. */
    BUSY,
    /** No answer of the service, or none at all. */
    AWAY,
    /** The group or the stream is not there. */
    NOT_FOUND,
    /** The group is not there, and not to be created. */
    NO_GROUP,
    /** What was to be created is there. */
    EXISTS,
    /** These events had been taken before. */
    HAD,
    /** The service asks for another sequence token. */
    TOKEN,
    /** Something in the request is not as it should be. */
    INVALID,
    /** The request is too large for what is between, or for the service. */
    TOO_LARGE,
    /** Somebody has to mend something: a permission, a key, a name, a clock. */
    REFUSED
  }

  static Answer of(Kind kind, String why) {
    return new Answer(kind, why, Duration.ZERO, "");
  }

  static Answer of(Kind kind, String why, HttpResponse response, String body) {
    return new Answer(kind, why, response.retryAfter(), body);
  }
}
