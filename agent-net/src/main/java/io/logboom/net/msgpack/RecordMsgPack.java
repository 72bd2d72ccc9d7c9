package io.logboom.net.msgpack;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonMembers;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as MessagePack, with their times; the members in the order and by the rules of
 * {@link io.logboom.api.json.RecordWriter}. What an origin's records share is converted once. Text
 * goes as its bytes are, also where they are not UTF-8.
 *
 * <p>In two steps, since a record's size may decide where it goes: {@link #measure}, then {@link
 * #write}. Allocates nothing per record. One instance per thread.
 */
public final class RecordMsgPack {
  /** What stands around the members. */
  public enum Form {
    /** {@code [time, {members}]}, an entry of the Forward protocol. */
    ENTRY,
    /** An entry whose time is whole seconds, for what is older than EventTime. */
    ENTRY_IN_SECONDS,
    /** {@code [[time, {}], {members}]}, an event as Fluent Bit has them since 2.1. */
    EVENT
  }

  private static final long NANOS = 1_000_000_000L;

  // The next two are marks in the time for others.
  private static final long LAST_SECOND = 0xFFFF_FFFDL;
  private static final int PAIR = 0x92;
  private static final int NO_METADATA = 0x80;
  private static final int AROUND = 3;
  private static final int HEAD_BYTES = 5;
  private static final int TIME_BYTES = 10;
  private static final int USUAL = 64 * 1024;
  private static final Shared NOTHING = new Shared(Fragment.EMPTY, new byte[0], 0);

  private final Names names;
  private final Form form;
  private final Object owner;
  private final Scratch scratch;
  private final ByteSink members;
  private final JsonMsgPack json;
  private final MsgPackWriter heads;
  private final ByteSink some = ByteSink.growing(256);
  private final JsonMembers walk = new JsonMembers();
  private @Nullable MsgPackWriter writer;
  private @Nullable ByteSink written;

  private @Nullable Batch begun;
  private final @Nullable PerOrigin[] perOrigin = new @Nullable PerOrigin[Batch.MAX_ORIGINS];

  // The record that was measured.
  private int count;
  private int before;
  private int textFrom;
  private int textLength;
  private Shared more = NOTHING;
  private long seconds;
  private int nanos;
  private boolean moved;

  /** Members that many records share, as MessagePack without a head. */
  private record Shared(Fragment of, byte[] bytes, int count) {
    static Shared of(Fragment fragment) {
      if (fragment.isEmpty()) {
        return NOTHING;
      }
      byte[] text = fragment.json();
      ByteSink out = ByteSink.growing(text.length + 64);
      int count = new JsonMsgPack(out).members(text, 0, text.length);
      return new Shared(fragment, out.toByteArray(), count);
    }
  }

  /** What is the same for all records of an origin, until its enrichment changes. */
  private static final class PerOrigin {
    final Shared base;
    final byte[] text;
    final byte[] stamp;
    final byte[] offset;
    volatile Shared enrichment = NOTHING;

    PerOrigin(Origin origin) {
      base = Shared.of(origin.base());
      text = name(origin.text());
      stamp = name(origin.stamp());
      offset = name(origin.offset());
    }

    private static byte[] name(Origin.@Nullable Key key) {
      ByteSink out = ByteSink.growing(32);
      if (key != null) {
        new MsgPackWriter(out).text(key.name());
      }
      return out.toByteArray();
    }

    Shared enrichment(Fragment now) {
      Shared last = enrichment;
      if (last.of != now) {
        last = Shared.of(now);
        enrichment = last;
      }
      return last;
    }
  }

  /**
   * @param owner for what is remembered of origins: the same for all encoders of one output
   * @param budget told of memory beyond the usual: positive when it is taken, negative when it goes
   */
  public RecordMsgPack(Names names, Form form, Object owner, LongConsumer budget) {
    this.names = names;
    this.form = form;
    this.owner = owner;
    this.scratch = new Scratch(USUAL, budget);
    this.members = scratch.sink();
    this.json = new JsonMsgPack(members);
    this.heads = new MsgPackWriter(members);
  }

  /** Gives back what a large record took, and forgets the batch. */
  public void clear() {
    scratch.shrink();
    begun = null;
    Arrays.fill(perOrigin, null);
  }

