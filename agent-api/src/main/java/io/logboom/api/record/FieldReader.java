package io.logboom.api.record;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.record.Accessor.Step;
import io.logboom.api.text.Regex;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value that an {@link Accessor} names, as a slice of bytes. Allocates nothing per record
 * once an origin and its metadata have been met. One instance per thread.
 *
 * <p>Where a name stands in several parts of a record the value that would be delivered counts:
 * what filters added, else the body, else what the input set.
 */
public final class FieldReader {
  private final Accessor accessor;
  private final Names names;
  private final JsonMembers members = new JsonMembers();
  private byte[] scratch = new byte[64];
  private Regex.@Nullable Matcher captures;
  private byte[] captured = new byte[0];

  private @Nullable Origin lastOrigin;
  private @Nullable OriginFields lastFields;

  // The answer.
  private FieldKind kind = FieldKind.MISSING;
  private byte[] bytes = scratch;
  private int from;
  private int to;

  FieldReader(Accessor accessor, Names names) {
    this.accessor = accessor;
    this.names = names;
  }

  /** What the value is. */
  public FieldKind kind() {
    return kind;
  }

  /** Where the value is; valid until the next read, or until the batch changes. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the value starts in {@link #bytes}. */
  public int from() {
    return from;
  }

  /** Behind the value's last byte in {@link #bytes}. */
  public int to() {
    return to;
  }

  /** What {@code $0} to {@code $9} stand for: the groups of the last match, in its subject. */
  public void captures(Regex.Matcher match, byte[] subject) {
    captures = match;
    captured = subject;
  }

  /**
   * Reads the value of a record.
   *
   * @return whether there is one; {@code null} counts as a value
   */
  public boolean read(Batch batch, int record) {
    kind = FieldKind.MISSING;
    switch (accessor.root()) {
      case CAPTURE -> capture();
      case TAG, TAG_PART -> fields(batch.originOf(record)).base.copyTo(this);
      case FIELD -> field(batch, record);
    }
    return kind != FieldKind.MISSING;
  }

  /**
   * Reads the value of an object that is not in a batch yet; tags and captures have none.
   *
   * @param json holds the object, a valid one, at {@code [start, stop)}
   * @return whether there is one; {@code null} counts as a value
   */
  public boolean read(byte[] json, int start, int stop) {
    kind = FieldKind.MISSING;
    if (accessor.root() == Accessor.Root.FIELD) {
      find(json, start + 1, stop - 1);
    }
    return kind != FieldKind.MISSING;
  }

  private void capture() {
    Regex.Matcher match = captures;
    if (match != null && match.start(accessor.number()) >= 0) {
      set(FieldKind.STRING, captured, match.start(accessor.number()), match.end(accessor.number()));
    }
  }

  private void field(Batch batch, int record) {
    OriginFields fields = fields(batch.originOf(record));
    Fragment enrichment = batch.enrichment(batch.originIndex(record));
    if (enrichment != fields.enrichment) {
      fields.enrichment = enrichment;
      fields.added.take(this, enrichment.json());
    }
    if (fields.added.present) {
      fields.added.copyTo(this);
      return;
    }
    byte[] b = batch.bytes();
    int start = batch.offset(record);
    int stop = start + batch.length(record);
    if (!batch.isJson(record)) {
      if (fields.isText) {
        string(b, start, stop);
        return;
      }
    } else if (fields.name == 0 || (batch.names(record) & fields.name) != 0) {
      if (find(b, start + 1, stop - 1)) {
        return;
      }
    }
    if (fields.isOffset) {
      decimal(batch.position(record));
    } else if (fields.isStamp && batch.stampLength(record) > 0) {
      int at = batch.stampOffset(record);
      string(b, at, at + batch.stampLength(record));
    } else {
      fields.base.copyTo(this);
    }
  }

  /** Text is a string without members. */
  private void string(byte[] b, int start, int stop) {
    if (accessor.steps().isEmpty()) {
      set(FieldKind.STRING, b, start, stop);
    }
  }

  private void decimal(long value) {
    if (!accessor.steps().isEmpty()) {
      return;
    }
    int at = scratch.length;
    long rest = value;
    do {
      scratch[--at] = (byte) ('0' + Math.abs(rest % 10));
      rest /= 10;
    } while (rest != 0);
    if (value < 0) {
      scratch[--at] = '-';
    }
    set(FieldKind.NUMBER, scratch, at, scratch.length);
  }

  private void set(FieldKind what, byte[] b, int start, int stop) {
    kind = what;
    bytes = b;
    from = start;
    to = stop;
  }

