package io.logboom.input.forward;

import static io.logboom.net.msgpack.MsgPack.INCOMPLETE;
import static io.logboom.net.msgpack.MsgPack.MALFORMED;

import io.logboom.net.msgpack.MsgPackReader;
import io.logboom.net.msgpack.MsgPackReader.Kind;

/** Reads what a frame begins with: its number of elements, its tag, and what kind it is of. */
final class FrameHead {
  /** The most bytes of a tag. */
  static final int MOST_TAG_BYTES = 4096;

  /** What stands behind the tag. */
  enum Content {
    /** A time, and then a record. */
    MESSAGE,
    /** An array of entries. */
    ENTRIES,
    /** Text or bytes that hold entries, perhaps compressed. */
    PAYLOAD
  }

  private final long mostBytes;
  private final MsgPackReader reader = new MsgPackReader();
  private Content content = Content.MESSAGE;
  private Inflation.Format format = Inflation.Format.NONE;
  private int elements;
  private int tagFrom;
  private int tagBytes;
  private int length;
  private Fault fault = Fault.MALFORMED;
  private String why = "";

  /**
   * @param mostBytes of a payload
   */
  FrameHead(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * Reads {@code b[from, to)}.
   *
   * @return where the content begins: a message's time, the first entry, a payload's first byte; or
   *     a code, with {@link #fault} where it is MALFORMED
   */
  int read(byte[] b, int from, int to) {
    MsgPackReader r = reader.reset(b, from, to);
    Kind kind = r.next();
    if (kind == Kind.INCOMPLETE) {
      return INCOMPLETE;
    }
    if (kind != Kind.ARRAY || r.length() < 2 || r.length() > 4) {
      return malformed("a frame is no array of two to four elements");
    }
    elements = r.length();
    kind = r.next();
    if (kind == Kind.INCOMPLETE) {
      return INCOMPLETE;
    }
    if ((kind != Kind.TEXT && kind != Kind.BYTES) || r.length() > MOST_TAG_BYTES) {
      return malformed("a tag is no text of up to " + MOST_TAG_BYTES + " bytes");
    }
    if (!r.isWhole()) {
      return INCOMPLETE;
    }
    tagFrom = r.position();
    tagBytes = r.length();
    r.skip();
    return content(b, r, to);
  }

  private int content(byte[] b, MsgPackReader r, int to) {
    int at = r.position();
    Kind kind = r.next();
    length = r.length();
    return switch (kind) {
      case INCOMPLETE -> INCOMPLETE;
      case ARRAY -> {
        content = Content.ENTRIES;
        yield elements > 3
            ? malformed("a frame with entries has more than three elements")
            : r.position();
      }
      case TEXT, BYTES -> {
        content = Content.PAYLOAD;
        yield elements > 3
            ? malformed("a frame with a payload has more than three elements")
            : payload(b, r.position(), to);
      }
      case INTEGER, BIG_INTEGER, FLOAT, EXTENSION, NIL -> {
        content = Content.MESSAGE;
        yield elements < 3 ? malformed("a message has no record") : at;
      }
      default -> malformed("a frame's second element is no time, entries or payload");
    };
  }

  private int payload(byte[] b, int at, int to) {
    if (length > mostBytes) {
      fault = Fault.TOO_LARGE;
      why = "a payload has more than " + mostBytes + " bytes";
      return MALFORMED;
    }
    if (to - at < Math.min(Inflation.SIGN_BYTES, length)) {
      return INCOMPLETE;
    }
    format = Inflation.recognise(b, at, Math.min(to, at + length));
    return at;
  }

  private int malformed(String what) {
    fault = Fault.MALFORMED;
    why = what;
    return MALFORMED;
  }

  Content content() {
    return content;
  }

  /** The elements of the frame, its tag among them. */
  int elements() {
    return elements;
  }

  int tagFrom() {
    return tagFrom;
  }

  int tagBytes() {
    return tagBytes;
  }

  /** The number of entries, or of a payload's bytes. */
  int length() {
    return length;
  }

  /** How a payload is compressed. */
  Inflation.Format format() {
    return format;
  }

  Fault fault() {
    return fault;
  }

  /** The fault in words. */
  String why() {
    return why;
  }
}