  /** Looks at a record, which is to be written next; returns how many bytes it takes at most. */
  public long measure(Batch batch, int record) {
    if (begun != batch) {
      begun = batch;
      Arrays.fill(perOrigin, null);
    }
    time(batch.epochNanos(record));
    scratch.shrink();
    members.position(0);
    PerOrigin own = own(batch, batch.originIndex(record));
    Origin origin = batch.originOf(record);
    Fragment added = batch.enrichment(batch.originIndex(record));
    more = own.enrichment(added);
    Origin.Key stamp = batch.stampLength(record) > 0 ? origin.stamp() : null;
    Origin.Key offset = origin.offset();
    // For each part the names that follow it, which it must not have.
    long afterBody = added.names();
    long body = batch.isJson(record) ? batch.names(record) : origin.text().names();
    long afterOffset = afterBody | body;
    long afterStamp = afterOffset | (offset == null ? 0 : offset.names());
    long afterBase = afterStamp | (stamp == null ? 0 : stamp.names());

    count = more.count;
    base(own.base, afterBase);
    if (stamp != null && (stamp.names() & afterStamp) == 0) {
      members.put(own.stamp, 0, own.stamp.length);
      text(batch.bytes(), batch.stampOffset(record), batch.stampLength(record));
      count++;
    }
    if (offset != null && (offset.names() & afterOffset) == 0) {
      members.put(own.offset, 0, own.offset.length);
      heads.integer(batch.position(record));
      count++;
    }
    textLength = -1;
    if (batch.isJson(record)) {
      json(batch, record, afterBody);
    } else if ((origin.text().names() & afterBody) == 0) {
      members.put(own.text, 0, own.text.length);
      textFrom = batch.offset(record);
      textLength = batch.length(record);
      heads.textHead(textLength);
      count++;
    }
    before = members.position();
    return (long) AROUND
        + TIME_BYTES
        + HEAD_BYTES
        + before
        + Math.max(0, textLength)
        + (long) more.bytes.length;
  }

  private PerOrigin own(Batch batch, int index) {
    PerOrigin known = perOrigin[index];
    if (known == null) {
      known = batch.origin(index).memo(owner, PerOrigin::new);
      perOrigin[index] = known;
    }
    return known;
  }

  private void base(Shared base, long without) {
    if ((base.of.names() & without) == 0) {
      members.put(base.bytes, 0, base.bytes.length);
      count += base.count;
      return;
    }
    some.position(0);
    base.of.write(without, false, some);
    count += json.members(some.array(), 0, some.position());
  }

  private void json(Batch batch, int record, long without) {
    byte[] bytes = batch.bytes();
    int from = batch.offset(record) + 1;
    int to = batch.offset(record) + batch.length(record) - 1;
    if ((batch.names(record) & without) == 0) {
      count += json.members(bytes, from, to);
      return;
    }
    walk.reset(bytes, from, to);
    while (walk.next()) {
      if ((names.find(bytes, walk.nameFrom(), walk.nameTo()) & without) == 0) {
        count += json.members(bytes, walk.nameFrom() - 1, walk.valueTo());
      }
    }
  }

  private void text(byte[] bytes, int from, int length) {
    heads.textHead(length);
    members.put(bytes, from, length);
  }

  private void time(long epochNanos) {
    seconds = Math.floorDiv(epochNanos, NANOS);
    nanos = (int) (epochNanos - seconds * NANOS);
    moved = false;
    if (seconds < 0) {
      seconds = 0;
      nanos = 0;
      moved = true;
    } else if (seconds > LAST_SECOND) {
      seconds = LAST_SECOND;
      nanos = (int) NANOS - 1;
      moved = true;
    }
  }

  /** Whether the record's time is not the one that is written. */
  public boolean hasMovedTime() {
    return moved;
  }

  /** Writes the record that was measured last. */
  public void write(Batch batch, ByteSink out) {
    MsgPackWriter to = writer(out);
    out.put((byte) PAIR);
    switch (form) {
      case ENTRY -> to.eventTime((int) seconds, nanos);
      case ENTRY_IN_SECONDS -> to.unsigned(seconds);
      case EVENT -> {
        out.put((byte) PAIR);
        to.eventTime((int) seconds, nanos);
        out.put((byte) NO_METADATA);
      }
    }
    to.map(count);
    out.put(members.array(), 0, before);
    if (textLength > 0) {
      out.put(batch.bytes(), textFrom, textLength);
    }
    out.put(more.bytes, 0, more.bytes.length);
  }

  @SuppressWarnings("ReferenceEquality") // which sink it is
  private MsgPackWriter writer(ByteSink out) {
    MsgPackWriter known = writer;
    if (known == null || written != out) {
      known = new MsgPackWriter(out);
      writer = known;
      written = out;
    }
    return known;
  }
}
