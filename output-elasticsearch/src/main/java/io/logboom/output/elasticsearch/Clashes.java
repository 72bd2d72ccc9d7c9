package io.logboom.output.elasticsearch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one send that were refused for the type of a field: which fields of each go
 * aside, and which documents wait to be sent again without them.
 */
final class Clashes {
  /** So many fields of one document at most; each costs a request, for all documents together. */
  static final int MOST_FIELDS = 8;

  private static final int MOST_NAMES = 1024;

  /**
   * One document.
   *
   * @param fields those that go aside; grows
   * @param why the first refusal
   */
  record Clash(List<String> fields, String why) {}

  private final Map<Integer, Clash> all = new HashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private int[] waiting = new int[16];
  private int count;

  void clear() {
    if (!all.isEmpty()) {
      all.clear();
      names.clear();
    }
    count = 0;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** What goes aside in the document; null where nothing does. */
  @Nullable Clash of(int record) {
    return all.isEmpty() ? null : all.get(record);
  }

  /**
   * The document was refused for this field.
   *
   * @return false where it was sent without the field already, or without so many others that it is
   *     given up
   */
  boolean add(int record, String field, String why) {
    Clash clash = all.computeIfAbsent(record, _ -> new Clash(new ArrayList<>(1), why));
    if (clash.fields.size() == MOST_FIELDS || clash.fields.contains(field)) {
      return false;
    }
    // The same few names come for thousands of documents.
    String known = names.size() < MOST_NAMES ? names.putIfAbsent(field, field) : names.get(field);
    clash.fields.add(known == null ? field : known);
    if (count == waiting.length) {
      waiting = Arrays.copyOf(waiting, count * 2);
    }
    waiting[count++] = record;
    return true;
  }

  /** The documents that wait, which do so no longer, in their order. */
  int[] take() {
    int[] now = Arrays.copyOf(waiting, count);
    Arrays.sort(now);
    count = 0;
    return now;
  }
}