  /**
   * Looks for the key among the members {@code json[start, stop)}.
   *
   * @return whether the key is there, even where the steps into it lead nowhere
   */
  private boolean find(byte[] json, int start, int stop) {
    if (!member(json, start, stop, accessor.jsonKey())) {
      return false;
    }
    int at = members.valueFrom();
    int end = members.valueTo();
    List<Step> steps = accessor.steps();
    for (int k = 0; k < steps.size(); k++) {
      switch (steps.get(k)) {
        case Step.Member m -> {
          if (json[at] != '{' || !member(json, at + 1, end - 1, m.name())) {
            return true;
          }
          at = members.valueFrom();
          end = members.valueTo();
        }
        case Step.Element e -> {
          if (json[at] != '[' || !element(json, at + 1, end - 1, e.index())) {
            return true;
          }
          at = members.valueFrom();
          end = members.valueTo();
        }
      }
    }
    value(json, at, end);
    return true;
  }

  private boolean member(byte[] json, int start, int stop, byte[] name) {
    members.reset(json, start, stop);
    while (members.next()) {
      if (Arrays.equals(json, members.nameFrom(), members.nameTo(), name, 0, name.length)) {
        return true;
      }
    }
    return false;
  }

  /** Goes to an element of the array whose inside is {@code json[start, stop)}. */
  private boolean element(byte[] json, int start, int stop, int index) {
    members.reset(json, start, stop);
    for (int k = 0; members.nextElement(); k++) {
      if (k == index) {
        return true;
      }
    }
    return false;
  }

  private void value(byte[] json, int start, int stop) {
    switch (json[start]) {
      case '"' -> unescaped(json, start + 1, stop - 1);
      case '{' -> set(FieldKind.OBJECT, json, start, stop);
      case '[' -> set(FieldKind.ARRAY, json, start, stop);
      case 't', 'f' -> set(FieldKind.BOOLEAN, json, start, stop);
      case 'n' -> set(FieldKind.NULL, json, start, stop);
      default -> set(FieldKind.NUMBER, json, start, stop);
    }
  }

  private void unescaped(byte[] json, int start, int stop) {
    for (int k = start; k < stop; k++) {
      if (json[k] == '\\') {
        if (scratch.length < stop - start) {
          scratch = new byte[Math.max(stop - start, scratch.length * 2)];
        }
        int end = JsonStrings.unescape(json, start, stop, scratch, 0);
        set(FieldKind.STRING, scratch, 0, end);
        return;
      }
    }
    set(FieldKind.STRING, json, start, stop);
  }

  private OriginFields fields(Origin origin) {
    OriginFields last = lastFields;
    if (last == null || origin != lastOrigin) {
      last = origin.memo(this, this::fieldsOf);
      lastOrigin = origin;
      lastFields = last;
    }
    return last;
  }

  private OriginFields fieldsOf(Origin origin) {
    OriginFields fields = new OriginFields();
    if (accessor.root() != Accessor.Root.FIELD) {
      String tag = tag(origin);
      if (tag != null) {
        fields.base.take(tag.getBytes(StandardCharsets.UTF_8));
      }
      return fields;
    }
    Origin.Key stamp = origin.stamp();
    Origin.Key offset = origin.offset();
    fields.isText = origin.text().name().equals(accessor.name());
    fields.isStamp = stamp != null && stamp.name().equals(accessor.name());
    fields.isOffset = offset != null && offset.name().equals(accessor.name());
    fields.base.take(this, origin.base().json());
    byte[] key = accessor.name().getBytes(StandardCharsets.UTF_8);
    fields.name = names.find(key, 0, key.length);
    return fields;
  }

  private @Nullable String tag(Origin origin) {
    if (accessor.root() == Accessor.Root.TAG) {
      return origin.tag();
    }
    String[] parts = origin.tag().split("\\.", -1);
    return accessor.number() < parts.length ? parts[accessor.number()] : null;
  }

  /** What is the same for all records of an origin. */
  private static final class OriginFields {
    final Constant base = new Constant();
    final Constant added = new Constant();
    Fragment enrichment = Fragment.EMPTY;
    boolean isText;
    boolean isStamp;
    boolean isOffset;
    long name;
  }

  /** A value that was looked up once. */
  private static final class Constant {
    /** Whether the key is there, even where the steps into it lead nowhere. */
    boolean present;

    FieldKind kind = FieldKind.MISSING;
    byte[] bytes = new byte[0];

    void take(byte[] text) {
      present = true;
      kind = FieldKind.STRING;
      bytes = text;
    }

    void take(FieldReader reader, byte[] fragment) {
      FieldKind before = reader.kind;
      reader.kind = FieldKind.MISSING;
      present = reader.find(fragment, 0, fragment.length);
      kind = reader.kind;
      bytes =
          kind == FieldKind.MISSING
              ? new byte[0]
              : Arrays.copyOfRange(reader.bytes, reader.from, reader.to);
      reader.kind = before;
    }

    void copyTo(FieldReader reader) {
      reader.set(kind, bytes, 0, bytes.length);
    }
  }
}
