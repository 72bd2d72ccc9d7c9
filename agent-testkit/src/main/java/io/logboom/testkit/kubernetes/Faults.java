package io.logboom.testkit.kubernetes;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What goes wrong with requests to come, in the order it was asked for. */
public final class Faults {
  /** One wrong answer. */
  sealed interface Fault {
    record Answer(int code, @Nullable String retryAfter) implements Fault {}

    record Drop() implements Fault {}

    record Slow(Duration delay) implements Fault {}
  }

  private final Deque<Fault> next = new ArrayDeque<>();
  private final Set<String> forbidden = ConcurrentHashMap.newKeySet();

  /** The next request is answered with this status. */
  public synchronized Faults answer(int code) {
    next.add(new Fault.Answer(code, null));
    return this;
  }

  /** The next request is answered with 429 and this {@code Retry-After}. */
  public synchronized Faults tooMany(String retryAfter) {
    next.add(new Fault.Answer(429, retryAfter));
    return this;
  }

  /** The connection of the next request is closed without an answer. */
  public synchronized Faults drop() {
    next.add(new Fault.Drop());
    return this;
  }

  /** The next request is answered late. */
  public synchronized Faults slow(Duration delay) {
    next.add(new Fault.Slow(delay));
    return this;
  }

  /** No role allows this verb from now on: {@code get}, {@code list} or {@code watch}. */
  public Faults forbid(String verb) {
    forbidden.add(verb);
    return this;
  }

  /** A role allows the verb again. */
  public Faults allow(String verb) {
    forbidden.remove(verb);
    return this;
  }

  boolean isForbidden(String verb) {
    return forbidden.contains(verb);
  }

  synchronized @Nullable Fault poll() {
    return next.poll();
  }
}
