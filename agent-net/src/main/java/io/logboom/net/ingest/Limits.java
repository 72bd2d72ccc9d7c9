package io.logboom.net.ingest;

import java.time.Duration;

/**
 * What bounds a client.
 *
 * @param mostLine bytes of a request's first line
 * @param mostHead bytes of its headers
 * @param mostBody bytes of its body, as it is sent
 * @param mostHeld bytes of bodies that a loop holds, about
 * @param idle how long a connection may wait between two requests
 * @param head how long a head may take
 * @param io how long a client may be silent in a body
 * @param request how long a request may take to come
 * @param room how long a body waits for memory
 * @param answer how long a request waits for its answer
 */
public record Limits(
    int mostLine,
    int mostHead,
    int mostBody,
    long mostHeld,
    Duration idle,
    Duration head,
    Duration io,
    Duration request,
    Duration room,
    Duration answer) {
  private static final Duration LINGER = Duration.ofSeconds(2);

  long idleNanos() {
    return idle.toNanos();
  }

  long headNanos() {
    return head.toNanos();
  }

  long ioNanos() {
    return io.toNanos();
  }

  long requestNanos() {
    return request.toNanos();
  }

  long roomNanos() {
    return room.toNanos();
  }

  long answerNanos() {
    return answer.toNanos();
  }

  /**
   * For how long what still comes is read behind the last answer, which would be lost where the
   * connection is closed with bytes that were not read.
   */
  long lingerNanos() {
    return LINGER.toNanos();
  }
}
