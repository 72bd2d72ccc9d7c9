package io.logboom.output.loki;

import io.logboom.api.json.ByteSink;
import io.logboom.net.body.Arena;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The lines of one request, encoded one behind the other as they come, and the order in which they
 * are to be written: by stream, and in each by time. Used again and again.
 */
final class Entries implements AutoCloseable {
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
  private int[] rank = new int[64];
  private boolean[] alone = new boolean[64];

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
        rank = new int[2 * streamCount];
        alone = new boolean[2 * streamCount];
      }
      of.begin(streamCount);
      streams[streamCount++] = of;
    }
    stream[count] = of.index;
    from[count] = start;
    length[count] = arena.sink().position() - start;
    of.add(length[count], epochNanos);
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

  /**
   * Puts the entries in order; needed before anything below with a place in it. Streams that are to
   * have requests of their own come first.
   *
   * @param turn has each of the others be the last one as it counts up
   * @param allAlone whether all streams are to have requests of their own
   */
  void sort(int turn, boolean allAlone, long nowSecond, Object tenant) {
    int first = 0;
    for (int s = 0; s < streamCount; s++) {
      alone[s] = allAlone || streams[s].isAtRisk(nowSecond, tenant);
      rank[s] = first;
      first += alone[s] ? 1 : 0;
    }
    int others = streamCount - first;
    int next = others == 0 ? 0 : Math.floorMod(turn, others);
    for (int s = 0; s < streamCount; s++) {
      if (!alone[s]) {
        rank[s] = first + next;
        next = next + 1 == others ? 0 : next + 1;
      }
    }
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
    return stream[a] != stream[b] ? rank[stream[a]] > rank[stream[b]] : nanos[a] > nanos[b];
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

  /** Where the request ends that begins at a place. */
  int endOfRequest(int place) {
    int of = stream[order[place]];
    if (!alone[of]) {
      return count;
    }
    int end = place + 1;
    while (end < count && stream[order[end]] == of) {
      end++;
    }
    return end;
  }

  /** Where the stream begins that has this place. */
  int startOfStream(int place) {
    int start = place;
    while (start > 0 && stream[order[start - 1]] == stream[order[place]]) {
      start--;
    }
    return start;
  }

  /** The bytes of the entries at these places. */
  long bytes(int from, int to) {
    long bytes = 0;
    for (int place = from; place < to; place++) {
      bytes += length[order[place]];
    }
    return bytes;
  }

  /** The records' numbers at these places, as they came. */
  int[] numbers(int from, int to) {
    int[] some = new int[to - from];
    for (int place = from; place < to; place++) {
      some[place - from] = number[order[place]];
    }
    Arrays.sort(some);
    return some;
  }

  /** Loki took the entries at these places. */
  void taken(int from, int to, long nowSecond, Object tenant) {
    int last = -1;
    for (int place = from; place < to; place++) {
      int of = stream[order[place]];
      if (of != last) {
        last = of;
        streams[of].taken(nowSecond, tenant);
      }
    }
  }

  @Override
  public void close() {
    clear();
    arena.close();
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
