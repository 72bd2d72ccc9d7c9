package io.logboom.api.meter;

/** A count that only grows. Safe for all threads. */
public interface Counter {
  /** Adds {@code n}, which is not negative. */
  void add(long n);

  /** The count so far. */
  long count();
}
