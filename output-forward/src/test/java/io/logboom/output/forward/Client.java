package io.logboom.output.forward;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** A {@code forward} output and its context. */
final class Client implements AutoCloseable {
  final TestContext context;
  final Forward output;

  /** An output as configured, to 127.0.0.1. */
  Client(int port, String... options) throws Exception {
    this(new TestContext(Path.of("unused")), with(options, "port", Integer.toString(port)));
  }

  Client(TestContext context, String... options) throws Exception {
    this.context = context;
    this.output =
        (Forward) new ForwardPlugin().create(Binder.bind(ForwardConfig.class, options), context);
  }

  static String[] with(String[] options, String... more) {
    String[] all = Arrays.copyOf(options, options.length + more.length);
    System.arraycopy(more, 0, all, options.length, more.length);
    return all;
  }

  Records records() {
    return new Records(context);
  }

  Outcome send(Records... records) throws InterruptedException {
    return output.send(Arrays.stream(records).map(Records::batch).toList());
  }

  Outcome send(Batch batch) throws InterruptedException {
    return output.send(List.of(batch));
  }

  long failures(String reason) {
    return context.meters().count(ForwardMeter.FAILURES, "reason", reason);
  }

  long count(ForwardMeter meter) {
    return context.meters().count(meter);
  }

  static BitSet bits(int from, int to) {
    BitSet set = new BitSet();
    set.set(from, to);
    return set;
  }

  @Override
  public void close() {
    output.close();
  }
}
