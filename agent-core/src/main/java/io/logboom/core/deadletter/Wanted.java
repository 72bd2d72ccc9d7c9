package io.logboom.core.deadletter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The letters of one request for a replay that come next, by output. Only so many at a time are
 * looked up that they take little memory.
 */
final class Wanted {
  /** The most letters that are looked up at a time. */
  static final int MOST = 4096;

  /** Where a letter is. */
  record Place(long id, SegmentName segment, long offset) {}

  private final IdSet ids;
  private final Map<String, Deque<Place>> places = new HashMap<>();
  private int open;
  private long from = 1;
  private boolean lookedUpAll;

  Wanted(IdSet ids) {
    this.ids = ids;
  }

  /** Whether further letters may be looked up now. */
  boolean isSettled() {
    return open == 0;
  }

  boolean isDone() {
    return open == 0 && lookedUpAll;
  }

  boolean isFull() {
    return open >= MOST;
  }

  boolean wants(long id) {
    return id >= from && ids.contains(id);
  }

  /** Adds a letter; in rising order of numbers. */
  void add(String output, Place place) {
    places.computeIfAbsent(output, _ -> new ArrayDeque<>()).add(place);
    from = place.id() + 1;
    open++;
  }

  /** Passes over a letter that cannot be sent. */
  void pass(long id) {
    from = id + 1;
  }

  void lookedUpAll() {
    lookedUpAll = true;
  }

  @Nullable Place next(String output) {
    Deque<Place> waiting = places.get(output);
    return waiting == null ? null : waiting.poll();
  }

  /** Says that a letter from {@link #next} comes again. */
  void giveBack(String output, Place place) {
    places.computeIfAbsent(output, _ -> new ArrayDeque<>()).addFirst(place);
  }

  /** Says that a letter from {@link #next} does not come again. */
  void settled() {
    open--;
  }
}
