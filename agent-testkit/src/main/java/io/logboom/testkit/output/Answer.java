package io.logboom.testkit.output;

/** How a backend answers a request that it has read to its end, and does not simply take. */
public enum Answer {
  /** Too much at once: to come again in 7 seconds, where the protocol can say so. */
  THROTTLED,
  /** It cannot now. */
  UNAVAILABLE,
  /** It does not know who sends. */
  UNAUTHORIZED,
  /** It knows, and does not take it from them. */
  FORBIDDEN,
  /** The request is larger than it takes; a smaller one it would. Nothing of it is kept. */
  TOO_LARGE,
  /** Some of the lines are refused for good. */
  REFUSES_SOME,
  /** Some of the lines are refused for now. */
  DEFERS_SOME
}
