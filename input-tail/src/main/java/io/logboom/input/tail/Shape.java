package io.logboom.input.tail;

import org.jspecify.annotations.Nullable;

/**
 * The names that a container's record has.
 *
 * @param text the message's name, {@code log}
 * @param stream the name of {@code stdout} or {@code stderr}; null where it is left out
 * @param tag the name of CRI's {@code F} or {@code P}; null where it is left out
 * @param stamp the name of the runtime's time; null where it is left out
 * @param plain the name of a line that is not in the container's format
 */
record Shape(
    String text,
    @Nullable String stream,
    @Nullable String tag,
    @Nullable String stamp,
    String plain) {

  /** What Fluent Bit's parser {@code docker} and its multiline parser of that name make. */
  static Shape docker(String plain) {
    return new Shape("log", "stream", null, "time", plain);
  }

  /** What Fluent Bit's multiline parser {@code cri} makes. */
  static Shape criJoined(String plain) {
    return new Shape("log", "stream", "_p", "time", plain);
  }

  /** What Fluent Bit's plain parser {@code cri} makes. */
  static Shape cri(String plain) {
    return new Shape("message", "stream", "logtag", "time", plain);
  }
}
