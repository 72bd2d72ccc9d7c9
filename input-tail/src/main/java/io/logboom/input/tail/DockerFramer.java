package io.logboom.input.tail;

import io.logboom.api.json.Swar;
import io.logboom.api.time.Timestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The format of Docker's json-file driver: {@code {"log":"text\n","stream":"stdout","time":"..."}}.
 * Text without a line break at its end is a piece that the next line of the stream goes on.
 */
final class DockerFramer implements Framer {
  private static final byte[] LOG = ascii("log");
  private static final byte[] STREAM = ascii("stream");
  private static final byte[] TIME = ascii("time");
  private static final byte[] STDOUT = ascii("stdout");
  private static final byte[] STDERR = ascii("stderr");
  private static final byte[] START = ascii("{\"");

  private final Timestamps timestamps;
  private final Misfits misfits;

  // The members of the line that was scanned last.
  private int log;
  private int logEnd;
  private int stream;
  private int time;
  private int timeEnd;

  DockerFramer(Timestamps timestamps, Misfits misfits) {
    this.timestamps = timestamps;
    this.misfits = misfits;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public int frame(Region region, int from, int to) throws IOException {
    int i = from;
    while (i < to) {
      byte[] b = region.bytes();
      int next = Swar.indexOf(b, i, to, (byte) '\n');
      int end = next > i && b[next - 1] == '\r' ? next - 1 : next;
      if (!line(region, b, i, end)) {
        return i;
      }
      i = next + 1;
    }
    return i;
  }

  private boolean line(Region region, byte[] b, int i, int end) throws IOException {
    if (!scan(b, i, end)) {
      return misfits.line(region, this, i, end);
    }
    long nanos = time < 0 ? region.wallNanos() : timestamps.parse(b, time, timeEnd);
    int stampLength = time < 0 ? 0 : timeEnd - time;
    if (nanos == Timestamps.NONE || stampLength > 127) {
      return misfits.line(region, this, i, end);
    }
    int stamp = Math.max(time, i);
    boolean ends = endsWith(b, log, logEnd, 'n');
    if (!ends) {
      return region.piece(stream, i, log, logEnd, stamp, stampLength, nanos, true);
    }
    int textEnd = logEnd - 2;
    if (endsWith(b, log, textEnd, 'r')) {
      textEnd -= 2;
    }
    boolean escaped = Swar.indexOf(b, log, textEnd, (byte) '\\') < textEnd;
    return region.complete(stream, i, log, textEnd, stamp, stampLength, nanos, escaped);
  }

  private static boolean endsWith(byte[] b, int from, int to, char kind) {
    return to - from >= 2
        && b[to - 1] == kind
        && b[to - 2] == '\\'
        && !JsonText.isEscaped(b, from, to - 2);
  }

  /** Whether the line looks like one of this format. */
  boolean fits(byte[] b, int i, int end) {
    return scan(b, i, end);
  }

  /** Finds the members; false where the line is not an object that has a stream and a log. */
  private boolean scan(byte[] b, int from, int end) {
    log = -1;
    stream = -1;
    time = -1;
    timeEnd = -1;
    if (end - from < 2 || !Arrays.equals(b, from, from + 2, START, 0, 2) || b[end - 1] != '}') {
      return false;
    }
    int i = from + 1;
    while (i < end && b[i] == '"') {
      int nameEnd = JsonText.closingQuote(b, i + 1, end);
      int value = blanks(b, nameEnd + 1, end);
      if (value >= end || b[value] != ':') {
        return false;
      }
      value = blanks(b, value + 1, end);
      int valueEnd = member(b, i + 1, nameEnd, value, end);
      if (valueEnd < 0) {
        return false;
      }
      i = blanks(b, valueEnd, end);
      if (i < end && b[i] == ',') {
        i = blanks(b, i + 1, end);
      }
    }
    if (log < 0 && stream >= 0 && i == end - 1) {
      log = logEnd = from;
    }
    return i == end - 1 && stream >= 0;
  }

  /** Takes a member in. Returns the index behind its value, or -1. */
  private int member(byte[] b, int name, int nameEnd, int value, int end) {
    if (value >= end) {
      return -1;
    }
    if (b[value] != '"') {
      return skip(b, value, end);
    }
    int valueEnd = JsonText.closingQuote(b, value + 1, end);
    if (valueEnd == end) {
      return -1;
    }
    if (Arrays.equals(b, name, nameEnd, LOG, 0, LOG.length)) {
      log = value + 1;
      logEnd = valueEnd;
    } else if (Arrays.equals(b, name, nameEnd, STREAM, 0, STREAM.length)) {
      boolean out = Arrays.equals(b, value + 1, valueEnd, STDOUT, 0, STDOUT.length);
      boolean err = Arrays.equals(b, value + 1, valueEnd, STDERR, 0, STDERR.length);
      stream = out ? Origins.STDOUT : err ? Origins.STDERR : -1;
    } else if (Arrays.equals(b, name, nameEnd, TIME, 0, TIME.length)) {
      time = value + 1;
      timeEnd = valueEnd;
    }
    return valueEnd + 1;
  }

  /** Behind a value that is not a string: an object such as {@code attrs}, a number. */
  private static int skip(byte[] b, int from, int end) {
    int depth = 0;
    int i = from;
    while (i < end) {
      switch (b[i]) {
        case '"' -> i = JsonText.closingQuote(b, i + 1, end);
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      if (depth < 0 || (depth == 0 && b[Math.min(i, end - 1)] == ',')) {
        return i;
      }
      i++;
      if (depth == 0 && (b[i - 1] == '}' || b[i - 1] == ']')) {
        return i;
      }
    }
    return -1;
  }

  private static int blanks(byte[] b, int from, int end) {
    int i = from;
    while (i < end && b[i] == ' ') {
      i++;
    }
    return i;
  }
}
