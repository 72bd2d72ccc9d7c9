package io.logboom.output.http;

import io.logboom.api.batch.Batch;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.DatedRecordWriter;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import io.logboom.net.body.Body;
import io.logboom.net.body.Segments;
import io.logboom.net.msgpack.RecordMsgPack;
import io.logboom.output.http.HttpConfig.Format;
import org.jspecify.annotations.Nullable;

/** Records as the body of a request. One thread at a time; used again and again. */
final class RequestBody implements AutoCloseable {
  private final Body body;
  private final Format format;
  private final DatedRecordWriter json;
  private final RecordMsgPack msgPack;
  private final @Nullable FieldReader payload;
  private int count;

  /**
   * @param payload reads the string that is the body of its record's request; null where records
   *     are encoded
   */
  RequestBody(
      Body body,
      Format format,
      DatedRecordWriter json,
      RecordMsgPack msgPack,
      @Nullable FieldReader payload) {
    this.body = body;
    this.format = format;
    this.json = json;
    this.msgPack = msgPack;
    this.payload = payload;
  }

  /**
   * Adds a record.
   *
   * @return false where it has not what is to be sent of it
   * @throws Segments.FullException where it has no room; the body is of no use then
   */
  boolean add(Batch batch, int record) {
    ByteSink out = body.sink();
    if (payload != null) {
      if (!payload.read(batch, record) || payload.kind() != FieldKind.STRING) {
        return false;
      }
      out.put(payload.bytes(), payload.from(), payload.to() - payload.from());
      return true;
    }
    switch (format) {
      case JSON -> {
        out.put((byte) (count == 0 ? '[' : ','));
        json.write(batch, record, out);
      }
      case JSON_LINES -> {
        json.write(batch, record, out);
        out.put((byte) '\n');
      }
      case JSON_STREAM -> json.write(batch, record, out);
      case MSGPACK -> {
        msgPack.measure(batch, record);
        msgPack.write(batch, out);
      }
    }
    count++;
    return true;
  }

  /** Whether the record that was added last is not sent with the bytes that it has. */
  boolean hasRepaired() {
    return payload == null && format != Format.MSGPACK && json.hasRepaired();
  }

  /** The bytes before compression. */
  long plainLength() {
    return body.plainLength();
  }

  /** Ends the writing. */
  Segments finish() {
    if (payload == null && format == Format.JSON) {
      body.sink().put((byte) ']');
    }
    return body.finish();
  }

  void clear() {
    body.clear();
    count = 0;
  }

  /** Forgets the batches. */
  void forget() {
    msgPack.clear();
  }

  @Override
  public void close() {
    body.close();
  }
}
