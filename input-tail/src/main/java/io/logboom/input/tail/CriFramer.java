package io.logboom.input.tail;

import io.logboom.api.json.Swar;
import io.logboom.api.time.Timestamps;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The format of containerd and CRI-O: {@code 2026-11-22T06:00:00.000000000Z stdout F text}, with
 * {@code P} for a piece that the next line of the stream goes on.
 */
final class CriFramer implements Framer {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long STDOUT_F = word("stdout F");
  private static final long STDOUT_P = word("stdout P");
  private static final long STDERR_F = word("stderr F");
  private static final long STDERR_P = word("stderr P");

  private static final int USUAL_STAMP = 30;
  private static final int SHORTEST_STAMP = 20;
  private static final int LONGEST_STAMP = 40;
  private static final int WORD = 8;

  private final Timestamps timestamps;
  private final Misfits misfits;

  CriFramer(Timestamps timestamps, Misfits misfits) {
    this.timestamps = timestamps;
    this.misfits = misfits;
  }

  private static long word(String text) {
    return (long) LONG.get(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0);
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
    int stampEnd = stampEnd(b, i, end);
    if (stampEnd < 0 || end - stampEnd <= WORD) {
      return misfits.line(region, this, i, end);
    }
    long nanos = timestamps.parse(b, i, stampEnd);
    long word = (long) LONG.get(b, stampEnd + 1);
    int text = textStart(b, stampEnd + 1 + WORD, end);
    if (nanos == Timestamps.NONE || text < 0) {
      return misfits.line(region, this, i, end);
    }
    int stamp = stampEnd - i;
    if (word == STDOUT_F) {
      return region.complete(Origins.STDOUT, i, text, end, i, stamp, nanos, false);
    }
    if (word == STDERR_F) {
      return region.complete(Origins.STDERR, i, text, end, i, stamp, nanos, false);
    }
    if (word == STDOUT_P) {
      return region.piece(Origins.STDOUT, i, text, end, i, stamp, nanos, false);
    }
    if (word == STDERR_P) {
      return region.piece(Origins.STDERR, i, text, end, i, stamp, nanos, false);
    }
    return misfits.line(region, this, i, end);
  }

  /** Whether the line looks like one of this format. */
  static boolean fits(byte[] b, int i, int end, Timestamps timestamps) {
    int stampEnd = stampEnd(b, i, end);
    if (stampEnd < 0
        || end - stampEnd <= WORD
        || timestamps.parse(b, i, stampEnd) == Timestamps.NONE) {
      return false;
    }
    long word = (long) LONG.get(b, stampEnd + 1);
    return (word == STDOUT_F || word == STDERR_F || word == STDOUT_P || word == STDERR_P)
        && textStart(b, stampEnd + 1 + WORD, end) >= 0;
  }

  /** The blank behind the stamp, or -1. Runtimes may cut zeros off the fraction. */
  private static int stampEnd(byte[] b, int i, int end) {
    if (end - i > USUAL_STAMP && b[i + USUAL_STAMP] == ' ') {
      return i + USUAL_STAMP;
    }
    int last = Math.min(end, i + LONGEST_STAMP);
    for (int k = i + SHORTEST_STAMP; k < last; k++) {
      if (b[k] == ' ') {
        return k;
      }
    }
    return -1;
  }

  /** Behind the tag's first letter: a blank, or {@code :more:tags} and a blank, or the end. */
  private static int textStart(byte[] b, int at, int end) {
    if (at >= end) {
      return end;
    }
    if (b[at] == ' ') {
      return at + 1;
    }
    if (b[at] != ':') {
      return -1;
    }
    int blank = Swar.indexOf(b, at, end, (byte) ' ');
    return blank == end ? end : blank + 1;
  }
}
