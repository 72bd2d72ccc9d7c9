package io.logboom.net.ingest;

import org.jspecify.annotations.Nullable;

/** What takes the requests of one loop. Called on the loop, and quick. */
public interface Taker {
  /** Whether one more connection is welcome; if so, {@link #left} tells its end. */
  boolean admits(String peer);

  /** A connection that was welcome is no more; NONE where nothing was wrong with it. */
  void left(String peer, Reason reason);

  /** Bytes have come, before TLS. */
  void received(int bytes);

  /**
   * Looks at a request before its body comes.
   *
   * @return an answer that makes the body unnecessary; null where the request is to come
   */
  @Nullable Answer early(RequestHead head);

  /** The request is there. It is to be answered ({@link Exchange#answer}), now or later. */
  void take(Exchange exchange);

  /** An answer goes to a client, whoever gave it. */
  void answered(String peer, Answer answer);

  /** A defect of the program; the connection ends. */
  void defect(String peer, RuntimeException why);

  /**
   * Memory is held, or given back where it is negative, for what has come of requests.
   *
   * @param bytes the difference
   */
  void charge(long bytes);

  /** Some time has passed, about half a second. */
  void tick(long now);
}
