package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.elasticsearch.FakeElasticsearch.Refusal;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused as a whole, for one record's sake or for its size. */
class WholeRefusalTest {
  private static final Refusal MALFORMED =
      new Refusal(400, "illegal_argument_exception", "Malformed action/metadata line [3]");

  @ParameterizedTest
  @ValueSource(strings = {"2M", "10k"})
  void findsThePoisonousRecordsAndDeliversAllOthersAtOnce(String requestSize) throws Exception {
    try (Sending es = new Sending("max_request_size", requestSize)) {
      Set<Integer> poison = Set.of(0, 411, 412, 777, 999);
      es.server.gate(
          request -> poison.stream().anyMatch(has(request)::contains) ? MALFORMED : null);
      Outcome.Mixed mixed = (Outcome.Mixed) es.output.send(List.of(es.numbered(1000)));
      assertThat(mixed.retry().isEmpty()).isTrue();
      assertThat(mixed.rejected())
          .extracting(Outcome.Rejection::record)
          .containsExactlyInAnyOrderElementsOf(poison);
      assertThat(mixed.rejected())
          .allSatisfy(
              r ->
                  assertThat(r.why())
                      .isEqualTo(
                          "127.0.0.1:"
                              + es.server.port()
                              + " answered 400: illegal_argument_exception: "
                              + MALFORMED.reason()));
      assertThat(es.stored()).hasSize(995).doesNotHaveDuplicates();
      assertThat(es.stored()).isSorted();
      // Each of the five costs two requests for each halving.
      assertThat(es.server.server().received()).hasSizeLessThan(120);
    }
  }

