package io.logboom.input.forward;

import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.Settlement;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;

/** A forward input that runs, and what it hands on. */
final class Receiving implements AutoCloseable {
  final TestContext context;
  final TestIntake intake;
  final Forward input;

  Receiving(TestContext context, TestIntake intake, String... options) throws StartException {
    this(context, intake, System::nanoTime, options);
  }

  Receiving(TestContext context, TestIntake intake, LongSupplier clock, String... options)
      throws StartException {
    this.context = context;
    this.intake = intake;
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("listen", "127.0.0.1"));
    if (!all.contains("port")) {
      all.addAll(List.of("port", "0"));
    }
    ForwardConfig config = Binder.bind(ForwardConfig.class, all.toArray(String[]::new));
    List<String> errors = new ArrayList<>();
    new ForwardPlugin()
        .check(
            config,
            new Problems() {
              @Override
              public void error(String option, String rule, String hint) {
                errors.add(option + " " + rule);
              }

              @Override
              public void warning(String option, String rule, String hint) {}
            });
    if (!errors.isEmpty()) {
      throw new StartException(String.join("; ", errors));
    }
    this.input = new Forward(config, context, clock);
    input.start(intake);
  }

  /** An input whose batches are done at once. */
  static Receiving settling(Path state, String... options) throws StartException {
    TestContext context = new TestContext(state).flush(Duration.ofMillis(1));
    return new Receiving(context, new TestIntake(context, true), options);
  }

  /** An input whose batches wait for the test to settle them. */
  static Receiving holding(Path state, String... options) throws StartException {
    TestContext context = new TestContext(state).flush(Duration.ofMillis(1));
    return new Receiving(context, new TestIntake(context, false), options);
  }

  Sender connect() throws IOException {
    return new Sender(new Socket(InetAddress.getLoopbackAddress(), input.address().getPort()));
  }

  long closed(Fault fault) {
    return context.meters().count(ForwardMeter.CLOSED, "reason", fault.label);
  }

  double open() {
    return context.meters().value(ForwardMeter.CONNECTIONS);
  }

  void await(int records) {
    await(() -> intake.count() >= records);
  }

  static void await(BooleanSupplier condition) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(20))
        .until(condition::getAsBoolean);
  }

  List<String> json() {
    return intake.entries().stream().map(TestIntake.Entry::json).toList();
  }

  @Override
  public void close() {
    try {
      input.quiesce();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    intake.settle(Settlement.DONE);
    input.close();
  }
}
