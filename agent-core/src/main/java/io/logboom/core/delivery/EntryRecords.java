package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import java.util.BitSet;

/** Records by their numbers in an entry of the spool: the live ones of a batch, counted from 0. */
final class EntryRecords {
  private EntryRecords() {}

  /**
   * The numbers of the records that are not in {@code rest}, which is a subset of the entry, in its
   * order and on the same bytes.
   */
  static BitSet missing(Batch entry, Batch rest) {
    BitSet missing = new BitSet();
    int at = nextLive(rest, 0);
    int number = 0;
    for (int i = nextLive(entry, 0); i < entry.size(); i = nextLive(entry, i + 1)) {
      if (at < rest.size() && isSame(entry, i, rest, at)) {
        at = nextLive(rest, at + 1);
      } else {
        missing.set(number);
      }
      number++;
    }
    return missing;
  }

  private static int nextLive(Batch batch, int from) {
    int at = from;
    while (at < batch.size() && batch.isDropped(at)) {
      at++;
    }
    return at;
  }

  private static boolean isSame(Batch one, int i, Batch other, int k) {
    return one.offset(i) == other.offset(k)
        && one.length(i) == other.length(k)
        && one.position(i) == other.position(k)
        && one.originIndex(i) == other.originIndex(k)
        && one.epochNanos(i) == other.epochNanos(k);
  }
}
