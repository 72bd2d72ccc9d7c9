package io.logboom.core.spool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries that somebody has to do with: handed out; given back and waiting to be handed out
 * again; and the one that the reader came upon last. Guarded by the {@link Book}.
 */
final class UnderWay {
  private final TreeMap<Long, Entry> handed = new TreeMap<>();
  private final TreeMap<Long, Entry> returned = new TreeMap<>();
  private @Nullable Entry offered;

  boolean hasOffer() {
    return offered != null;
  }

  void offer(Entry entry) {
    offered = entry;
  }

  void hand(Entry entry) {
    handed.put(entry.sequence(), entry);
  }

  boolean contains(long sequence) {
    return handed.containsKey(sequence) || returned.containsKey(sequence);
  }

  /** The oldest that is not handed out, of those that are known. */
  @Nullable Entry oldest() {
    Map.Entry<Long, Entry> back = returned.firstEntry();
    Entry found = offered;
    return back != null && (found == null || back.getKey() < found.sequence())
        ? back.getValue()
        : found;
  }

  /** Hands out one that was not; null where it is not there any more. */
  @Nullable Entry take(long sequence) {
    Entry entry = returned.remove(sequence);
    if (entry == null) {
      entry = takeOffered(sequence);
    }
    if (entry != null) {
      handed.put(sequence, entry);
    }
    return entry;
  }

  void giveBack(long sequence) {
    Entry entry = handed.remove(sequence);
    if (entry != null) {
      returned.put(sequence, entry);
    }
  }

  @Nullable Entry removeHanded(long sequence) {
    return handed.remove(sequence);
  }

  /** Removes one that is done with; null where there is none with the number. */
  @Nullable Entry remove(long sequence) {
    Entry entry = handed.remove(sequence);
    if (entry == null) {
      entry = returned.remove(sequence);
    }
    return entry == null ? takeOffered(sequence) : entry;
  }

  private @Nullable Entry takeOffered(long sequence) {
    Entry entry = offered;
    if (entry == null || entry.sequence() != sequence) {
      return null;
    }
    offered = null;
    return entry;
  }

  void removeFrom(long sequence) {
    handed.tailMap(sequence).clear();
    returned.tailMap(sequence).clear();
    if (offered != null && offered.sequence() >= sequence) {
      offered = null;
    }
  }

  /** The pieces without what is handed out or given back. */
  List<Span> notIn(List<Span> pieces, Span whole) {
    List<Span> left = pieces;
    for (TreeMap<Long, Entry> entries : List.of(handed, returned)) {
      for (Entry entry : entries.subMap(whole.from(), whole.to()).values()) {
        left = Settled.without(left, entry.header().span());
      }
    }
    return left;
  }

  int handedEntries() {
    return handed.size();
  }

  long handedRecords() {
    long records = 0;
    for (Entry entry : handed.values()) {
      records += entry.head().records();
    }
    return records;
  }

  /** When the oldest was appended; 0 where there is none. */
  long oldestMillis() {
    List<Entry> all = new ArrayList<>(handed.values());
    all.addAll(returned.values());
    if (offered != null) {
      all.add(offered);
    }
    return all.stream().mapToLong(entry -> entry.head().appendedMillis()).min().orElse(0);
  }
}
