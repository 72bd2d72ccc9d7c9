package io.logboom.output.elasticsearch;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import io.logboom.api.time.Strftime;
import io.logboom.api.time.Timestamps;
import io.logboom.output.elasticsearch.ElasticsearchConfig.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as pairs of lines of a bulk request:
 *
 * <pre>
 * {"create":{"_index":"logs-2026.11.22"}}
 * {"@timestamp":"2026-11-22T08:04:05.123Z", record}
 * </pre>
 *
 * Allocates nothing per record with the default options. One instance per thread.
 */
final class ElasticsearchEncoder {
  private static final String PLAIN_FORMAT = "%Y-%m-%dT%H:%M:%S";
  private static final long NANOS = 1_000_000_000L;
  private static final byte[] ID = ascii(",\"_id\":\"");
  private static final byte[] ID_CLOSE = ascii("\"}}\n");
  private static final byte[] UPDATE = ascii("{\"doc\":");
  private static final byte[] UPSERT = ascii("{\"doc_as_upsert\":true,\"doc\":");

  private final ElasticsearchConfig config;
  private final RecordWriter writer;
  private final Timestamps timestamps = new Timestamps();
  private final Actions actions;
  private final byte[] timeMember;
  private final long timeName;
  private final @Nullable Strftime timeFormat;
  private final long tagName;
  private final long kubernetes;
  private final @Nullable FieldReader idKey;
  private final Object owner;
  private final ByteSink scratch = ByteSink.growing(1024);
  private final ByteSink whole = ByteSink.growing(1024);
  private final byte[] digits = new byte[13];

  private long nowNanos;
  private long formattedSecond = Long.MIN_VALUE;
  private byte[] formatted = new byte[0];
  private final @Nullable PerOrigin[] perOrigin = new @Nullable PerOrigin[Batch.MAX_ORIGINS];

  /** What is the same for all records of an origin until its enrichment changes. */
  private static final class PerOrigin {
    final byte[] tagMember;
    final byte[] sourceId;
    volatile Clean clean = new Clean(Fragment.EMPTY, null);

    PerOrigin(byte[] tagMember, byte[] sourceId) {
      this.tagMember = tagMember;
      this.sourceId = sourceId;
    }
  }

  /**
   * An enrichment without dots in the names of labels.
   *
   * @param json null where there are none to begin with
   */
  private record Clean(Fragment of, byte @Nullable [] json) {}

  /**
   * @param owner for what is remembered of origins: the same for all encoders of one output
   */
  ElasticsearchEncoder(ElasticsearchConfig config, Names names, Object owner) {
    this.config = config;
    this.owner = owner;
    this.writer = new RecordWriter(names);
    this.actions = new Actions(config, names);
    ElasticsearchConfig.Document document = config.document();
    this.timeMember = member(document.timeKey());
    this.timeName = names.of(document.timeKey());
    this.timeFormat =
        document.timeKeyFormat().equals(PLAIN_FORMAT)
            ? null
            : Strftime.parse(document.timeKeyFormat());
    this.tagName = document.includeTagKey() ? names.of(document.tagKey()) : 0;
    this.kubernetes = document.dedotLabels() ? names.of("kubernetes") : 0;
    this.idKey = config.ids().idKey() == null ? null : config.ids().idKey().reader(names);
  }

  /** Looks at a batch whose records follow. */
  void begin(Batch batch, long now) {
    nowNanos = now;
    for (int i = 0; i < batch.origins(); i++) {
      PerOrigin own = batch.origin(i).memo(owner, this::perOrigin);
      perOrigin[i] = own;
      Fragment enrichment = batch.enrichment(i);
      if (own.clean.of != enrichment) {
        own.clean = clean(enrichment);
      }
    }
  }

  /**
   * Writes a record.
   *
   * @return false where it has no id and the operation needs one; nothing is written then
   */
  boolean encode(Batch batch, int record, ByteSink out) {
    long nanos = nanos(batch, record);
    if (!action(batch, record, nanos, out)) {
      return false;
    }
    open(out);
    document(batch, record, nanos, out);
    close(out);
    return true;
  }

