package io.logboom.output.cloudwatch;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.Template;
import io.logboom.api.record.TemplateWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which stream a record goes to. What comes from an origin and its enrichment is looked up
 * once for each; only records whose own members are in the templates are looked at one by one. For
 * one thread; allocates nothing for a stream that is known.
 *
 * <p>When there are very many streams it forgets them between two sends and begins another
 * generation.
 */
final class Destinations {
  private static final int MOST_KNOWN = 4096;
  private static final int MOST_NAME = 512;

  private final @Nullable TemplateWriter group;
  private final @Nullable TemplateWriter stream;
  private final byte[] usualGroup;
  private final byte[] usualStream;
  private final boolean withTag;
  private final Runnable onRenamed;
  private final long keys;
  private final boolean constant;
  private final ByteSink text = ByteSink.growing(256);
  private final ByteSink raw = ByteSink.growing(256);
  private final @Nullable PerOrigin[] perOrigin = new @Nullable PerOrigin[Batch.MAX_ORIGINS];
  private final Set<Destination> renamed = new HashSet<>();
  private Slot[] slots = new Slot[256];
  private int known;
  private int generation;
  private boolean changed;

  /** A stream by the text of its names. */
  private record Slot(byte[] names, int hash, Destination destination) {}

  /** What is the same for all records of an origin, until its enrichment changes. */
  private static final class PerOrigin {
    final byte[] tag;
    @Nullable Fragment of;
    int generation = -1;
    @Nullable Destination destination;

    PerOrigin(byte[] tag) {
      this.tag = tag;
    }
  }

  /**
   * @param onRenamed told of each stream whose names had to be changed
   */
  Destinations(CloudWatchConfig.Names config, Names names, Runnable onRenamed) {
    Template ofGroup = config.logGroupTemplate();
    Template ofStream = config.logStreamTemplate();
    this.group = ofGroup == null ? null : ofGroup.writer(names);
    this.stream = ofStream == null ? null : ofStream.writer(names);
    this.usualGroup = config.logGroupName().getBytes(StandardCharsets.UTF_8);
    String prefix = config.logStreamPrefix();
    this.withTag = prefix != null;
    this.usualStream =
        Objects.requireNonNullElse(prefix == null ? config.logStreamName() : prefix, "")
            .getBytes(StandardCharsets.UTF_8);
    this.onRenamed = onRenamed;
    long bits = 0;
    boolean all = true;
    for (Template template : new Template[] {ofGroup, ofStream}) {
      if (template == null) {
        continue;
      }
      for (Accessor accessor : template.accessors()) {
        String key = accessor.key();
        if (key != null) {
          long bit = names.ofIfRoom(key);
          all &= bit != 0;
          bits |= bit;
        }
      }
    }
    this.keys = bits;
    this.constant = all;
  }

  /** Between sends. */
  void trim() {
    if (known > MOST_KNOWN) {
      slots = new Slot[256];
      known = 0;
      generation++;
      renamed.clear();
    }
  }

  /** Looks at a batch whose records follow. */
  void begin(Batch batch) {
    for (int i = 0; i < batch.origins(); i++) {
      perOrigin[i] =
          batch
              .origin(i)
              .memo(this, origin -> new PerOrigin(origin.tag().getBytes(StandardCharsets.UTF_8)));
    }
  }

  Destination of(Batch batch, int record) {
    int origin = batch.originIndex(record);
    PerOrigin own = Objects.requireNonNull(perOrigin[origin]);
    if (!constant || !isOfOrigin(batch, record)) {
      return look(batch, record, own.tag);
    }
    Fragment enrichment = batch.enrichment(origin);
    Destination destination = own.destination;
    if (destination == null || own.of != enrichment || own.generation != generation) {
      destination = look(batch, record, own.tag);
      own.destination = destination;
      own.of = enrichment;
      own.generation = generation;
    }
    return destination;
  }

  /** Whether none of the members that the templates look at is the record's own. */
  private boolean isOfOrigin(Batch batch, int record) {
    Origin origin = batch.originOf(record);
    long names = batch.isJson(record) ? batch.names(record) : origin.text().names();
    Origin.Key stamp = origin.stamp();
    if (stamp != null) {
      names |= stamp.names();
    }
    Origin.Key offset = origin.offset();
    if (offset != null) {
      names |= offset.names();
    }
    return (names & keys) == 0;
  }

  private Destination look(Batch batch, int record, byte[] tag) {
    text.position(0);
    changed = false;
    raw.position(0);
    if (group == null || group.write(batch, record, raw) > 0 || raw.position() == 0) {
      raw.position(0);
      raw.put(usualGroup, 0, usualGroup.length);
    }
    tame(true);
    int groupEnd = text.position();
    text.put((byte) 0);
    raw.position(0);
    if (stream == null || stream.write(batch, record, raw) > 0 || raw.position() == 0) {
      raw.position(0);
      raw.put(usualStream, 0, usualStream.length);
      if (withTag) {
        raw.put(tag, 0, tag.length);
      }
    }
    tame(false);
    return find(groupEnd);
  }

  /** Appends the name in {@code raw} without what it cannot have. */
  private void tame(boolean isGroup) {
    byte[] b = raw.array();
    int characters = 0;
    for (int i = 0; i < raw.position(); i++) {
      byte c = b[i];
      boolean continues = (c & 0xC0) == 0x80;
      if (!continues && characters++ == MOST_NAME) {
        changed = true;
        return;
      }
      if (isGroup ? isOfGroup(c) : isOfStream(c)) {
        text.put(c);
      } else {
        changed = true;
        // One underscore for a character, not for each of its bytes.
        if (!continues) {
          text.put((byte) '_');
        }
      }
    }
  }

  static boolean isOfGroup(byte c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == '/'
        || c == '.'
        || c == '#';
  }

  static boolean isOfStream(byte c) {
    return c != ':' && c != '*' && (c < 0 || c >= ' ') && c != 0x7F;
  }

  private Destination find(int groupEnd) {
    byte[] b = text.array();
    int length = text.position();
    int hash = 1;
    for (int i = 0; i < length; i++) {
      hash = hash * 31 + b[i];
    }
    hash ^= hash >>> 15;
    int at = hash & (slots.length - 1);
    for (Slot slot = slots[at]; slot != null; slot = slots[at]) {
      if (slot.hash == hash && Arrays.equals(slot.names, 0, slot.names.length, b, 0, length)) {
        return noted(slot.destination);
      }
      at = (at + 1) & (slots.length - 1);
    }
    Destination made =
        new Destination(
            new String(b, 0, groupEnd, StandardCharsets.UTF_8),
            new String(b, groupEnd + 1, length - groupEnd - 1, StandardCharsets.UTF_8));
    add(new Slot(Arrays.copyOf(b, length), hash, made));
    return noted(made);
  }

  private Destination noted(Destination destination) {
    if (changed && renamed.add(destination)) {
      onRenamed.run();
    }
    return destination;
  }

  private void add(Slot slot) {
    if (2 * ++known > slots.length) {
      Slot[] old = slots;
      slots = new Slot[2 * old.length];
      for (Slot each : old) {
        if (each != null) {
          put(each);
        }
      }
    }
    put(slot);
  }

  private void put(Slot slot) {
    int at = slot.hash & (slots.length - 1);
    while (slots[at] != null) {
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = slot;
  }
}
