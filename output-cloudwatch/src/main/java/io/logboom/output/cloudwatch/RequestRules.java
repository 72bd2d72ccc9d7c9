package io.logboom.output.cloudwatch;

/**
 * The service's rules for one PutLogEvents request: at most 10,000 events; at most 1,048,576 bytes,
 * counted as each event's text in UTF-8 and 26; less than 24 hours from the first event to the
 * last; events in the order of their times. What is here is the sum of a request that is being
 * filled.
 */
final class RequestRules {
  static final int MOST_EVENTS = 10_000;
  static final int MOST_BYTES = 1_048_576;
  static final int EVENT_BYTES = 26;
  static final long SPAN_MILLIS = 24 * 60 * 60 * 1000L;

  private int most = MOST_BYTES;
  private int events;
  private int bytes;
  private long first;
  private long last;

  /**
   * @param mostBytes where something in between takes less than the service does
   */
  void clear(long mostBytes) {
    most = (int) Math.min(mostBytes, MOST_BYTES);
    events = 0;
    bytes = 0;
  }

  boolean isEmpty() {
    return events == 0;
  }

  int events() {
    return events;
  }

  /** As the service counts them. */
  int bytes() {
    return bytes;
  }

  /**
   * Whether one more event may come; the first one always may.
   *
   * @param textBytes of its text in UTF-8
   */
  boolean takes(long millis, int textBytes) {
    return events == 0
        || (events < MOST_EVENTS
            && bytes + textBytes + EVENT_BYTES <= most
            && millis >= last
            && millis - first < SPAN_MILLIS);
  }

  void add(long millis, int textBytes) {
    if (events++ == 0) {
      first = millis;
    }
    last = millis;
    bytes += textBytes + EVENT_BYTES;
  }
}
