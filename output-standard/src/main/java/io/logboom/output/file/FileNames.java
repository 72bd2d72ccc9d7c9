package io.logboom.output.file;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.Template;
import io.logboom.api.record.TemplateWriter;
import io.logboom.net.send.Groups;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file that a record goes to, below the directory, which no name leads out of: what is neither
 * letter, digit, {@code -}, {@code _} nor {@code .} in a value becomes {@code _}, and so does a
 * part that is dots alone. A tag keeps its slashes.
 */
final class FileNames implements Groups.KeyWriter {
  private static final int MOST = 200;

  private final @Nullable TemplateWriter template;

  FileNames(@Nullable Template template, Names names) {
    this.template = template == null ? null : template.writer(names);
  }

  /** Whether records of one origin can go to several files. */
  static boolean isOfRecords(@Nullable Template template) {
    return template != null
        && template.accessors().stream().map(Accessor::key).anyMatch(Objects::nonNull);
  }

  @Override
  public void write(Batch batch, int record, ByteSink out) {
    if (template != null) {
      template.write(batch, record, FileNames::value, out);
    } else {
      byte[] name = batch.originOf(record).memo(FileNames.class, FileNames::ofTag);
      out.put(name, 0, name.length);
    }
  }

  private static void value(byte[] bytes, int from, int to, ByteSink out) {
    int end = Math.min(to, from + MOST);
    boolean dots = end > from;
    for (int i = from; i < end; i++) {
      dots &= bytes[i] == '.';
    }
    if (from == end) {
      out.put((byte) '_');
    }
    for (int i = from; i < end; i++) {
      out.put(dots || !isPlain(bytes[i]) ? (byte) '_' : bytes[i]);
    }
  }

  /** The parts of a tag between slashes are parts of a path. */
  private static byte[] ofTag(Origin origin) {
    byte[] tag = origin.tag().getBytes(StandardCharsets.UTF_8);
    ByteSink out = ByteSink.growing(tag.length + 1);
    int i = 0;
    while (i < tag.length) {
      int end = i;
      while (end < tag.length && tag[end] != '/') {
        end++;
      }
      if (end > i) {
        if (out.position() > 0) {
          out.put((byte) '/');
        }
        value(tag, i, end, out);
      }
      i = end + 1;
    }
    if (out.position() == 0) {
      out.put((byte) '_');
    }
    return out.toByteArray();
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '_'
        || b == '.';
  }
}
