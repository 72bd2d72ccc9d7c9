package io.logboom.net.send;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Numbered;
import io.logboom.api.json.ByteSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of a send by what they have in common, such as the tag that they are sent with; in
 * order within each group. Records are numbered through all batches. Allocates nothing for a record
 * that is of the same group as the one before. One instance per thread, used again and again.
 */
public final class Groups {
  private static final int NONE = -1;

  private final KeyWriter keys;
  private final boolean ofRecords;
  private final ByteSink text = ByteSink.growing(256);
  private final Map<Key, Integer> known = new HashMap<>();
  private final List<byte[]> all = new ArrayList<>();
  private final int[] ofOrigin = new int[Batch.MAX_ORIGINS];
  private final Numbered records = new Numbered();
  private int[] group = new int[1024];
  private int[] order = new int[1024];
  private int[] start = new int[17];
  private int live;
  private int last;

  /** Tells what a record has in common with others. */
  public interface KeyWriter {
    /** Writes it for a record. */
    void write(Batch batch, int record, ByteSink out);
  }

  /** Bytes that are equal where their content is. */
  private record Key(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /**
   * @param ofRecords whether it differs between records of one origin
   */
  public Groups(KeyWriter keys, boolean ofRecords) {
    this.keys = keys;
    this.ofRecords = ofRecords;
  }

  /** Sorts the records; those that are dropped are left out. */
  public void sort(List<Batch> batches) {
    clear();
    records.reset(batches);
    int total = 0;
    for (Batch batch : batches) {
      total += batch.size();
    }
    if (group.length < total) {
      group = new int[total];
      order = new int[total];
    }
    int n = 0;
    for (Batch batch : batches) {
      Arrays.fill(ofOrigin, 0, batch.origins(), NONE);
      for (int i = 0; i < batch.size(); i++) {
        group[n++] = batch.isDropped(i) ? NONE : group(batch, i);
      }
    }
    count(total);
  }

  public void clear() {
    known.clear();
    all.clear();
    records.reset(List.of());
    live = 0;
    last = NONE;
  }

  /** Puts the numbers of each group one behind the other. */
  private void count(int total) {
    if (start.length <= all.size() + 1) {
      start = new int[Math.max(all.size() + 2, start.length * 2)];
    }
    Arrays.fill(start, 0);
    for (int n = 0; n < total; n++) {
      if (group[n] != NONE) {
        start[group[n] + 2]++;
        live++;
      }
    }
    for (int g = 2; g <= all.size(); g++) {
      start[g] += start[g - 1];
    }
    for (int n = 0; n < total; n++) {
      if (group[n] != NONE) {
        order[start[group[n] + 1]++] = n;
      }
    }
  }

  private int group(Batch batch, int record) {
    if (ofRecords) {
      return find(batch, record);
    }
    int origin = batch.originIndex(record);
    if (ofOrigin[origin] == NONE) {
      ofOrigin[origin] = find(batch, record);
    }
    return ofOrigin[origin];
  }

  private int find(Batch batch, int record) {
    text.position(0);
    keys.write(batch, record, text);
    if (last != NONE) {
      byte[] before = all.get(last);
      if (Arrays.equals(text.array(), 0, text.position(), before, 0, before.length)) {
        return last;
      }
    }
    byte[] key = text.toByteArray();
    Integer number = known.putIfAbsent(new Key(key), all.size());
    if (number == null) {
      all.add(key);
    }
    last = number == null ? all.size() - 1 : number;
    return last;
  }

  /** How many records there are, without those that are dropped. */
  public int live() {
    return live;
  }

  /** How many groups there are. */
  public int count() {
    return all.size();
  }

  /** What the records of a group have in common. Not to be changed. */
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte[] key(int of) {
    return all.get(of);
  }

  /** Where a group's numbers begin in {@link #number}. */
  public int from(int of) {
    return of == 0 ? 0 : start[of];
  }

  /** Where they end. */
  public int to(int of) {
    return start[of + 1];
  }

  /** The record's number at a place. */
  public int number(int place) {
    return order[place];
  }

  /** The batch that has the record. */
  public Batch batch(int number) {
    return records.batch(number);
  }

  /** The record's index in the batch that {@link #batch} gave for it last. */
  public int index(int number) {
    return records.index(number);
  }
}
