package io.logboom.testkit.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.testkit.TestContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sends lines as the engine does, until each has arrived or is rejected. */
final class Settling {
  private static final int MOST_SENDS = 100;

  private final OutputUnderTest suite;
  private final TestContext context;
  private final Map<String, String> rejected = new LinkedHashMap<>();
  private final List<String> retried = new ArrayList<>();
  private Runnable onRetry = () -> {};
  private int sends;

  Settling(OutputUnderTest suite, TestContext context) {
    this.suite = suite;
    this.context = context;
  }

  /** What happens before lines are sent again. */
  void onRetry(Runnable action) {
    onRetry = action;
  }

  /** The lines that were sent again. */
  List<String> retried() {
    return retried;
  }

  /** Sends; returns what was rejected, each with its reason. */
  Map<String, String> settle(Output output, List<String> lines) throws InterruptedException {
    assertThat(++sends).as("sends").isLessThan(MOST_SENDS);
    Outcome outcome;
    try (Unit unit = new Unit(context, lines)) {
      outcome = suite.send(output, unit.batches());
    }
    switch (outcome) {
      case Outcome.Delivered _ -> {}
      case Outcome.Discarded discarded ->
          throw new AssertionError("nobody asked to discard: " + discarded);
      case Outcome.Rejected all -> lines.forEach(line -> rejected.put(line, all.why()));
      case Outcome.TooLarge all -> {
        if (lines.size() == 1) {
          rejected.put(lines.getFirst(), all.why());
        } else {
          int half = lines.size() / 2;
          settle(output, lines.subList(0, half));
          settle(output, lines.subList(half, lines.size()));
        }
      }
      case Outcome.Retry _ -> again(output, lines);
      case Outcome.Mixed mixed -> {
        mixed.rejected().forEach(each -> rejected.put(lines.get(each.record()), each.why()));
        List<String> open = mixed.retry().stream().mapToObj(lines::get).toList();
        if (!open.isEmpty()) {
          again(output, open);
        }
      }
    }
    return rejected;
  }

  private void again(Output output, List<String> lines) throws InterruptedException {
    retried.addAll(lines);
    onRetry.run();
    settle(output, lines);
  }
}
