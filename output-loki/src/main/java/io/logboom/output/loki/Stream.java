package io.logboom.output.loki;

import io.logboom.api.json.ByteSink;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One stream: its labels, encoded. Made once, known by identity; belongs to one worker. */
final class Stream {
  private final byte[] selector;
  private final byte[] json;
  private final int hash;

  /** Loki's window for lines behind their stream is an hour as it comes. */
  private static final long OLD_SECONDS = 15 * 60;

  /** Loki forgets a stream after half an hour as it comes; it is a new one then. */
  private static final long IDLE_SECONDS = 10 * 60;

  /** Bytes in a second; Loki takes 3 MiB of a stream as it comes. */
  private static final long LARGE = 256 * 1024;

  // ---- of the request that is being written

  /** Its place among the streams; -1 where it has none. */
  int index = -1;

  long bytes;
  long oldestNanos;

  // ---- of those before

  private @Nullable Object takenFor;
  private long takenSecond;
  private long takenBytes; // in that second

  /** Another line of it is in the request. */
  void add(int length, long epochNanos) {
    bytes += length;
    oldestNanos = Math.min(oldestNanos, epochNanos);
  }

  /** It gets this place in a request. */
  void begin(int place) {
    index = place;
    bytes = 0;
    oldestNanos = Long.MAX_VALUE;
  }

  /** Loki took what was sent of it. */
  void taken(long nowSecond, Object tenant) {
    takenBytes = bytes + takenIn(nowSecond);
    takenFor = tenant;
    takenSecond = nowSecond;
  }

  /**
   * Whether Loki may refuse it by what it does not know before it writes: as a new stream where
   * there are too many, as one with lines far behind others, or for its rate.
   */
  @SuppressWarnings("ReferenceEquality") // a tenant is made once
  boolean isAtRisk(long nowSecond, Object tenant) {
    return takenFor != tenant
        || nowSecond - takenSecond >= IDLE_SECONDS
        || oldestNanos < (nowSecond - OLD_SECONDS) * 1_000_000_000L
        || bytes + takenIn(nowSecond) > LARGE;
  }

  private long takenIn(long second) {
    return second == takenSecond ? takenBytes : 0;
  }

  private Stream(byte[] selector, byte[] json, int hash) {
    this.selector = selector;
    this.json = json;
    this.hash = hash;
  }

  /** <code>{app="a", namespace="b"}</code>, as Loki writes it. */
  byte[] selector() {
    return selector;
  }

  /** <code>{"app":"a","namespace":"b"}</code>. */
  byte[] json() {
    return json;
  }

  /**
   * The streams of one worker by their labels. When there are very many it forgets all of them and
   * begins another {@link #generation}: what remembers a stream must then ask again, so that one
   * request never has a stream twice.
   */
  static final class Table {
    private static final int MOST = 8192;

    private final CardinalityWatch watch;
    private final ByteSink text = ByteSink.growing(256);
    private Stream[] slots = new Stream[1024];
    private int count;
    private int generation;

    Table(CardinalityWatch watch) {
      this.watch = watch;
    }

    int generation() {
      return generation;
    }

    /** To be called between requests only. */
    void trim() {
      if (count > MOST) {
        slots = new Stream[1024];
        count = 0;
        generation++;
      }
    }

    /** The stream with these labels, in the order of their names. */
    Stream of(Pairs labels) {
      text.position(0);
      write(labels, "{", "=\"", ", ", text);
      byte[] b = text.array();
      int length = text.position();
      int hash = 1;
      for (int i = 0; i < length; i++) {
        hash = hash * 31 + b[i];
      }
      hash ^= hash >>> 15;
      int slot = hash & (slots.length - 1);
      for (Stream s = slots[slot]; s != null; s = slots[slot]) {
        if (s.hash == hash && Arrays.equals(s.selector, 0, s.selector.length, b, 0, length)) {
          return s;
        }
        slot = (slot + 1) & (slots.length - 1);
      }
      return add(labels, Arrays.copyOf(b, length), hash);
    }

    private Stream add(Pairs labels, byte[] selector, int hash) {
      ByteSink json = ByteSink.growing(selector.length + 16);
      write(labels, "{\"", "\":\"", ",\"", json);
      Stream stream = new Stream(selector, json.toByteArray(), hash);
      if (2 * ++count > slots.length) {
        Stream[] old = slots;
        slots = new Stream[2 * old.length];
        for (Stream each : old) {
          if (each != null) {
            put(each);
          }
        }
      }
      put(stream);
      watch.met(labels);
      return stream;
    }

    private void put(Stream stream) {
      int slot = stream.hash & (slots.length - 1);
      while (slots[slot] != null) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = stream;
    }

    private static void write(
        Pairs labels, String open, String between, String comma, ByteSink out) {
      byte[] b = labels.bytes();
      for (int i = 0; i < labels.count(); i++) {
        out.putAscii(i == 0 ? open : comma);
        out.put(b, labels.nameFrom(i), labels.nameTo(i) - labels.nameFrom(i));
        out.putAscii(between);
        out.putEscaped(b, labels.valueFrom(i), labels.valueTo(i) - labels.valueFrom(i));
        out.put((byte) '"');
      }
      out.put((byte) '}');
    }
  }
}
