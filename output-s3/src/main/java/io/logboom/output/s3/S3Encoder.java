package io.logboom.output.s3;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.DatedRecordWriter;
import io.logboom.api.record.FieldReader;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as lines: {@code {"date":"2026-11-22T08:04:05.123456Z",record}}, or the value of
 * {@code log_key}. Allocates nothing per record. One instance per thread.
 */
final class S3Encoder {
  private final @Nullable FieldReader logKey;
  private final DatedRecordWriter writer;
  private boolean repaired;

  S3Encoder(S3Config.Contents config, Names names) {
    this.logKey = config.logKey() == null ? null : config.logKey().reader(names);
    this.writer = new DatedRecordWriter(names, config.jsonDateKey(), config.jsonDateFormat());
  }

  /**
   * Writes a record and a line break.
   *
   * @return false where it has nothing under {@code log_key}; nothing is written then
   */
  boolean encode(Batch batch, int record, ByteSink out) {
    repaired = false;
    FieldReader key = logKey;
    if (key == null) {
      writer.write(batch, record, out);
      repaired = writer.hasRepaired();
    } else if (key.read(batch, record)) {
      out.put(key.bytes(), key.from(), key.to() - key.from());
    } else {
      return false;
    }
    out.put((byte) '\n');
    return true;
  }

  /** Whether bytes of the record that was written last were not UTF-8 and became U+FFFD. */
  boolean hasRepaired() {
    return repaired;
  }
}
