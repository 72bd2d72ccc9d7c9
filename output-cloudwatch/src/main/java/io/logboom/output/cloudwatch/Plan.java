package io.logboom.output.cloudwatch;

import java.util.Arrays;

/**
 * The records of one send in the order in which they go: by stream, the streams as they come, and
 * in each by time; records of the same time stay as they came. Used again and again.
 */
final class Plan {
  private Destination[] streams = new Destination[16];
  private int[] from = new int[17];
  private int streamCount;
  private int count;
  private int[] number = new int[1024];
  private int[] stream = new int[1024];
  private long[] nanos = new long[1024];
  // Places in the order: indices into the arrays above.
  private int[] order = new int[0];
  private int[] spare = new int[0];

  void clear() {
    for (int i = 0; i < streamCount; i++) {
      streams[i].index = -1;
    }
    streamCount = 0;
    count = 0;
  }

  /** Adds the send's {@code record}th record; they come in order. */
  void add(int record, Destination to, long epochNanos) {
    if (count == number.length) {
      int next = 2 * count;
      number = Arrays.copyOf(number, next);
      stream = Arrays.copyOf(stream, next);
      nanos = Arrays.copyOf(nanos, next);
    }
    if (to.index < 0) {
      if (streamCount == streams.length) {
        streams = Arrays.copyOf(streams, 2 * streamCount);
        from = new int[streams.length + 1];
      }
      to.index = streamCount;
      streams[streamCount++] = to;
    }
    number[count] = record;
    stream[count] = to.index;
    nanos[count++] = epochNanos;
  }

  /** Puts them in order; needed before anything below. */
  void sort() {
    if (order.length < count) {
      order = new int[number.length];
      spare = new int[number.length];
    }
    Arrays.fill(from, 0, streamCount + 1, 0);
    for (int i = 0; i < count; i++) {
      from[stream[i] + 1]++;
    }
    for (int s = 0; s < streamCount; s++) {
      from[s + 1] += from[s];
    }
    for (int i = 0; i < count; i++) {
      order[from[stream[i]]++] = i;
    }
    // Each start has moved to its end, which is the next one's start.
    System.arraycopy(from, 0, from, 1, streamCount);
    from[0] = 0;
    for (int s = 0; s < streamCount; s++) {
      sort(from[s], from[s + 1]);
    }
  }

  private void sort(int lo, int hi) {
    int run = lo + 1;
    while (run < hi && nanos[order[run - 1]] <= nanos[order[run]]) {
      run++;
    }
    if (run >= hi) {
      return;
    }
    int middle = (lo + hi) >>> 1;
    sort(lo, middle);
    sort(middle, hi);
    System.arraycopy(order, lo, spare, lo, middle - lo);
    int left = lo;
    int right = middle;
    for (int to = lo; left < middle; to++) {
      order[to] =
          right < hi && nanos[order[right]] < nanos[spare[left]] ? order[right++] : spare[left++];
    }
  }

  int streams() {
    return streamCount;
  }

  Destination stream(int index) {
    return streams[index];
  }

  /** The place of the stream's first record. */
  int from(int index) {
    return from[index];
  }

  /** Behind the place of the stream's last record. */
  int to(int index) {
    return from[index + 1];
  }

  /** The number in the send of the record at a place. */
  int record(int place) {
    return number[order[place]];
  }

  /** The time of the record at a place. */
  long nanos(int place) {
    return nanos[order[place]];
  }
}
