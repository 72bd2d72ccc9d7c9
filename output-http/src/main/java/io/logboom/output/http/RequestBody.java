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
  private final GelfWriter gelf;
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
      GelfWriter gelf,
      @Nullable FieldReader payload) {
    this.body = body;
    this.format = format;
    this.json = json;
    this.msgPack = msgPack;
    this.gelf = gelf;
    this.payload = payload;
  }

  /**
   * Adds a record.
   *
   * @return why it cannot be sent, and is not added; null where it is
   * @throws Segments.FullException where it has no room; the body is of no use then
   */
  @Nullable String add(Batch batch, int record) {
    ByteSink out = body.sink();
    if (payload != null) {
      if (!payload.read(batch, record) || payload.kind() != FieldKind.STRING) {
        return "the record has no string for body_key";
      }
      out.put(payload.bytes(), payload.from(), payload.to() - payload.from());
      return null;
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
      case GELF -> {
        String why = gelf.write(batch, record, out);
        if (why != null) {
          return why;
        }
        out.put((byte) '\n');
      }
    }
    count++;
    return null;
  }

  /** Whether the record that was added last is not sent with the bytes that it has. */
  boolean hasRepaired() {
    return payload == null
        && switch (format) {
          case JSON, JSON_LINES, JSON_STREAM -> json.hasRepaired();
          case MSGPACK -> false;
          case GELF -> gelf.hasRepaired();
        };
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