  @Test
  void rejectsALonePoisonousRecordOnceOthersHaveBeenAccepted() throws Exception {
    try (Sending es = new Sending()) {
      es.server.gate(_ -> MALFORMED);
      assertThat(es.output.send(List.of(es.numbered(1)))).isInstanceOf(Outcome.Retry.class);
      es.server.gate(_ -> null);
      assertThat(es.output.send(List.of(es.numbered(1)))).isEqualTo(Outcome.DELIVERED);
      es.server.gate(_ -> MALFORMED);
      Outcome.Mixed mixed = (Outcome.Mixed) es.output.send(List.of(es.numbered(1)));
      assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).containsExactly(0);
    }
  }

  @Test
  void losesNothingWhereEveryRequestIsRefused() throws Exception {
    try (Sending es = new Sending()) {
      assertThat(es.output.send(List.of(es.numbered(1)))).isEqualTo(Outcome.DELIVERED);
      es.server.gate(_ -> new Refusal(400, "some_exception", "that no single record causes"));
      assertThat(es.output.send(List.of(es.numbered(1000))))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).contains("that no single record"));
      assertThat(es.server.server().received()).hasSizeLessThan(40);
      es.server.gate(_ -> null);
      assertThat(es.output.send(List.of(es.numbered(1000)))).isEqualTo(Outcome.DELIVERED);
    }
  }

  @Test
  void endsASendThatIsAllPoisonAfterABoundedNumberOfRequestsAndGoesOnInTheNext() throws Exception {
    try (Sending es = new Sending()) {
      es.server.gate(request -> has(request).stream().anyMatch(n -> n % 2 == 1) ? MALFORMED : null);
      Batch rest = es.numbered(600);
      int sends = 0;
      int rejected = 0;
      for (; sends < 10; sends++) {
        int before = es.server.server().received().size();
        Outcome.Mixed mixed = (Outcome.Mixed) es.output.send(List.of(rest));
        assertThat(es.server.server().received().size() - before).isLessThan(300);
        rejected += mixed.rejected().size();
        if (mixed.retry().isEmpty()) {
          break;
        }
        rest = rest.subset(mixed.retry());
      }
      assertThat(rejected).isEqualTo(300);
      assertThat(es.stored()).hasSize(300).allMatch(n -> n % 2 == 0).doesNotHaveDuplicates();
    }
  }

  @Test
  void sendsWhatIsTooLargeInPartsAndKeepsToThem() throws Exception {
    try (Sending es = new Sending()) {
      es.server.gate(
          request ->
              request.body().length > 70_000 ? new Refusal(413, "too_large", "for me") : null);
      Batch batch = large(es, 400);
      assertThat(es.output.send(List.of(batch))).isEqualTo(Outcome.DELIVERED);
      assertThat(es.server.documents()).hasSize(400);
      int first = es.server.server().received().size();
      assertThat(es.output.send(List.of(batch))).isEqualTo(Outcome.DELIVERED);
      assertThat(es.server.documents()).hasSize(800);
      List<Received> second =
          es.server.server().received().subList(first, es.server.server().received().size());
      assertThat(second).allMatch(r -> r.body().length <= 70_000);
    }
  }

  @Test
  void rejectsARecordThatIsTooLargeAloneAndSparesItsNeighbours() throws Exception {
    try (Sending es = new Sending("net.io_timeout", "5")) {
      es.server.gate(
          request ->
              request.body().length > 1_000_000 ? new Refusal(413, "too_large", "for me") : null);
      Records records = Sending.records(es.context);
      for (int i = 0; i < 50; i++) {
        records.text("line " + i);
      }
      records.text("x".repeat(3_000_000));
      for (int i = 0; i < 50; i++) {
        records.text("line " + i);
      }
      Outcome.Mixed mixed = (Outcome.Mixed) es.output.send(List.of(records.batch()));
      assertThat(mixed.retry().isEmpty()).isTrue();
      assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).containsExactly(50);
      assertThat(mixed.why()).contains("answered 413: too_large: for me");
      assertThat(es.server.documents()).hasSize(100);
    }
  }

  @Test
  void rejectsARecordThatIsMoreThanItsMemoryAllows() throws Exception {
    TestContext small = new TestContext(Path.of("unused"), 256 * 1024, 8 << 20);
    long used;
    try (Sending es = new Sending(small)) {
      // 3 MB of bytes that are not UTF-8 become up to 9 MB; half of the budget is 4.
      byte[] noise = new byte[3_000_000];
      Arrays.fill(noise, (byte) 0xFF);
      Records records = Sending.records(es.context).text("before").bytes(noise).text("behind");
      Batch batch = records.batch();
      used = small.testBatches().used();
      Outcome.Mixed mixed = (Outcome.Mixed) es.output.send(List.of(batch));
      assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).containsExactly(1);
      assertThat(mixed.why())
          .isEqualTo(
              "the document is larger than this agent can send: it has more than 4194304 bytes");
      assertThat(es.server.documents()).hasSize(2);
    }
    assertThat(small.testBatches().used()).isEqualTo(used);
  }

  @Test
  void chargesWhatRequestsNeedToTheBudgetUntilItIsClosed() throws Exception {
    TestContext context;
    long before;
    try (Sending es = new Sending()) {
      context = es.context;
      Batch batch = Sending.records(context).text("x".repeat(8_000_000)).text("small").batch();
      before = context.testBatches().used();
      AtomicLong during = new AtomicLong();
      es.server.gate(
          _ -> {
            during.accumulateAndGet(es.context.testBatches().used(), Math::max);
            return null;
          });
      assertThat(es.output.send(List.of(batch))).isEqualTo(Outcome.DELIVERED);
      assertThat(during.get() - before).isBetween(8_000_000L, 8_300_000L);
      // One worker's own 2.5 MiB are kept.
      assertThat(context.testBatches().used() - before).isBetween(2_000_000L, 2_700_000L);
    }
    assertThat(context.testBatches().used()).isEqualTo(before);
  }

  private static Batch large(Sending es, int count) {
    Records records = Sending.records(es.context);
    for (int i = 0; i < count; i++) {
      records.json("{\"n\":" + i + ",\"text\":\"" + "t".repeat(1000) + "\"}");
    }
    return records.batch();
  }

  /** The numbers of the records in a request. */
  private static Set<Integer> has(Received request) {
    Set<Integer> numbers = new HashSet<>();
    Arrays.stream(request.text().split("\n", -1))
        .filter(line -> line.contains("\"n\":"))
        .forEach(line -> numbers.add(Integer.parseInt(line.replaceAll(".*\"n\":(\\d+).*", "$1"))));
    return numbers;
  }
}
