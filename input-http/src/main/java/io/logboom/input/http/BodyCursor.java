package io.logboom.input.http;

import io.logboom.api.batch.Names;
import io.logboom.api.json.JsonScanner;

/**
 * Walks over the records of a body: objects and arrays of objects, one after another, with blanks
 * and line breaks between them as they please. So one object, an array, and newline-delimited JSON
 * are all the same. Allocates nothing per record.
 */
final class BodyCursor {
  /** What {@link #next} has found. */
  enum Found {
    RECORD,
    END,
    FAULT
  }

  private final JsonScanner scanner;
  private byte[] b = {};
  private int start;
  private int to;
  private int at;
  private boolean inArray;
  private boolean any;
  private int markAt;
  private boolean markInArray;
  private int findings;
  private long number;
  private String fault = "";

  BodyCursor(Names names) {
    this.scanner = new JsonScanner(names);
  }

  /** Begins with the body {@code bytes[from, end)}. */
  void reset(byte[] bytes, int from, int end) {
    b = bytes;
    start = from;
    to = end;
    at = from;
    inArray = false;
    any = false;
    number = 0;
    fault = "";
    boolean mark =
        end - from >= 3
            && b[from] == (byte) 0xEF
            && b[from + 1] == (byte) 0xBB
            && b[from + 2] == (byte) 0xBF;
    if (mark) {
      at += 3;
    }
  }

  /** Goes to the next record. */
  Found next() {
    int i = blanks(at);
    if (inArray) {
      if (i == to) {
        return fault("the array does not end", i);
      }
      if (b[i] == ',') {
        return record(blanks(i + 1));
      }
      if (b[i] != ']') {
        return fault("behind record " + number + " there is neither , nor ]", i);
      }
      inArray = false;
      i = blanks(i + 1);
    }
    while (i < to && b[i] == '[') {
      any = true;
      i = blanks(i + 1);
      if (i == to) {
        return fault("the array does not end", i);
      }
      if (b[i] != ']') {
        inArray = true;
        return record(i);
      }
      i = blanks(i + 1);
    }
    return i == to ? Found.END : record(i);
  }

  private Found record(int i) {
    number++;
    findings = scanner.scanFirst(b, i, to);
    if (findings == JsonScanner.NOT_AN_OBJECT) {
      boolean object = i < to && b[i] == '{';
      return fault(
          "record "
              + number
              + (object
                  ? " is no valid JSON, or nested deeper than " + JsonScanner.MAX_DEPTH + " levels"
                  : " is no JSON object"),
          i);
    }
    at = scanner.stop();
    return Found.RECORD;
  }

  private Found fault(String text, int i) {
    fault = text + "; at byte " + (i - start) + " of the body";
    return Found.FAULT;
  }

  /** Where the record's opening brace is. */
  int from() {
    return scanner.start();
  }

  /** Behind the record's closing brace. */
  int to() {
    return scanner.stop();
  }

  /** The registered names that the record has. */
  long names() {
    return scanner.names();
  }

  /** Whether a name may stand twice in the record, or something in it is not UTF-8. */
  boolean isToBeMended() {
    return (findings & (JsonScanner.DUPLICATE_NAME | JsonScanner.NOT_UTF8)) != 0;
  }

  /** Notes the place behind the record that was found last, for {@link #rewind}. */
  void mark() {
    markAt = at;
    markInArray = inArray;
  }

  /** Goes on behind the noted place. */
  void rewind() {
    at = markAt;
    inArray = markInArray;
  }

  /** The body stands elsewhere now: so many bytes further on, in this array. */
  void moved(byte[] bytes, int delta) {
    b = bytes;
    start += delta;
    to += delta;
    at += delta;
  }

  /** Whether the body has neither a record nor an array. */
  boolean isBlank() {
    return number == 0 && !any;
  }

  /** How many records there were so far. */
  long number() {
    return number;
  }

  /** What is wrong, for the client. */
  String fault() {
    return fault;
  }

  private int blanks(int from) {
    int i = from;
    while (i < to && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t')) {
      i++;
    }
    return i;
  }
}
