package io.logboom.net.server;

/** Answers requests. Runs on the server's one thread: it must be short and must not block. */
@FunctionalInterface
public interface Handler {
  /** The answer; an exception becomes a 500 and a line in the log. */
  Answer answer(Request request);
}
