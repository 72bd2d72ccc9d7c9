package io.logboom.output.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Origin;
import io.logboom.testkit.Records;
import io.logboom.testkit.cloudwatch.FakeCloudWatch.Stored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever sizes and times events have, and however often the service asks for patience: it never
 * has to refuse a request by its rules, and has each event once, each stream in order.
 */
class PutProperties {
  /** A record: its stream, its text's length, its time, and whether the text is mostly escapes. */
  record Event(int stream, int length, long millis, boolean quotes) {}

  @Property(tries = 40)
  void requestsAreWithinTheRulesAndEachEventArrivesOnceInOrder(
      @ForAll("sends") List<Event> events, @ForAll("throttles") List<Boolean> throttles)
      throws Exception {
    try (Sending to =
        new Sending("log_stream_prefix", "s-", "log_key", "log", "compress", "gzip")) {
      throttles.forEach(
          throttled -> {
            if (throttled) {
              to.service.nextError(400, "ThrottlingException", "Rate exceeded");
            } else {
              to.service.nextUsual();
            }
          });
      Records records = to.records();
      Map<String, List<Integer>> expected = new HashMap<>();
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < events.size(); i++) {
        Event event = events.get(i);
        records.origin(Origin.builder(to.context.names(), Integer.toString(event.stream)).build());
        records.text(text(i, event), nanos(event));
        order.add(i);
      }
      order.sort(Comparator.comparingLong(i -> nanos(events.get(i))));
      order.forEach(
          i ->
              expected.computeIfAbsent("s-" + events.get(i).stream, _ -> new ArrayList<>()).add(i));

      assertThat(to.deliver(records.batch())).isEmpty();

      assertThat(to.service.refused().stream().distinct().toList())
          .isSubsetOf("ResourceNotFoundException: The specified log stream does not exist.");
      Map<String, List<Integer>> arrived = new HashMap<>();
      for (Stored stored : to.service.stored()) {
        int n = Integer.parseInt(stored.message().substring(0, 5));
        arrived.computeIfAbsent(stored.stream(), _ -> new ArrayList<>()).add(n);
        Event event = events.get(n);
        assertThat(stored.millis()).isEqualTo(nanos(event) / 1_000_000);
        assertThat(stored.message()).isEqualTo(text(n, event));
      }
      assertThat(arrived).isEqualTo(expected);
    }
  }

  private static long nanos(Event event) {
    return Records.NANOS - event.millis * 1_000_000L;
  }

  private static String text(int n, Event event) {
    String number = String.format(java.util.Locale.ROOT, "%05d", n);
    return number + (event.quotes ? "\"\u0001é" : "x").repeat(event.length);
  }

  @Provide
  Arbitrary<List<Event>> sends() {
    Arbitrary<Integer> lengths =
        Arbitraries.frequencyOf(
            Tuple.of(40, Arbitraries.integers().between(0, 300)),
            Tuple.of(3, Arbitraries.integers().between(0, 90_000)),
            Tuple.of(1, Arbitraries.integers().between(200_000, 262_000)));
    Arbitrary<Long> times =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.longs().between(0, 20)),
            Tuple.of(2, Arbitraries.longs().between(0, 13 * 86_400_000L)),
            Tuple.of(1, Arbitraries.of(0L, 86_399_999L, 86_400_000L, 86_400_001L, 172_800_000L)));
    return Combinators.combine(
            Arbitraries.integers().between(0, 2), lengths, times, Arbitraries.of(false, true))
        .as(Event::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<Boolean>> throttles() {
    return Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)).list().ofMaxSize(40);
  }
}
