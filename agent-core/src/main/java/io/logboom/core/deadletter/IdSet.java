package io.logboom.core.deadletter;

import java.util.ArrayList;
import java.util.List;

/** Numbers of letters, as ranges in rising order: {@code 1-5,9}. */
public final class IdSet {
  private record Range(long from, long to) {
    @Override
    public String toString() {
      return from == to ? Long.toString(from) : from + "-" + to;
    }
  }

  private final List<Range> ranges;

  private IdSet(List<Range> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /**
   * Reads {@code 1-5,9}.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static IdSet parse(String text) {
    Builder ids = new Builder();
    for (String part : text.split(",", -1)) {
      int dash = part.indexOf('-');
      try {
        long from = Long.parseLong(part, 0, dash < 0 ? part.length() : dash, 10);
        ids.range(from, dash < 0 ? from : Long.parseLong(part, dash + 1, part.length(), 10));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + part + "' is no number of a letter", e);
      }
    }
    return ids.build();
  }

  public boolean contains(long id) {
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Range range = ranges.get(middle);
      if (id < range.from) {
        high = middle - 1;
      } else if (id > range.to) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** For a line of a log: the first ranges, and how many more there are. */
  String toShortText() {
    int shown = Math.min(ranges.size(), 10);
    String first = String.join(",", ranges.stream().limit(shown).map(Range::toString).toList());
    int more = ranges.size() - shown;
    return more == 0 ? first : first + " and " + more + " more ranges";
  }

  @Override
  public String toString() {
    return String.join(",", ranges.stream().map(Range::toString).toList());
  }

  /** Collects numbers in rising order. */
  public static final class Builder {
    private final List<Range> ranges = new ArrayList<>();
    private boolean extend;

    /** Takes a letter in. Between two taken without a {@link #skip} there is no other letter. */
    public void take(long id) {
      if (extend) {
        ranges.set(ranges.size() - 1, new Range(ranges.getLast().from, id));
      } else {
        ranges.add(new Range(id, id));
        extend = true;
      }
    }

    /** Says that the next letter is not in the set. */
    public void skip() {
      extend = false;
    }

    void range(long from, long to) {
      boolean rising = ranges.isEmpty() || ranges.getLast().to < from;
      if (from < 1 || to < from || !rising) {
        throw new IllegalArgumentException(
            "'" + new Range(from, to) + "' is no range of letters here");
      }
      ranges.add(new Range(from, to));
    }

    public IdSet build() {
      return new IdSet(ranges);
    }
  }
}
