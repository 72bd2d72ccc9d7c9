package io.logboom.api.record;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.text.Regex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a {@link Template} for records. Allocates nothing per record. One instance per thread. */
public final class TemplateWriter {
  private static final ValueWriter AS_IT_IS =
      (bytes, from, to, out) -> out.put(bytes, from, to - from);

  // One of the two at each index.
  private final byte[][] literals;
  private final @Nullable FieldReader[] readers;

  TemplateWriter(List<Template.Part> parts, Names names) {
    literals = new byte[parts.size()][];
    readers = new @Nullable FieldReader[parts.size()];
    for (int i = 0; i < literals.length; i++) {
      switch (parts.get(i)) {
        case Template.Part.Literal literal -> literals[i] = literal.utf8();
        case Template.Part.Field field -> {
          literals[i] = new byte[0];
          readers[i] = field.accessor().reader(names);
        }
      }
    }
  }

  /** How the values of a record are written, where they are not written as they are. */
  public interface ValueWriter {
    /** Writes {@code bytes[from, to)}. */
    void write(byte[] bytes, int from, int to, ByteSink out);
  }

  /** What {@code $0} to {@code $9} stand for: the groups of the last match, in its subject. */
  public void captures(Regex.Matcher match, byte[] subject) {
    for (FieldReader reader : readers) {
      if (reader != null) {
        reader.captures(match, subject);
      }
    }
  }

  /**
   * Writes the template's text for a record. Strings stand without quotes and escapes, objects and
   * arrays as JSON; what is missing or {@code null} leaves nothing.
   *
   * @return how many values were missing or {@code null}
   */
  public int write(Batch batch, int record, ByteSink out) {
    return write(batch, record, AS_IT_IS, out);
  }

  /**
   * As {@link #write(Batch, int, ByteSink)}, with the values written by {@code values}; what stands
   * between them is written as it is.
   */
  public int write(Batch batch, int record, ValueWriter values, ByteSink out) {
    int missing = 0;
    for (int i = 0; i < literals.length; i++) {
      FieldReader reader = readers[i];
      if (reader == null) {
        out.put(literals[i], 0, literals[i].length);
      } else if (reader.read(batch, record) && reader.kind() != FieldKind.NULL) {
        values.write(reader.bytes(), reader.from(), reader.to(), out);
      } else {
        missing++;
      }
    }
    return missing;
  }
}
