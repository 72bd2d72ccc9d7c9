package io.logboom.filter.kubernetes;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.json.JsonScanner;
import io.logboom.api.plugin.Parser;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes members of a log that is a JSON object.
 *
 * <pre>
 *   text {"a":1}      keep_log off            {"a":1}                    the slab's bytes, flagged
 *                     keep_log on             {"log":"{\"a\":1}","a":1}  appended to the slab
 *                     merge_log_key k         {"k":{"a":1}}              appended
 *   JSON {"log":"{\"a\":1}","x":2}            {"x":2,"a":1}              appended
 * </pre>
 *
 * <p>Where a name would stand twice, the last counts. Serves one thread.
 */
final class MergeLog {
  private static final String LOG = "log";

  private final boolean keep;
  private final boolean trim;
  private final @Nullable String key;
  private final Names names;
  private final long logName;
  private final long keyName;
  private final byte[] keyStart;
  private final JsonScanner scanner;
  private final JsonRewriter rewriter = new JsonRewriter();
  private final ByteSink clean = ByteSink.growing(1024);
  private final ByteSink whole = ByteSink.growing(1024);

  // The object to be merged, after a successful look at it.
  private byte[] object = new byte[0];
  private int from;
  private int to;
  private boolean rewritten;
  private long found;

  MergeLog(KubernetesConfig.Merge options, Names names) {
    this.keep = options.keepLog();
    this.trim = options.mergeLogTrim();
    this.key = options.mergeLogKey();
    this.names = names;
    this.logName = names.of(LOG);
    this.keyName = key == null ? 0 : names.of(key);
    ByteSink start = ByteSink.growing(32);
    if (key != null) {
      JsonCopy.string(key, start);
      start.put((byte) ':');
    }
    this.keyStart = start.toByteArray();
    this.scanner = new JsonScanner(names);
  }

  /**
   * Merges one record's log.
   *
   * @param textIsLog whether a text body is the record's member {@code log}
   * @param parser reads the log in place of JSON; null for JSON
   * @return whether the record changed
   */
  boolean merge(Batch batch, int record, boolean textIsLog, @Nullable Parser parser) {
    if (!batch.isJson(record)) {
      return textIsLog && (parser == null ? text(batch, record) : parsed(batch, record, parser));
    }
    return (batch.names(record) & logName) != 0 && member(batch, record, parser);
  }

  private boolean text(Batch batch, int record) {
    byte[] bytes = batch.bytes();
    int start = batch.offset(record);
    int length = batch.length(record);
    if (!look(bytes, start, start + length)) {
      return false;
    }
    if (!keep && key == null && !rewritten) {
      batch.json(record, from, to - from, found);
      line(batch, record);
    } else {
      write(batch, record, bytes, start, length);
    }
    return true;
  }

  /** Lets a parser do it; what it made is then looked at as JSON that came by itself would be. */
  private boolean parsed(Batch batch, int record, Parser parser) {
    int start = batch.offset(record);
    int length = batch.length(record);
    if (!parser.parse(batch, record)) {
      return false;
    }
    int at = batch.offset(record);
    if (!look(batch.bytes(), at, at + batch.length(record))) {
      return true;
    }
    if (keep || key != null || rewritten) {
      write(batch, record, batch.bytes(), start, length);
    }
    return true;
  }

  /** Whether {@code bytes[start, end)} is one object; if so sets what is to be merged. */
  private boolean look(byte[] bytes, int start, int end) {
    int last = end - 1;
    while (last > start && bytes[last] <= ' ' && bytes[last] >= 0) {
      last--;
    }
    if (last <= start || bytes[last] != '}') {
      return false;
    }
    int result = scanner.scan(bytes, start, end);
    if (result == JsonScanner.NOT_AN_OBJECT) {
      return false;
    }
    if (!trim) {
      result &= ~JsonScanner.TRAILING_BREAK;
    }
    object = bytes;
    from = scanner.start();
    to = scanner.stop();
    found = scanner.names();
    rewritten = result != JsonScanner.CLEAN;
    if (rewritten) {
      clean.position(0);
      rewriter.rewrite(bytes, from, trim, clean);
      object = clean.array();
      from = 0;
      to = clean.position();
      scanner.scan(object, from, to);
      found = scanner.names();
    }
    return true;
  }

