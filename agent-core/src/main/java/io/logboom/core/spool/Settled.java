package io.logboom.core.spool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which entries are done with: all before a point, and some spans behind it. There are no more
 * spans than entries under way, since spans that meet become one.
 */
final class Settled {
  private Point prefix;
  private final TreeMap<Long, Span> spans = new TreeMap<>();
  private long spanEntries;
  private long spanRecords;

  Settled(Point prefix) {
    this.prefix = prefix;
  }

  /** All entries before this are settled; the one here is not. */
  Point prefix() {
    return prefix;
  }

  /** The first of the spans behind the prefix, in order. */
  List<Span> spans(int most) {
    return spans.values().stream().limit(most).toList();
  }

  void add(Span span) {
    for (Span piece : unsettledIn(span)) {
      insert(piece);
    }
    Map.Entry<Long, Span> first = spans.firstEntry();
    if (first != null && first.getKey() <= prefix.sequence()) {
      remove(first.getValue());
      prefix = new Point(first.getValue().to(), first.getValue().recordsTo());
    }
  }

  private void insert(Span piece) {
    Map.Entry<Long, Span> before = spans.floorEntry(piece.from());
    if (before != null && before.getValue().to() == piece.from()) {
      Span low = before.getValue();
      remove(low);
      piece = new Span(low.from(), piece.to(), low.recordsFrom(), piece.recordsTo());
    }
    Span after = spans.get(piece.to());
    if (after != null) {
      remove(after);
      piece = new Span(piece.from(), after.to(), piece.recordsFrom(), after.recordsTo());
    }
    spans.put(piece.from(), piece);
    spanEntries += piece.entries();
    spanRecords += piece.records();
  }

  private void remove(Span span) {
    spans.remove(span.from());
    spanEntries -= span.entries();
    spanRecords -= span.records();
  }

  boolean contains(long sequence) {
    return covers(sequence, sequence + 1);
  }

  /** Whether all from {@code from} up to {@code to} are settled. */
  boolean covers(long from, long to) {
    if (to <= prefix.sequence() || from >= to) {
      return true;
    }
    Map.Entry<Long, Span> span = spans.floorEntry(Math.max(from, prefix.sequence()));
    return span != null && span.getValue().to() >= to && from >= span.getKey();
  }

  /** The pieces of the span that are not settled, in order. */
  List<Span> unsettledIn(Span span) {
    List<Span> pieces = List.of(span);
    pieces = without(pieces, new Span(0, prefix.sequence(), 0, prefix.records()));
    for (Span done : spans.subMap(span.from(), span.to()).values()) {
      pieces = without(pieces, done);
    }
    Map.Entry<Long, Span> low = spans.lowerEntry(span.from());
    return low == null ? pieces : without(pieces, low.getValue());
  }

  /** What is left of the pieces without {@code hole}. */
  static List<Span> without(List<Span> pieces, Span hole) {
    List<Span> left = new ArrayList<>(pieces.size() + 1);
    for (Span piece : pieces) {
      if (!piece.touches(hole)) {
        if (piece.from() < piece.to()) {
          left.add(piece);
        }
        continue;
      }
      if (piece.from() < hole.from()) {
        left.add(new Span(piece.from(), hole.from(), piece.recordsFrom(), hole.recordsFrom()));
      }
      if (hole.to() < piece.to()) {
        left.add(new Span(hole.to(), piece.to(), hole.recordsTo(), piece.recordsTo()));
      }
    }
    return left;
  }

  /** How many entries before {@code end} are not settled. */
  long unsettledEntries(Point end) {
    return end.sequence() - prefix.sequence() - spanEntries;
  }

  /** How many records are in the entries before {@code end} that are not settled. */
  long unsettledRecords(Point end) {
    return Math.max(0, end.records() - prefix.records() - spanRecords);
  }
}
