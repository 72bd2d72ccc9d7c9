package io.logboom.output.http;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as a GELF message, version 1.1, with its members in Fluent Bit's order and form:
 *
 * <pre>
 * {"version":"1.1", "short_message":"said", "_level":3, "timestamp":1795334645.123}
 * </pre>
 *
 * The members that the configuration names become the fields that GELF knows, all others custom
 * ones, with an underscore before their names ({@link GelfFields}). What filters added for a whole
 * origin is written once and remembered. One instance per thread.
 */
final class GelfWriter {
  private static final byte[] VERSION = ascii("{\"version\":\"1.1\"");
  private static final byte[] ID = ascii("id");
  private static final int LONGEST_TIME = 32;

  // The fields that GELF knows, and the bits for what a message has.
  private static final int SHORT_MESSAGE = 0;
  private static final int LEVEL = 1;
  private static final int TIMESTAMP = 2;
  private static final byte[][] FIELDS = {
    ascii("short_message"), ascii("level"), ascii("timestamp"), ascii("full_message"), ascii("host")
  };
  private static final int CUSTOM = FIELDS.length;

  /** Words for severities (RFC 5424 §6.2.1), and what loggers write for them. */
  private static final byte[][][] LEVELS = {
    words("emerg", "emergency", "panic"),
    words("alert"),
    words("crit", "critical", "fatal"),
    words("err", "error"),
    words("warning", "warn"),
    words("notice"),
    words("info", "information", "informational"),
    words("debug", "trace")
  };

  private final byte[][] keys;
  private final String noMessage;
  private final RecordWriter records;
  private final Timestamps timestamps = new Timestamps();
  private final GelfFields fields = new GelfFields();
  private final JsonMembers members = new JsonMembers();
  private final ByteSink whole = ByteSink.growing(1024);
  private final ByteSink message = ByteSink.growing(1024);

  // By origin of the batch: what filters added, as it was written last.
  private final Fragment[] added = new Fragment[Batch.MAX_ORIGINS];
  private final byte[][] addedText = new byte[Batch.MAX_ORIGINS][];
  private final int[] addedFields = new int[Batch.MAX_ORIGINS];

  GelfWriter(HttpConfig.Gelf config, Names names) {
    this.records = new RecordWriter(names);
    this.keys =
        new byte[][] {
          json(config.shortMessageKey()),
          json(config.levelKey()),
          json(config.timestampKey()),
          json(config.fullMessageKey()),
          json(config.hostKey())
        };
    this.noMessage =
        "the record has no "
            + config.shortMessageKey()
            + " (gelf_short_message_key), which a GELF message needs";
  }

  /**
   * Writes a record's message.
   *
   * @return why there is none, and nothing is written; null where there is
   */
  @Nullable String write(Batch batch, int record, ByteSink out) {
    whole.position(0);
    records.write(batch, record, true, whole);
    // What filters added stands at the end, as it is.
    int origin = batch.originIndex(record);
    Fragment more = batch.enrichment(origin);
    message.position(0);
    message.put(VERSION, 0, VERSION.length);
    int has = fields(whole.array(), whole.position() - more.json().length, message);
    if (!more.isEmpty()) {
      if (added[origin] != more) {
        remember(origin, more);
      }
      message.put(addedText[origin], 0, addedText[origin].length);
      has |= addedFields[origin];
    }
    if ((has & 1 << SHORT_MESSAGE) == 0) {
      return noMessage;
    }
    if ((has & 1 << TIMESTAMP) == 0) {
      message.putAscii(", \"timestamp\":");
      message.ensure(LONGEST_TIME);
      message.position(
          timestamps.writeEpoch(
              batch.epochNanos(record), 3, true, message.array(), message.position()));
    }
    message.put((byte) '}');
    out.put(message.array(), 0, message.position());
    return null;
  }

  /** As {@link RecordWriter#hasRepaired}. */
  boolean hasRepaired() {
    return records.hasRepaired();
  }

  private void remember(int origin, Fragment more) {
    ByteSink text = ByteSink.growing(2 * more.json().length);
    addedFields[origin] = fields(more.json(), more.json().length, text);
    addedText[origin] = text.toByteArray();
    added[origin] = more;
  }

  /**
   * Writes the members {@code json[0, to)}.
   *
   * @return which of the fields that GELF knows are among them
   */
  private int fields(byte[] json, int to, ByteSink out) {
    int has = 0;
    members.reset(json, 0, to);
    while (members.next()) {
      int nameFrom = members.nameFrom();
      int nameTo = members.nameTo();
      int from = members.valueFrom();
      int end = members.valueTo();
      int field = field(json, nameFrom, nameTo);
      if (json[from] == 'n' || (field == CUSTOM && is(ID, json, nameFrom, nameTo))) {
        continue; // GELF has no null, and allows no _id
      }
      int level = field == LEVEL ? level(json, from, end) : -1;
      if (level >= 0) {
        out.putAscii(", \"level\":");
        out.put((byte) ('0' + level));
      } else if (field == CUSTOM || (field == LEVEL && !canBeLevel(json[from]))) {
        fields.custom(json, nameFrom, nameTo, from, end, out);
      } else {
        fields.known(FIELDS[field], json, from, end, out);
        has |= json[from] == '{' ? 0 : 1 << field;
      }
    }
    return has;
  }

  private int field(byte[] json, int from, int to) {
    for (int i = 0; i < keys.length; i++) {
      if (is(keys[i], json, from, to)) {
        return i;
      }
    }
    return CUSTOM;
  }

  private static boolean is(byte[] name, byte[] json, int from, int to) {
    return Arrays.equals(name, 0, name.length, json, from, to);
  }

  /** The number that a word or a digit in quotes stands for; -1 where it is something else. */
  private static int level(byte[] json, int from, int to) {
    if (json[from] != '"') {
      return -1;
    }
    if (to - from == 3 && json[from + 1] >= '0' && json[from + 1] <= '7') {
      return json[from + 1] - '0';
    }
    for (int level = 0; level < LEVELS.length; level++) {
      for (byte[] word : LEVELS[level]) {
        if (isWord(word, json, from + 1, to - 1)) {
          return level;
        }
      }
    }
    return -1;
  }

  private static boolean isWord(byte[] word, byte[] json, int from, int to) {
    if (to - from != word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if ((json[from + i] | 0x20) != word[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether it begins a number that is not negative, or a string, which receivers may know. */
  private static boolean canBeLevel(byte first) {
    return first == '"' || (first >= '0' && first <= '9');
  }

  private static byte[][] words(String... words) {
    return Arrays.stream(words).map(GelfWriter::ascii).toArray(byte[][]::new);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A name as JSON has it. */
  private static byte[] json(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteSink out = ByteSink.growing(utf8.length + 16);
    out.putEscaped(utf8, 0, utf8.length);
    return out.toByteArray();
  }
}
