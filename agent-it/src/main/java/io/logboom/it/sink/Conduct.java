package io.logboom.it.sink;

import java.time.Duration;
import java.util.OptionalInt;

/** How a {@link BulkSink} behaves, until it is told otherwise. */
public sealed interface Conduct {

  /** Takes everything at once. */
  record Well() implements Conduct {}

  /** Is away: resets the connections that are open, and the kernel refuses new ones. */
  record Away() implements Conduct {}

  /** Takes every byte and never answers. */
  record BlackHole() implements Conduct {}

  /**
   * Stands still, as a process that was stopped with SIGSTOP does: the kernel still accepts
   * connections and takes what its buffers hold; nobody reads. What was under way goes on at the
   * place where it stopped.
   */
  record Frozen() implements Conduct {}

  /** Resets each connection when so many bytes of a request's body have come. */
  record ResetInRequest(int bytes) implements Conduct {}

  /** Keeps the documents, answers by half, and resets: the sender cannot know. */
  record ResetInAnswer() implements Conduct {}

  /** Answers well, but only after a while. */
  record Late(Duration delay) implements Conduct {}

  /** Reads bodies at this rate. */
  record Slow(int bytesPerSecond) implements Conduct {}

  /**
   * Answers each request with this status and keeps nothing of it.
   *
   * @param retryAfterSeconds the header Retry-After; absent where empty
   */
  record Refusing(int status, OptionalInt retryAfterSeconds) implements Conduct {}

  /** Judges each document; answers 200 as a whole. */
  record Choosy(Verdict verdict) implements Conduct {}

  /** The status of one item. */
  @FunctionalInterface
  interface Verdict {
    /**
     * @param index its place in the request
     * @return 201 to keep it; else what its item says, such as 429 or 400
     */
    int status(int index, byte[] document);
  }
}
