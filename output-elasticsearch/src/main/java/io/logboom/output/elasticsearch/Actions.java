package io.logboom.output.elasticsearch;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.Utf8;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import io.logboom.api.record.Template;
import io.logboom.api.record.TemplateWriter;
import io.logboom.api.time.Strftime;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The action line of each record, up to where an id would stand:
 *
 * <pre>
 * {"create":{"_index":"logs-2026.11.22"
 * </pre>
 *
 * The index changes with the day and, where it is configured so, with values of the record; lines
 * are made once for each and kept. One instance per thread.
 */
final class Actions {
  private static final int SLOTS = 64;
  private static final int MOST_PREFIX = 128;
  private static final long NANOS = 1_000_000_000L;
  private static final byte[] CLOSE = "}}\n".getBytes(StandardCharsets.US_ASCII);

  /** A line as far as the id, and as it is without one. */
  record Line(byte[] name, byte[] open, byte[] whole) {}

  private final String operation;
  private final String type;
  private final ElasticsearchConfig.Index config;
  private final Strftime format;
  private final Names names;
  private final @Nullable FieldReader prefix;
  private final boolean varies;
  private final byte[] fallback;
  private final byte[] separator;
  private final ByteSink name = ByteSink.growing(256);

  // What is right for times in [fromNanos, untilNanos).
  private long fromNanos;
  private long untilNanos;
  private byte[] time = new byte[0];
  private @Nullable TemplateWriter template;
  private Line constant = new Line(new byte[0], new byte[0], new byte[0]);
  private final @Nullable Line[] lines = new @Nullable Line[SLOTS];

  Actions(ElasticsearchConfig config, Names names) {
    this.config = config.index();
    this.names = names;
    this.operation =
        switch (config.ids().writeOperation()) {
          case CREATE -> "create";
          case INDEX -> "index";
          case UPDATE, UPSERT -> "update";
        };
    this.type =
        this.config.suppressTypeName() ? "" : ",\"_type\":\"" + escaped(this.config.type()) + '"';
    this.fallback = this.config.logstashPrefix().getBytes(StandardCharsets.UTF_8);
    this.separator = this.config.logstashPrefixSeparator().getBytes(StandardCharsets.UTF_8);
    boolean logstash = this.config.logstashFormat();
    this.format = Strftime.parse(logstash ? this.config.logstashDateformat() : this.config.index());
    this.prefix =
        logstash && this.config.logstashPrefixKey() != null
            ? this.config.logstashPrefixKey().reader(names)
            : null;
    this.varies = logstash ? prefix != null : !Template.parse(this.config.index()).isConstant();
  }

  /** The line for a record whose index takes the time {@code nanos}. */
  Line line(Batch batch, int record, long nanos) {
    if (nanos < fromNanos || nanos >= untilNanos) {
      turn(nanos);
    }
    if (!varies) {
      return constant;
    }
    name.position(0);
    if (config.logstashFormat()) {
      logstash(batch, record);
    } else if (template != null) {
      int start = name.position();
      template.write(batch, record, name);
      tame(start);
    }
    return kept();
  }

  /** Prepares for a time outside of what is kept: usually the next day. */
  private void turn(long nanos) {
    long second = Math.floorDiv(nanos, NANOS);
    fromNanos = format.isConstant() ? Long.MIN_VALUE : format.validFrom(second) * NANOS;
    untilNanos = format.isConstant() ? Long.MAX_VALUE : format.validUntil(second) * NANOS;
    String text = format.format(second);
    time = text.getBytes(StandardCharsets.UTF_8);
    Arrays.fill(lines, null);
    if (!varies) {
      String index =
          config.logstashFormat()
              ? config.logstashPrefix() + config.logstashPrefixSeparator() + text
              : text;
      constant = make(index.getBytes(StandardCharsets.UTF_8));
    } else if (!config.logstashFormat()) {
      template = Template.parse(text).writer(names);
    }
  }

  private void logstash(Batch batch, int record) {
    FieldReader key = prefix;
    if (key != null
        && key.read(batch, record)
        && key.kind() == FieldKind.STRING
        && key.to() > key.from()) {
      int to = key.to();
      if (to - key.from() > MOST_PREFIX) {
        to = Utf8.cut(key.bytes(), key.from(), key.from() + MOST_PREFIX);
      }
      name.put(key.bytes(), key.from(), to - key.from());
      if (!tame(0)) {
        name.position(0);
      }
    }
    if (name.position() == 0) {
      name.put(fallback, 0, fallback.length);
    }
    name.put(separator, 0, separator.length);
    name.put(time, 0, time.length);
  }

  /**
   * Index names are in lower case.
   *
   * @return whether the name has nothing that must be escaped
   */
  private boolean tame(int from) {
    byte[] b = name.array();
    boolean safe = true;
    for (int i = from; i < name.position(); i++) {
      byte c = b[i];
      if (c >= 'A' && c <= 'Z') {
        b[i] = (byte) (c | 0x20);
      }
      safe &= c < 0 || (c >= ' ' && c != '"' && c != '\\');
    }
    return safe;
  }

  private Line kept() {
    byte[] b = name.array();
    int length = name.position();
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = hash * 31 + b[i];
    }
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    Line line = lines[slot];
    if (line == null || !Arrays.equals(line.name, 0, line.name.length, b, 0, length)) {
      line = make(Arrays.copyOf(b, length));
      lines[slot] = line;
    }
    return line;
  }

  private Line make(byte[] index) {
    ByteSink out = ByteSink.growing(128);
    out.putAscii("{\"");
    out.putAscii(operation);
    out.putAscii("\":{\"_index\":\"");
    out.putEscaped(index, 0, index.length);
    out.put((byte) '"');
    byte[] utf8 = type.getBytes(StandardCharsets.UTF_8);
    out.put(utf8, 0, utf8.length);
    byte[] open = out.toByteArray();
    out.put(CLOSE, 0, CLOSE.length);
    return new Line(index, open, out.toByteArray());
  }

  private static String escaped(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteSink out = ByteSink.growing(utf8.length + 16);
    out.putEscaped(utf8, 0, utf8.length);
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }
}
