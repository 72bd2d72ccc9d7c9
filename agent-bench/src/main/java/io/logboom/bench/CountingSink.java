package io.logboom.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ServerSocketFactory;

/**
 * A sink in a backend's shape that takes in everything at once and counts it, so that what is
 * measured is the agent and not a backend.
 */
final class CountingSink extends HttpStandIn {
  private final Backend backend;
  private final LongAdder marks = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder requests = new LongAdder();

  CountingSink(Backend backend) throws IOException {
    this(backend, ServerSocketFactory.getDefault());
  }

  CountingSink(Backend backend, ServerSocketFactory sockets) throws IOException {
    super(sockets);
    this.backend = backend;
    start("sink");
  }

  /** What an agent that writes here needs in its environment. */
  Map<String, String> environment() {
    return backend.environment();
  }

  /** Records so far. */
  long records() {
    return marks.sum() / backend.marksPerRecord();
  }

  /** Bytes of requests so far, as they were sent. */
  long bytes() {
    return bytes.sum();
  }

  /** Requests so far. */
  long requests() {
    return requests.sum();
  }

  @Override
  void body(Request request, byte[] part, int length) {
    marks.add(counter(request).take(part, length));
    bytes.add(length);
  }

  private Counter counter(Request request) {
    Counter counter = request.counter;
    if (counter == null) {
      counter = backend.counter(request);
      request.counter = counter;
    }
    return counter;
  }

  @Override
  void answer(Request request, OutputStream out) throws IOException {
    if (request.counter != null) {
      requests.increment();
      marks.add(request.counter.end());
    }
    backend.answer(request, out);
  }
}
