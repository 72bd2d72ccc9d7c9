package io.logboom.output.forward;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Numbered;
import io.logboom.api.json.ByteSink;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.Template;
import io.logboom.api.record.TemplateWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of a send by the tags that they are sent with, in order within each tag. Records are
 * numbered through all batches. One instance per thread, used again and again.
 */
final class ByTag {
  private static final int DROPPED = -1;

  private final @Nullable TemplateWriter template;
  private final boolean ofRecords;
  private final ByteSink text = ByteSink.growing(256);
  private final Map<String, Integer> known = new HashMap<>();
  private final List<byte[]> tags = new ArrayList<>();
  private final int[] ofOrigin = new int[Batch.MAX_ORIGINS];
  private final Numbered records = new Numbered();
  private int[] group = new int[1024];
  private int[] order = new int[1024];
  private int[] start = new int[17];
  private int live;

  /**
   * @param template null for the records' own tags
   */
  ByTag(@Nullable Template template, Names names) {
    this.template = template == null ? null : template.writer(names);
    this.ofRecords =
        template != null
            && template.accessors().stream().map(Accessor::key).anyMatch(k -> k != null);
  }

  /** Sorts the records; those that are dropped are left out. */
  void sort(List<Batch> all) {
    clear();
    records.reset(all);
    int total = 0;
    for (Batch batch : all) {
      total += batch.size();
    }
    if (group.length < total) {
      group = new int[total];
      order = new int[total];
    }
    int n = 0;
    for (Batch batch : all) {
      Arrays.fill(ofOrigin, 0, batch.origins(), DROPPED);
      for (int i = 0; i < batch.size(); i++) {
        group[n++] = batch.isDropped(i) ? DROPPED : group(batch, i);
      }
    }
    count(total);
  }

  void clear() {
    known.clear();
    tags.clear();
    records.reset(List.of());
    live = 0;
  }

  /** Puts the numbers of each group one behind the other. */
  private void count(int total) {
    if (start.length <= tags.size() + 1) {
      start = new int[Math.max(tags.size() + 2, start.length * 2)];
    }
    Arrays.fill(start, 0);
    for (int n = 0; n < total; n++) {
      if (group[n] != DROPPED) {
        start[group[n] + 2]++;
        live++;
      }
    }
    for (int g = 2; g <= tags.size(); g++) {
      start[g] += start[g - 1];
    }
    for (int n = 0; n < total; n++) {
      if (group[n] != DROPPED) {
        order[start[group[n] + 1]++] = n;
      }
    }
  }

  private int group(Batch batch, int record) {
    if (ofRecords) {
      return ofRecord(batch, record);
    }
    int origin = batch.originIndex(record);
    if (ofOrigin[origin] == DROPPED) {
      ofOrigin[origin] =
          template == null ? named(batch.origin(origin).tag()) : ofRecord(batch, record);
    }
    return ofOrigin[origin];
  }

  private int ofRecord(Batch batch, int record) {
    text.position(0);
    boolean whole = template != null && template.write(batch, record, text) == 0;
    if (!whole || text.position() == 0) {
      return named(batch.originOf(record).tag());
    }
    return named(new String(text.array(), 0, text.position(), StandardCharsets.UTF_8));
  }

  private int named(String tag) {
    Integer number = known.get(tag);
    if (number == null) {
      number = tags.size();
      known.put(tag, number);
      tags.add(tag.getBytes(StandardCharsets.UTF_8));
    }
    return number;
  }

  /** How many records there are, without those that are dropped. */
  int live() {
    return live;
  }

  /** How many tags there are. */
  int groups() {
    return tags.size();
  }

  byte[] tag(int of) {
    return tags.get(of);
  }

  /** Where a group's numbers begin in {@link #number}. */
  int from(int of) {
    return of == 0 ? 0 : start[of];
  }

  /** Where they end. */
  int to(int of) {
    return start[of + 1];
  }

  /** The record's number at a place. */
  int number(int place) {
    return order[place];
  }

  /** The batch that has the record. */
  Batch batch(int number) {
    return records.batch(number);
  }

  /** The record's index in the batch that {@link #batch} gave for it last. */
  int index(int number) {
    return records.index(number);
  }
}