  /** Writes the record anew: the log as it was where it is kept, and what is merged. */
  private void write(Batch batch, int record, byte[] log, int logFrom, int logLength) {
    boolean empty = isEmpty();
    long merged = key == null ? found : empty ? 0 : keyName;
    boolean kept = keep && (merged & logName) == 0;
    whole.position(0);
    whole.put((byte) '{');
    if (kept) {
      JsonCopy.name(LOG, whole);
      whole.put((byte) '"');
      whole.putEscaped(log, logFrom, logLength);
      whole.put((byte) '"');
    }
    put(empty);
    whole.put((byte) '}');
    int at = batch.append(whole.array(), 0, whole.position());
    batch.json(record, at, whole.position(), merged | (kept ? logName : 0));
    line(batch, record);
  }

  /** Says of the record's body what is known of the object that was scanned last. */
  private void line(Batch batch, int record) {
    if (scanner.isOneLine()) {
      batch.addFlags(record, Batch.ONE_LINE);
    }
  }

  private boolean isEmpty() {
    int i = from + 1;
    while (object[i] <= ' ' && object[i] >= 0) {
      i++;
    }
    return object[i] == '}';
  }

  private void put(boolean empty) {
    if (empty) {
      return;
    }
    if (whole.position() > 1) {
      whole.put((byte) ',');
    }
    if (key == null) {
      whole.put(object, from + 1, to - from - 2);
    } else {
      whole.put(keyStart, 0, keyStart.length);
      whole.put(object, from, to - from);
    }
  }

  /** A body that is JSON already and has a member {@code log}: a parser made it, or a peer. */
  private boolean member(Batch batch, int record, @Nullable Parser parser) {
    int at = batch.offset(record);
    int length = batch.length(record);
    long before = batch.names(record);
    JsonMembers log = log(batch.bytes(), at, length);
    if (log == null) {
      return false;
    }
    byte[] bytes = batch.bytes();
    if (bytes[log.valueFrom()] == '{') {
      if (!look(bytes, log.valueFrom(), log.valueTo())) {
        return false;
      }
    } else if (bytes[log.valueFrom()] == '"') {
      String text = JsonText.decode(bytes, log.valueFrom() + 1, log.valueTo() - 1);
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      if (parser == null) {
        if (!look(utf8, 0, utf8.length)) {
          return false;
        }
      } else if (!parseMember(batch, record, parser, utf8)) {
        batch.json(record, at, length, before);
        return false;
      }
    } else {
      return false;
    }
    // The parser may have moved the slab; the body stands where it stood.
    rebuild(batch, record, batch.bytes(), at, length);
    return true;
  }

  private boolean parseMember(Batch batch, int record, Parser parser, byte[] log) {
    int start = batch.append(log, 0, log.length);
    batch.text(record, start, log.length);
    return parser.parse(batch, record)
        && look(batch.bytes(), batch.offset(record), batch.offset(record) + batch.length(record));
  }

  /** The last member {@code log}; null where there is none. */
  private @Nullable JsonMembers log(byte[] bytes, int at, int length) {
    JsonMembers each = new JsonMembers(bytes, at + 1, at + length - 1);
    while (each.next()) {
      if (names.find(bytes, each.nameFrom(), each.nameTo()) == logName) {
        return each;
      }
    }
    return null;
  }

  private void rebuild(Batch batch, int record, byte[] bytes, int at, int length) {
    whole.position(0);
    whole.put((byte) '{');
    JsonMembers each = new JsonMembers(bytes, at + 1, at + length - 1);
    while (each.next()) {
      if (!keep && names.find(bytes, each.nameFrom(), each.nameTo()) == logName) {
        continue;
      }
      if (whole.position() > 1) {
        whole.put((byte) ',');
      }
      whole.put(bytes, each.nameFrom() - 1, each.valueTo() - each.nameFrom() + 1);
    }
    put(isEmpty());
    whole.put((byte) '}');
    byte[] result = whole.array();
    int end = whole.position();
    if (scanner.scan(result, 0, end) != JsonScanner.CLEAN) {
      clean.position(0);
      rewriter.rewrite(result, 0, false, clean);
      result = clean.array();
      end = clean.position();
      scanner.scan(result, 0, end);
    }
    long all = scanner.names();
    int start = batch.append(result, 0, end);
    batch.json(record, start, end, all);
    line(batch, record);
  }
}