  /**
   * Writes a record with fields moved aside, under the name that it has with them.
   *
   * @return false where they cannot be moved; nothing is written then
   */
  boolean encodeAside(Batch batch, int record, Collection<String> fields, ByteSink out) {
    long nanos = nanos(batch, record);
    ByteSink plain = ByteSink.growing(1024);
    document(batch, record, nanos, plain);
    ByteSink moved = ByteSink.growing(plain.position() + 256);
    if (!Aside.move(plain.array(), 0, plain.position(), fields, moved)
        || !action(batch, record, nanos, out)) {
      return false;
    }
    open(out);
    out.put((byte) '{');
    if (fields.contains(config.document().timeKey())) {
      time(nanos, out); // the record's own was no time
      out.put((byte) ',');
    }
    out.put(moved.array(), 0, moved.position());
    out.put((byte) '}');
    close(out);
    return true;
  }

  /** Whether bytes of the record that was written last were not UTF-8 and became U+FFFD. */
  boolean hasRepaired() {
    return writer.hasRepaired();
  }

  private long nanos(Batch batch, int record) {
    return config.index().currentTimeIndex() ? nowNanos : batch.epochNanos(record);
  }

  /** The first line; false, and nothing written, where it needs an id and there is none. */
  private boolean action(Batch batch, int record, long nanos, ByteSink out) {
    Actions.Line line = actions.line(batch, record, nanos);
    if (idKey != null) {
      if (!keyed(batch, record, line, out)) {
        if (needsId()) {
          return false;
        }
        out.put(line.whole(), 0, line.whole().length);
      }
    } else if (config.ids().generateId()) {
      hashed(batch, record, nanos, line, out);
    } else if (config.ids().id() == ElasticsearchConfig.Id.POSITION) {
      position(batch, record, line, out);
    } else {
      out.put(line.whole(), 0, line.whole().length);
    }
    return true;
  }

  private boolean needsId() {
    return config.ids().writeOperation() == Operation.UPDATE
        || config.ids().writeOperation() == Operation.UPSERT;
  }

  // ---- the document

  /** What stands around the document in the second line, before it. */
  private void open(ByteSink out) {
    Operation operation = config.ids().writeOperation();
    if (operation == Operation.UPDATE) {
      out.put(UPDATE, 0, UPDATE.length);
    } else if (operation == Operation.UPSERT) {
      out.put(UPSERT, 0, UPSERT.length);
    }
  }

  /** And behind it. */
  private void close(ByteSink out) {
    if (needsId()) {
      out.put((byte) '}');
    }
    out.put((byte) '\n');
  }

  private void document(Batch batch, int record, long nanos, ByteSink out) {
    PerOrigin own = java.util.Objects.requireNonNull(perOrigin[batch.originIndex(record)]);
    long present = RecordWriter.names(batch, record);
    boolean first = (present & timeName) != 0;
    out.put((byte) '{');
    if (!first) {
      time(nanos, out);
    }
    if (tagName != 0 && (present & tagName) == 0) {
      if (!first) {
        out.put((byte) ',');
      }
      out.put(own.tagMember, 0, own.tagMember.length);
      first = false;
    }
    long added = batch.enrichment(batch.originIndex(record)).names();
    if (config.document().replaceDots()
        || (present & ~added & kubernetes) != 0
        || (first && own.clean.json != null)) {
      rewritten(batch, record, first, out);
    } else {
      members(batch, record, own.clean.json, added, first, out);
    }
    out.put((byte) '}');
  }

  private void members(
      Batch batch, int record, byte @Nullable [] instead, long added, boolean first, ByteSink out) {
    if (instead == null) {
      writer.write(batch, record, first, out);
    } else {
      writer.write(batch, record, added, first, out);
      out.put((byte) ',');
      out.put(instead, 0, instead.length);
    }
  }

  /** The way for records whose own names may have dots to replace: through a copy. */
  private void rewritten(Batch batch, int record, boolean first, ByteSink out) {
    scratch.position(0);
    writer.write(batch, record, true, scratch);
    int length = scratch.position();
    if (length == 0) {
      return;
    }
    if (!first) {
      out.put((byte) ',');
    }
    if (config.document().replaceDots()) {
      Dots.all(scratch.array(), 0, length, out);
    } else {
      Dots.labels(scratch.array(), 0, length, false, out);
    }
  }

