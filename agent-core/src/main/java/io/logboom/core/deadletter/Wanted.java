package io.logboom.core.deadletter;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The letters of one request for a replay that come next. Each output has a line of its own, so
 * that none waits for another. Only so many at a time are looked up that they take little memory.
 */
final class Wanted {
  /** The most letters of an output that are looked up at a time. */
  static final int MOST = 4096;

  /** Where a letter is. */
  record Place(long id, SegmentName segment, long offset) {}

  /** The letters of one output. */
  static final class Line {
    private final Deque<Place> places = new ArrayDeque<>();
    private int open;
    private long from = 1;
    private boolean lookedUpAll;

    private boolean isHungry() {
      return open == 0 && !lookedUpAll;
    }

    private boolean isDone() {
      return open == 0 && lookedUpAll;
    }
  }

  private final IdSet ids;
  private final Map<String, Line> lines = new TreeMap<>();
  private final Set<String> unknown = new HashSet<>();
  private int underway;
  private boolean looked;
  private long seen;

  Wanted(IdSet ids) {
    this.ids = ids;
  }

  /**
   * Takes note of which outputs there are. What others would get is given up: it stays a letter.
   */
  void outputs(Collection<String> names) {
    lines.keySet().retainAll(names);
    for (String name : names) {
      lines.computeIfAbsent(name, _ -> new Line());
    }
  }

  /** Whether letters are to be looked up now. */
  boolean isHungry() {
    return !looked || lines.values().stream().anyMatch(Line::isHungry);
  }

  boolean isDone() {
    return looked && underway == 0 && lines.values().stream().allMatch(Line::isDone);
  }

  /** Whether those that are hungry have got enough; to be asked of a lookup that is under way. */
  boolean isFull(Collection<Line> hungry) {
    return looked && hungry.stream().allMatch(line -> line.open >= MOST);
  }

  /** The lines to look letters up for. */
  Collection<Line> hungry() {
    return lines.values().stream().filter(Line::isHungry).toList();
  }

  /** The number of the first letter that is of interest to one of them. */
  long from(Collection<Line> hungry) {
    return looked ? hungry.stream().mapToLong(line -> line.from).min().orElse(Long.MAX_VALUE) : 1;
  }

  boolean wants(long id) {
    return ids.contains(id);
  }

  /** Whether no lookup has come by the letter before. */
  boolean isNew(long id) {
    boolean first = id > seen;
    seen = Math.max(seen, id);
    return first;
  }

  /**
   * A lookup came by a letter; in rising order of numbers.
   *
   * @return false where there is no such output, and this is the first time that it is missed
   */
  boolean found(String output, Place place, Collection<Line> hungry) {
    Line line = lines.get(output);
    if (line == null) {
      return !unknown.add(output);
    }
    if (hungry.contains(line) && place.id() >= line.from && line.open < MOST) {
      line.places.add(place);
      line.from = place.id() + 1;
      line.open++;
    }
    return true;
  }

  /** A lookup has come to the last letter. */
  void lookedUpAll(Collection<Line> hungry) {
    looked = true;
    for (Line line : hungry) {
      line.lookedUpAll = line.open < MOST;
    }
  }

  /** The next letter of the output; {@link #settled} or {@link #giveBack} follows. */
  @Nullable Place next(String output) {
    Line line = lines.get(output);
    Place place = line == null ? null : line.places.poll();
    if (place != null) {
      underway++;
    }
    return place;
  }

  /** The line that a letter from {@link #next} was in. */
  @Nullable Line line(String output) {
    return lines.get(output);
  }

  /** Says that a letter from {@link #next} comes again, if there is its output still. */
  void giveBack(String output, @Nullable Line line, Place place) {
    underway--;
    if (line != null && lines.get(output) == line) {
      line.places.addFirst(place);
    }
  }

  /** Says that a letter from {@link #next} does not come again. */
  void settled(@Nullable Line line) {
    underway--;
    if (line != null) {
      line.open--;
    }
  }
}
