package io.logboom.output.loki;

import io.logboom.api.json.ByteSink;
import io.logboom.net.body.Arena;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The lines of one request, encoded one behind the other as they come, and the order in which they
 * are to be written: by stream, and in each by time. Used again and again.
 */
final class Entries {
  private final Arena arena;
  private Stream[] streams = new Stream[64];
  private int streamCount;
  private int count;
  private int[] stream = new int[1024];
  private int[] from = new int[1024];
  private int[] length = new int[1024];
  private int[] number = new int[1024];
  private int[] lineBytes = new int[1024];
  private int[] metadataBytes = new int[1024];
  private int[] metadataCount = new int[1024];
  private long[] nanos = new long[1024];
  private int[] order = new int[0];
  private int[] spare = new int[0];

  Entries(long usual, long most, LongConsumer budget) {
    this.arena = new Arena(usual, most, budget);
  }

  /** Where the next entry is encoded. */
  ByteSink sink() {
    return arena.sink();
  }

  /** What an entry is, beside its bytes. */
  void add(
      Stream of,
      int record,
      long epochNanos,
      int start,
      int line,
      int metadata,
      int metadataPairs) {
    if (count == stream.length) {
      grow();
    }
    if (of.index < 0) {
      if (streamCount == streams.length) {
        streams = Arrays.copyOf(streams, 2 * streamCount);
      }
      of.index = streamCount;
      streams[streamCount++] = of;
    }
    stream[count] = of.index;
    from[count] = start;
    length[count] = arena.sink().position() - start;
    number[count] = record;
    lineBytes[count] = line;
    metadataBytes[count] = metadata;
    metadataCount[count] = metadataPairs;
    nanos[count++] = epochNanos;
  }

  private void grow() {
    int next = 2 * count;
    stream = Arrays.copyOf(stream, next);
    from = Arrays.copyOf(from, next);
    length = Arrays.copyOf(length, next);
    number = Arrays.copyOf(number, next);
    lineBytes = Arrays.copyOf(lineBytes, next);
    metadataBytes = Arrays.copyOf(metadataBytes, next);
    metadataCount = Arrays.copyOf(metadataCount, next);
    nanos = Arrays.copyOf(nanos, next);
  }

  /** Puts the entries in order; needed before anything below with an order in it. */
  void sort() {
    if (order.length < count) {
      order = new int[stream.length];
      spare = new int[stream.length];
    }
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    sort(0, count);
  }

  /** Stable: lines of the same time stay as they came. */
  private void sort(int lo, int hi) {
    int runs = lo + 1;
    while (runs < hi && !isAfter(order[runs - 1], order[runs])) {
      runs++;
    }
    if (runs >= hi) {
      return;
    }
    int middle = (lo + hi) >>> 1;
    sort(lo, middle);
    sort(middle, hi);
    System.arraycopy(order, lo, spare, lo, middle - lo);
    int left = lo;
    int right = middle;
    for (int to = lo; left < middle; to++) {
      order[to] = right < hi && isAfter(spare[left], order[right]) ? order[right++] : spare[left++];
    }
  }

  private boolean isAfter(int a, int b) {
    return stream[a] != stream[b] ? stream[a] > stream[b] : nanos[a] > nanos[b];
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  /** The bytes of all entries. */
  int bytes() {
    return arena.sink().position();
  }

  byte[] array() {
    return arena.sink().array();
  }

  int streams() {
    return streamCount;
  }

  Stream stream(int index) {
    return streams[index];
  }

  /** The index of the entry that is the {@code place}th in order. */
  int inOrder(int place) {
    return order[place];
  }

  int streamOf(int entry) {
    return stream[entry];
  }

  int from(int entry) {
    return from[entry];
  }

  int length(int entry) {
    return length[entry];
  }

  long nanos(int entry) {
    return nanos[entry];
  }

  int lineBytes(int entry) {
    return lineBytes[entry];
  }

  int metadataBytes(int entry) {
    return metadataBytes[entry];
  }

  int metadataCount(int entry) {
    return metadataCount[entry];
  }

  /** The record's number in the send. */
  int number(int entry) {
    return number[entry];
  }

  /** The records' numbers, as they came. */
  int[] numbers() {
    return Arrays.copyOf(number, count);
  }

  void clear() {
    for (int i = 0; i < streamCount; i++) {
      streams[i].index = -1;
    }
    streamCount = 0;
    count = 0;
    arena.clear();
  }
}
