package io.logboom.output.cloudwatch;

import io.logboom.api.plugin.Outcome;
import io.logboom.net.http.HttpFailure;
import io.logboom.net.http.HttpResponse;
import java.time.Duration;

/**
 * What became of one call.
 *
 * @param retry why, in one short sentence with the address, and when to try again; without meaning
 *     for {@link Kind#OK}
 * @param body of an answer that is one of the service's own
 */
record Answer(Kind kind, Outcome.Retry retry, String body) {
  /** By when a service that asked for patience is asked again. */
  static final Duration PATIENCE = Duration.ofSeconds(4);

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
    return new Answer(kind, new Outcome.Retry(why), "");
  }

  static Answer of(HttpFailure failure) {
    return new Answer(Kind.AWAY, failure.retry(), "");
  }

  static Answer of(Kind kind, String why, HttpResponse response, String body) {
    // What was created a moment ago is perhaps not everywhere yet.
    boolean soon = kind == Kind.BUSY || kind == Kind.NOT_FOUND;
    Duration most = soon ? PATIENCE : Outcome.ANY_WAIT;
    return new Answer(kind, new Outcome.Retry(why, response.retryAfter(), most), body);
  }

  String why() {
    return retry.why();
  }
}
