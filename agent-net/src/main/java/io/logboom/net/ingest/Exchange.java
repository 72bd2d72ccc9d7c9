package io.logboom.net.ingest;

/**
 * A request that has come as a whole, and its answer. To be used on its loop only.
 *
 * <p>The body is there until {@link #dropBody}, or until the answer.
 */
public final class Exchange {
  private final Connection connection;
  private final RequestHead head;
  private final long sinceNanos;
  private byte[] body;
  private int from;
  private int to;
  private boolean answered;

  Exchange(Connection connection, RequestHead head, long sinceNanos, byte[] b, int from, int to) {
    this.connection = connection;
    this.head = head;
    this.sinceNanos = sinceNanos;
    this.body = b;
    this.from = from;
    this.to = to;
  }

  public RequestHead head() {
    return head;
  }

  /** When it had come, in the monotonic time. */
  public long sinceNanos() {
    return sinceNanos;
  }

  /** What holds the body, at {@code [from, to)}. Not to be changed; another one after a call. */
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte[] body() {
    return body;
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  /** The body stands elsewhere now. */
  void moved(byte[] b, int start, int stop) {
    body = b;
    from = start;
    to = stop;
  }

  /** The body is not needed any more. */
  public void dropBody() {
    if (!answered && from < to) {
      moved(Connection.NOTHING, 0, 0);
      connection.dropBody(this);
    }
  }

  /** Whether there is nobody to be answered any more. */
  public boolean isAnswered() {
    return answered;
  }

  /** Answers; once, and what comes later is left out. */
  public void answer(Answer answer) {
    if (!answered) {
      dropBody();
      answered = true;
      connection.answer(answer);
    }
  }

  /** The client has gone. */
  void abandon() {
    answered = true;
    moved(Connection.NOTHING, 0, 0);
  }
}