  private void time(long nanos, ByteSink out) {
    int most = timeMember.length + 32;
    boolean nine = config.document().timeKeyNanos();
    if (timeFormat != null) {
      long second = Math.floorDiv(nanos, NANOS);
      if (second != formattedSecond) {
        formatted = timeFormat.format(second).getBytes(StandardCharsets.UTF_8);
        formattedSecond = second;
      }
      most += formatted.length;
    }
    out.ensure(most);
    byte[] b = out.array();
    int at = out.position();
    System.arraycopy(timeMember, 0, b, at, timeMember.length);
    at += timeMember.length;
    if (timeFormat == null) {
      at = timestamps.write(nanos, nine, b, at);
    } else {
      System.arraycopy(formatted, 0, b, at, formatted.length);
      at = fraction(nanos, nine, b, at + formatted.length);
    }
    b[at++] = '"';
    out.position(at);
  }

  private static int fraction(long nanos, boolean nine, byte[] b, int from) {
    int count = nine ? 9 : 3;
    long value = Math.floorMod(nanos, NANOS) / (nine ? 1 : 1_000_000);
    b[from] = '.';
    for (int k = from + count; k > from; k--) {
      b[k] = (byte) ('0' + value % 10);
      value /= 10;
    }
    b[from + count + 1] = 'Z';
    return from + count + 2;
  }

  // ---- ids

  private boolean keyed(Batch batch, int record, Actions.Line line, ByteSink out) {
    FieldReader key = idKey;
    if (key == null || !key.read(batch, record) || key.kind() != FieldKind.STRING) {
      return false;
    }
    int length = key.to() - key.from();
    if (length == 0 || length > 512) {
      return false;
    }
    for (int i = key.from(); i < key.to(); i++) {
      byte c = key.bytes()[i];
      if ((c >= 0 && c < ' ') || c == '"' || c == '\\') {
        return false;
      }
    }
    out.put(line.open(), 0, line.open().length);
    out.put(ID, 0, ID.length);
    out.put(key.bytes(), key.from(), length);
    out.put(ID_CLOSE, 0, ID_CLOSE.length);
    return true;
  }

  private void hashed(Batch batch, int record, long nanos, Actions.Line line, ByteSink out) {
    // The document is hashed before it is sent, so it is put together twice.
    whole.position(0);
    document(batch, record, nanos, whole);
    out.put(line.open(), 0, line.open().length);
    out.put(ID, 0, ID.length);
    Murmur3.writeUuid(whole.array(), whole.position(), out);
    out.put(ID_CLOSE, 0, ID_CLOSE.length);
  }

  /** {@code sourceId-position}, the position in base 36. */
  private void position(Batch batch, int record, Actions.Line line, ByteSink out) {
    PerOrigin own = java.util.Objects.requireNonNull(perOrigin[batch.originIndex(record)]);
    if (own.sourceId.length == 0) {
      out.put(line.whole(), 0, line.whole().length);
      return;
    }
    out.put(line.open(), 0, line.open().length);
    out.put(ID, 0, ID.length);
    out.put(own.sourceId, 0, own.sourceId.length);
    out.put((byte) '-');
    int at = digits.length;
    long rest = batch.position(record);
    do {
      int digit = (int) Long.remainderUnsigned(rest, 36);
      digits[--at] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
      rest = Long.divideUnsigned(rest, 36);
    } while (rest != 0);
    out.put(digits, at, digits.length - at);
    out.put(ID_CLOSE, 0, ID_CLOSE.length);
  }

  // ---- origins

  private PerOrigin perOrigin(Origin origin) {
    ByteSink tag = ByteSink.growing(64);
    byte[] utf8 = origin.tag().getBytes(StandardCharsets.UTF_8);
    byte[] name = member(config.document().tagKey());
    tag.put(name, 0, name.length);
    tag.putEscaped(utf8, 0, utf8.length);
    tag.put((byte) '"');
    return new PerOrigin(tag.toByteArray(), origin.sourceId().getBytes(StandardCharsets.UTF_8));
  }

  private Clean clean(Fragment enrichment) {
    if ((enrichment.names() & kubernetes) == 0) {
      return new Clean(enrichment, null);
    }
    byte[] json = enrichment.json();
    ByteSink out = ByteSink.growing(json.length + 16);
    Dots.labels(json, 0, json.length, true, out);
    byte[] without = out.toByteArray();
    return new Clean(enrichment, Arrays.equals(json, without) ? null : without);
  }

  /** {@code "name":"}, where a string value begins. */
  private static byte[] member(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteSink out = ByteSink.growing(utf8.length + 16);
    out.put((byte) '"');
    out.putEscaped(utf8, 0, utf8.length);
    out.putAscii("\":\"");
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
