package io.logboom.it.sink;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which numbered lines have arrived, by prefix. A line carries its number as text, {@code
 * seq=PREFIX-N}, or as a JSON member, {@code "seq":"PREFIX-N"}. Safe for all threads.
 */
public final class Sequences {
  private static final byte[] SEQ = "seq".getBytes(StandardCharsets.US_ASCII);

  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final AtomicLong unnumbered = new AtomicLong();

  /** Notes the number in one record; a record without one is counted apart. */
  public void note(byte[] record) {
    note(record, 0, record.length);
  }

  /** As {@link #note(byte[])}, for a part of an array. */
  public void note(byte[] bytes, int from, int to) {
    for (int i = to - SEQ.length - 1; i >= from; i--) {
      if (bytes[i] == 's' && Arrays.equals(bytes, i, i + SEQ.length, SEQ, 0, SEQ.length)) {
        int value = value(bytes, i + SEQ.length, to);
        if (value > 0 && parse(bytes, value, to)) {
          return;
        }
      }
    }
    unnumbered.incrementAndGet();
  }

  /** Where the value after {@code seq} starts; -1 where neither form follows. */
  private static int value(byte[] bytes, int at, int to) {
    if (bytes[at] == '=') {
      return at + 1;
    }
    int i = at;
    while (i < to && (bytes[i] == '"' || bytes[i] == '\\' || bytes[i] == ':' || bytes[i] == ' ')) {
      i++;
    }
    return i > at + 1 ? i : -1;
  }

  private boolean parse(byte[] bytes, int from, int to) {
    int dash = from;
    while (dash < to && Character.isLetterOrDigit(bytes[dash])) {
      dash++;
    }
    if (dash == from || dash >= to || bytes[dash] != '-') {
      return false;
    }
    int end = dash + 1;
    int number = 0;
    while (end < to && bytes[end] >= '0' && bytes[end] <= '9') {
      number = number * 10 + (bytes[end] - '0');
      end++;
    }
    if (end == dash + 1) {
      return false;
    }
    String prefix = new String(bytes, from, dash - from, StandardCharsets.US_ASCII);
    seen.computeIfAbsent(prefix, p -> new Seen()).add(number);
    return true;
  }

  /** How many different numbers of the prefix have arrived. */
  public long distinct(String prefix) {
    Seen known = seen.get(prefix);
    return known == null ? 0 : known.distinct();
  }

  /** Which numbers of the prefix have arrived. */
  public BitSet arrived(String prefix) {
    Seen known = seen.get(prefix);
    return known == null ? new BitSet() : known.copy();
  }

  /** How many numbers below {@code count} are missing. */
  public long missing(String prefix, long count) {
    return count - arrived(prefix).get(0, Math.toIntExact(count)).cardinality();
  }

  /**
   * How many numbers first arrived after a greater one of their prefix, over all prefixes: 0 where
   * order was kept. What comes a second time does not count.
   */
  public long late() {
    return seen.values().stream().mapToLong(Seen::late).sum();
  }

  /** How many came more than once, over all prefixes. */
  public long duplicates() {
    return seen.values().stream().mapToLong(Seen::duplicates).sum();
  }

  /** Begins anew. */
  public void forget() {
    seen.clear();
    unnumbered.set(0);
  }

  /** How many records carried no number. */
  public long unnumbered() {
    return unnumbered.get();
  }

  /** The first number below {@code count} that is missing; -1 where none is. */
  public long firstMissing(String prefix, long count) {
    Seen known = seen.get(prefix);
    return known == null ? (count == 0 ? -1 : 0) : known.firstMissing(count);
  }

  private static final class Seen {
    private final BitSet numbers = new BitSet();
    private long duplicates;
    private long late;
    private int greatest = -1;

    synchronized void add(int number) {
      if (numbers.get(number)) {
        duplicates++;
        return;
      }
      if (number < greatest) {
        late++;
      }
      greatest = Math.max(greatest, number);
      numbers.set(number);
    }

    synchronized BitSet copy() {
      return (BitSet) numbers.clone();
    }

    synchronized long late() {
      return late;
    }

    synchronized long distinct() {
      return numbers.cardinality();
    }

    synchronized long duplicates() {
      return duplicates;
    }

    synchronized long firstMissing(long count) {
      int clear = numbers.nextClearBit(0);
      return clear < count ? clear : -1;
    }
  }
}
