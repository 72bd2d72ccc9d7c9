package io.logboom.output.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Outcome;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestBatches;
import io.logboom.testkit.cloudwatch.FakeCloudWatch;
import io.logboom.testkit.cloudwatch.FakeCloudWatch.Stored;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudWatchTest {
  private static final long MILLIS = Records.NANOS / 1_000_000;
  private static final long HOUR = Duration.ofHours(1).toNanos();

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void deliversRecordsAsJson(String compress) throws Exception {
    try (Sending to = new Sending("compress", compress)) {
      to.service.stream(Sending.GROUP, "web");
      Records records =
          to.records()
              .enrich("kubernetes", "{\"pod_name\":\"web-1\"}")
              .text("one \"quoted\" é")
              .text("gone")
              .drop()
              .json("{\"a\":1}", Records.NANOS + 1_000_000);
      assertThat(to.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      String kubernetes = ",\"kubernetes\":{\"pod_name\":\"web-1\"}}";
      assertThat(to.service.stored())
          .containsExactly(
              new Stored(
                  Sending.GROUP, "web", MILLIS, "{\"log\":\"one \\\"quoted\\\" é\"" + kubernetes),
              new Stored(Sending.GROUP, "web", MILLIS + 1, "{\"a\":1" + kubernetes));
      Received request = to.service.server().received().getFirst();
      assertThat(request.headers())
          .containsEntry("content-type", "application/x-amz-json-1.1")
          .containsEntry("x-amz-target", "Logs_20140328.PutLogEvents")
          .doesNotContainKey("x-amzn-logs-format");
      assertThat(request.headers().get("content-encoding"))
          .isEqualTo(compress.equals("gzip") ? "gzip" : null);
      assertThat(request.headers().get("authorization"))
          .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-central-1/logs/aws4_");
      assertThat(to.events("accepted")).isEqualTo(2);
      assertThat(to.context.meters().count(CloudWatchMeter.SENT)).isEqualTo(request.body().length);
    }
  }

  @Test
  void sendsOneValueWhereAKeyIsNamed() throws Exception {
    try (Sending to = new Sending("log_key", "$log")) {
      Records records =
          to.records()
              .text("plain \"text\"")
              .json("{\"log\":\"a\\nb\"}")
              .json("{\"log\":{\"x\":[1]}}")
              .json("{\"log\":\"\"}")
              .json("{\"other\":1}")
              .json("{\"log\":null}")
              .bytes(new byte[] {'x', (byte) 0xFF, 'y'});
      assertThat(to.deliver(records.batch()))
          .isEqualTo(
              Map.of(
                  4, "the record has no value at log_key, $log",
                  5, "the record has no value at log_key, $log"));
      assertThat(to.messages())
          .containsExactly("plain \"text\"", "a\nb", "{\"x\":[1]}", "x\uFFFDy");
      assertThat(to.events("no_log_key")).isEqualTo(2);
      assertThat(to.events("empty")).isEqualTo(1);
      assertThat(to.context.meters().count(CloudWatchMeter.REPAIRED)).isEqualTo(1);
    }
  }

  @Test
  void saysThatEventsAreInTheEmbeddedMetricFormat() throws Exception {
    try (Sending to =
        new Sending("log_format", "json/emf", "extra_user_agent", "container-insights")) {
      to.service.stream(Sending.GROUP, "web");
      String emf =
          "{\"_aws\":{\"Timestamp\":1,\"CloudWatchMetrics\":[{\"Namespace\":\"n\",\"Dimensions\":[[]],"
              + "\"Metrics\":[{\"Name\":\"latency\"}]}]},\"latency\":7}";
      assertThat(to.output.send(List.of(to.records().json(emf).batch())))
          .isEqualTo(Outcome.DELIVERED);
      assertThat(to.messages()).containsExactly(emf);
      assertThat(to.service.server().received().getFirst().headers())
          .containsEntry("x-amzn-logs-format", "json/emf")
          .containsEntry("user-agent", "Logboom container-insights");
    }
  }

  @Test
  void createsTheStreamOnceAndTheGroupWithItsRetention() throws Exception {
    try (Sending to =
        new Sending(
            "log_group_name",
            "new",
            "auto_create_group",
            "on",
            "log_retention_days",
            "7",
            "log_group_class",
            "infrequent_access")) {
      assertThat(to.output.send(List.of(to.numbered(2)))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.output.send(List.of(to.numbered(1)))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.service.calls())
          .containsExactly(
              "PutLogEvents",
              "CreateLogStream",
              "CreateLogGroup",
              "PutRetentionPolicy",
              "CreateLogStream",
              "PutLogEvents",
              "PutLogEvents");
      assertThat(to.service.groups()).containsEntry("new", 7);
      assertThat(to.service.groupClass("new")).isEqualTo("INFREQUENT_ACCESS");
      assertThat(to.service.count()).isEqualTo(3);
      assertThat(to.context.meters().count(CloudWatchMeter.CREATED, "what", "group")).isEqualTo(1);
      assertThat(to.context.meters().count(CloudWatchMeter.CREATED, "what", "stream")).isEqualTo(1);
      to.service.drop("new");
      assertThat(to.output.send(List.of(to.numbered(1)))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.service.count()).isEqualTo(4);
    }
  }

  @Test
  void setsTheRetentionLaterWhereItCouldNot() throws Exception {
    try (Sending to =
        new Sending(
            "log_group_name", "new", "auto_create_group", "on", "log_retention_days", "3")) {
      to.service.nextUsual().nextUsual().nextUsual();
      to.service.nextError(400, "ThrottlingException", "Rate exceeded");
      Outcome.Retry retry = (Outcome.Retry) to.output.send(List.of(to.numbered(1)));
      assertThat(retry.why()).contains("PutRetentionPolicy", "Rate exceeded");
      assertThat(retry.notAfter()).isLessThanOrEqualTo(Duration.ofSeconds(5));
      assertThat(to.output.send(List.of(to.numbered(1)))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.service.groups()).containsEntry("new", 3);
    }
  }

  @Test
  void deliversAlthoughTheRetentionMayNotBeSet() throws Exception {
    try (Sending to =
        new Sending(
            "log_group_name", "new", "auto_create_group", "on", "log_retention_days", "3")) {
      to.service.nextUsual().nextUsual().nextUsual();
      to.service.nextError(400, "AccessDeniedException", "not authorized");
      assertThat(to.output.send(List.of(to.numbered(1)))).isEqualTo(Outcome.DELIVERED);
    }
  }

  @Test
  void waitsForAGroupThatIsNotToBeCreated() throws Exception {
    try (Sending to = new Sending("log_group_name", "absent")) {
      Outcome.Retry retry = (Outcome.Retry) to.output.send(List.of(to.numbered(3)));
      assertThat(retry.why()).startsWith("group 'absent' does not exist; create it, or set auto_");
      assertThat(to.service.calls()).containsExactly("PutLogEvents", "CreateLogStream");
    }
  }

  @Test
  void aGroupThatARecordNamesAndNobodyMadeDoesNotHoldUpOthers() throws Exception {
    try (Sending to = new Sending("log_group_template", "/app/$team")) {
      Records records =
          to.records()
              .json("{\"team\":\"none\",\"n\":1}")
              .json("{\"team\":\"web\",\"n\":2}")
              .json("{\"n\":3}");
      Map<Integer, String> rejected = to.deliver(records.batch());
      assertThat(rejected).containsOnlyKeys(0);
      assertThat(rejected.get(0)).startsWith("group '/app/none' does not exist; create it");
      assertThat(to.service.count()).isEqualTo(2);
      assertThat(to.events("no_group")).isEqualTo(1);
    }
  }

  @Test
  void namesStreamsAfterPrefixAndTagAndTemplates() throws Exception {
    try (Sending to =
        new Sending(
            "log_stream_prefix",
            "from-",
            "log_stream_template",
            "$kubernetes['pod_name']/$kubernetes['container']",
            "auto_create_group",
            "on",
            "log_group_template",
            "/k8s/$kubernetes['namespace_name']")) {
      Records records = to.records().json("{\"n\":0}");
      records.origin(Origin.builder(to.context.names(), "kube.b:*é").build()).json("{\"n\":1}");
      records
          .origin(Origin.builder(to.context.names(), "kube.c").build())
          .enrich(
              "kubernetes",
              "{\"pod_name\":\"w:1\",\"container\":\"c\",\"namespace_name\":\"a b é\"}")
          .json("{\"n\":2}")
          .json("{\"n\":3,\"kubernetes\":{\"pod_name\":\"own\"}}");
      records
          .origin(Origin.builder(to.context.names(), "kube.d").build())
          .json("{\"n\":4,\"kubernetes\":{\"pod_name\":\"p\",\"container\":\"c\"}}");
      assertThat(to.deliver(records.batch())).isEmpty();
      assertThat(to.service.stored())
          .extracting(s -> s.group() + " " + s.stream())
          .containsExactlyInAnyOrder(
              "/app/web from-kube.app",
              "/app/web from-kube.b__é",
              "/k8s/a_b__ w_1/c",
              "/k8s/a_b__ w_1/c",
              "/app/web p/c");
      assertThat(to.context.meters().count(CloudWatchMeter.RENAMED)).isEqualTo(2);
    }
  }

  @Test
  void cutsNamesThatAreTooLong() throws Exception {
    try (Sending to = new Sending("log_stream_template", "$pod")) {
      Records records = to.records().json("{\"pod\":\"" + "é".repeat(600) + "\"}");
      assertThat(to.deliver(records.batch())).isEmpty();
      assertThat(to.service.stored().getFirst().stream()).isEqualTo("é".repeat(512));
    }
  }

  @Test
  void followsMetadataThatChanges() throws Exception {
    try (Sending to = new Sending("log_stream_template", "$kubernetes['pod_name']")) {
      Origin origin = Origin.builder(to.context.names(), "kube.app").build();
      for (String pod : List.of("one", "two")) {
        Records records = to.records().origin(origin);
        records.enrich("kubernetes", "{\"pod_name\":\"" + pod + "\"}").json("{\"n\":1}");
        assertThat(to.deliver(records.batch())).isEmpty();
      }
      assertThat(to.service.stored()).extracting(Stored::stream).containsExactly("one", "two");
    }
  }

  @Test
  void cutsEventsThatAreTooLargeBetweenCharacters() throws Exception {
    try (Sending to = new Sending("log_key", "log", "max_event_size", "4k")) {
      to.service.mostEvent(4096);
      String fits = "x".repeat(4096 - 26);
      Records records = to.records().text(fits).text(fits + "x").text("é".repeat(4000));
      assertThat(to.deliver(records.batch())).isEmpty();
      assertThat(to.messages().get(0)).isEqualTo(fits);
      assertThat(to.messages().get(1)).isEqualTo("x".repeat(4070 - 14) + "[Truncated...]");
      assertThat(to.messages().get(2)).isEqualTo("é".repeat((4070 - 14) / 2) + "[Truncated...]");
      assertThat(to.context.meters().count(CloudWatchMeter.CUT)).isEqualTo(2);
    }
  }

  @Test
  void putsLargeEventsAmongTheDeadLettersWhereThatIsWanted() throws Exception {
    try (Sending to = new Sending("log_key", "log", "max_event_size", "4k", "oversize", "reject")) {
      Records records = to.records().text("x".repeat(4071)).text("y");
      assertThat(to.deliver(records.batch()))
          .isEqualTo(Map.of(0, "the event has 4071 bytes of text, more than max_event_size takes"));
      assertThat(to.messages()).containsExactly("y");
      assertThat(to.events("oversize")).isEqualTo(1);
    }
  }

  @Test
  void rejectsWhatTheServiceSaysIsTooOldTooNewOrExpired() throws Exception {
    try (Sending to = new Sending()) {
      to.service.group(Sending.GROUP, 3).stream(Sending.GROUP, "web");
      long now = Sending.NOW.getEpochSecond() * 1_000_000_000L;
      Records records =
          to.records()
              .json("{\"n\":0}", now)
              .json("{\"n\":1}", now + 3 * HOUR)
              .json("{\"n\":2}", now - 15 * 24 * HOUR)
              .json("{\"n\":3}", now - 4 * 24 * HOUR)
              .json("{\"n\":4}", now - 15 * 24 * HOUR + 1_000_000)
              .json("{\"n\":5}", -5);
      Map<Integer, String> rejected = to.deliver(records.batch());
      assertThat(rejected)
          .isEqualTo(
              Map.of(
                  1, "the event of 2026-11-22T11:05:00Z is more than 2 hours in the future",
                  2,
                      "the event of 2026-11-07T08:05:00Z is older than CloudWatch Logs takes, 14"
                          + " days",
                  3, "the event of 2026-11-18T08:05:00Z is older than its log group keeps events",
                  4,
                      "the event of 2026-11-07T08:05:00.001Z is older than CloudWatch Logs takes,"
                          + " 14 days",
                  5, "the event is from before 1970"));
      assertThat(to.messages()).containsExactly("{\"n\":0}");
      assertThat(to.events("too_old")).isEqualTo(3);
      assertThat(to.events("too_new")).isEqualTo(1);
      assertThat(to.events("expired")).isEqualTo(1);
      assertThat(to.events("accepted")).isEqualTo(1);
    }
  }

  @Test
  void sendsAgainOnlyWhatWasNotTaken() throws Exception {
    try (Sending to = new Sending("log_key", "log")) {
      to.service.stream(Sending.GROUP, "web");
      to.service.nextUsual().nextUsual();
      to.service.nextError(400, "ThrottlingException", "Rate exceeded");
      Records records = to.records();
      for (int i = 0; i < 5; i++) {
        records.text(i + "x".repeat(700_000), Records.NANOS + i);
      }
      Batch batch = records.batch();
      Outcome.Mixed mixed = (Outcome.Mixed) to.output.send(List.of(batch));
      assertThat(mixed.retry()).isEqualTo(Sending.bits(2, 3, 4));
      assertThat(mixed.rejected()).isEmpty();
      assertThat(mixed.why()).contains("ThrottlingException: Rate exceeded");
      assertThat(mixed.notAfter()).isLessThanOrEqualTo(Duration.ofSeconds(5));
      assertThat(to.context.meters().count(CloudWatchMeter.THROTTLED)).isEqualTo(1);
      assertThat(to.output.send(List.of(batch.subset(mixed.retry())))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.messages())
          .extracting(m -> m.substring(0, 1))
          .containsExactly("0", "1", "2", "3", "4");
    }
  }

  @Test
  void whatFollowsInAStreamWaitsForARequestThatFailed() throws Exception {
    try (Sending to = new Sending("log_stream_template", "$s", "log_key", "log")) {
      to.service.stream(Sending.GROUP, "a").stream(Sending.GROUP, "b");
      to.service.nextError(400, "AccessDeniedException", "not authorized");
      Records records = to.records();
      for (int i = 0; i < 4; i++) {
        String body = "{\"s\":\"a\",\"log\":\"" + "x".repeat(700_000) + "\"}";
        records.json(i == 1 ? "{\"s\":\"b\",\"log\":\"b\"}" : body, Records.NANOS + i);
      }
      Outcome.Mixed mixed = (Outcome.Mixed) to.output.send(List.of(records.batch()));
      assertThat(mixed.retry()).isEqualTo(Sending.bits(0, 2, 3));
      assertThat(to.messages()).containsExactly("b");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "400 ThrottlingException",
        "400 TooManyRequestsException",
        "400 Throttling",
        "429 Whatever",
        "503 ServiceUnavailableException",
        "500 InternalFailure",
        "400 OperationAbortedException"
      })
  void asksAPatientServiceAgainSoon(String error) throws Exception {
    try (Sending to = new Sending()) {
      to.service.stream(Sending.GROUP, "web");
      to.service.nextError(
          Integer.parseInt(error.substring(0, 3)), error.substring(4), "Rate exceeded");
      Outcome.Retry retry = (Outcome.Retry) to.output.send(List.of(to.numbered(3)));
      assertThat(retry.notAfter()).isLessThanOrEqualTo(Duration.ofSeconds(5));
      assertThat(to.context.meters().count(CloudWatchMeter.THROTTLED)).isEqualTo(1);
      assertThat(to.output.send(List.of(to.numbered(3)))).isEqualTo(Outcome.DELIVERED);
    }
  }

  @Test
  void aSuccessWithoutARequestIdIsNotTheServices() throws Exception {
    try (Sending to = new Sending()) {
      to.service.next((_, line) -> line.answer(200, "{}"));
      Outcome.Retry retry = (Outcome.Retry) to.output.send(List.of(to.numbered(1)));
      assertThat(retry.why()).contains("answered 200 without x-amzn-RequestId");
    }
  }

  @Test
  void takesOtherCredentialsWhereTheyHaveExpired() throws Exception {
    try (Sending to = new Sending()) {
      to.service.stream(Sending.GROUP, "web");
      to.service.nextError(400, "ExpiredTokenException", "The security token has expired");
      assertThat(to.output.send(List.of(to.numbered(2)))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.service.calls()).containsExactly("PutLogEvents", "PutLogEvents");
    }
  }

  @Test
  void findsTheEventThatTheServiceWillNotHave() throws Exception {
    try (Sending to = new Sending("log_key", "log")) {
      to.service.stream(Sending.GROUP, "web").mostEvent(1000);
      Records records = to.records();
      for (int i = 0; i < 100; i++) {
        records.text(i == 37 ? "x".repeat(2000) : "line " + i, Records.NANOS + i);
      }
      Map<Integer, String> rejected = to.deliver(records.batch());
      assertThat(rejected).containsOnlyKeys(37);
      assertThat(rejected.get(37))
          .contains("InvalidParameterException: Log event too large: 2026 bytes exceeds limit");
      assertThat(to.service.count()).isEqualTo(99);
      assertThat(to.messages()).isSortedAccordingTo((a, b) -> number(a) - number(b));
      assertThat(to.events("refused")).isEqualTo(1);
    }
  }

  private static int number(String message) {
    return Integer.parseInt(message.substring("line ".length()));
  }

  @Test
  void whereNothingIsTakenTheEventsAreNotToBlame() throws Exception {
    try (Sending to = new Sending()) {
      to.service.always(
          (_, line) -> to.service.error(line, 400, "InvalidParameterException", "for no reason"));
      Outcome.Retry retry = (Outcome.Retry) to.output.send(List.of(to.numbered(100)));
      assertThat(retry.why()).contains("for no reason");
      assertThat(to.service.calls().size()).isLessThan(40);
    }
  }

  @Test
  void sendsSmallerRequestsWhereAProxyTakesNoMore() throws Exception {
    try (Sending to = new Sending("log_key", "log")) {
      to.service.stream(Sending.GROUP, "web");
      to.service.always(
          (request, line) -> {
            if (request.body().length > 300_000) {
              line.answer(413, "<html>Request Entity Too Large</html>");
            } else {
              to.service.accept(request, line);
            }
          });
      Records records = to.records();
      for (int i = 0; i < 100; i++) {
        records.text("x".repeat(10_000), Records.NANOS + i);
      }
      Batch batch = records.batch();
      assertThat(to.deliver(batch)).isEmpty();
      assertThat(to.service.count()).isEqualTo(100);
      int before = to.service.calls().size();
      assertThat(to.deliver(batch)).isEmpty();
      assertThat(to.service.calls().size() - before).isLessThanOrEqualTo(6);
    }
  }

  @Test
  void satisfiesServicesThatStillAskForSequenceTokens() throws Exception {
    try (Sending to = new Sending()) {
      to.service.stream(Sending.GROUP, "web");
      to.service.next(
          (_, line) ->
              line.answer(
                  400,
                  "{\"__type\":\"InvalidSequenceTokenException\",\"expectedSequenceToken\":\"t1\","
                      + "\"message\":\"The given sequenceToken is invalid.\"}",
                  "x-amzn-RequestId: 1"));
      assertThat(to.output.send(List.of(to.numbered(2)))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.service.server().received().get(1).text()).contains("\"sequenceToken\":\"t1\"");
      to.service.nextError(
          400, "DataAlreadyAcceptedException", "The given batch has already been accepted.");
      assertThat(to.output.send(List.of(to.numbered(2)))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.service.server().received().get(2).text())
          .contains("\"sequenceToken\":\"49039859533790039851380816675861673084717305346360483984");
      assertThat(to.service.count()).isEqualTo(2);
    }
  }

  @Test
  void stopsAskingWhereEveryStreamIsRefused() throws Exception {
    try (Sending to = new Sending("log_stream_template", "$s")) {
      to.service.always(
          (_, line) -> to.service.error(line, 400, "AccessDeniedException", "not authorized"));
      Records records = to.records();
      for (int i = 0; i < 50; i++) {
        records.json("{\"s\":\"s" + i + "\"}");
      }
      Outcome.Retry retry = (Outcome.Retry) to.output.send(List.of(records.batch()));
      assertThat(retry.why()).contains("AccessDeniedException: not authorized");
      assertThat(to.service.calls()).hasSize(8);
    }
  }

  /** Three days of records in no order, one of 2 MiB, and every fifth request throttled. */
  @Test
  void deliversABacklogThroughAThrottledService() throws Exception {
    try (Sending to = new Sending("log_stream_prefix", "s-", "log_key", "log")) {
      Random random = new Random(28);
      AtomicInteger requests = new AtomicInteger();
      to.service.always(
          (request, line) -> {
            if (FakeCloudWatch.action(request).equals("PutLogEvents")
                && requests.getAndIncrement() % 5 == 4) {
              to.service.error(line, 400, "ThrottlingException", "Rate exceeded");
            } else {
              to.service.accept(request, line);
            }
          });
      long now = Sending.NOW.getEpochSecond() * 1_000_000_000L;
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 8_000; i++) {
        order.add(i);
      }
      Collections.shuffle(order, random);
      Records records = to.records();
      String filler = "y".repeat(500);
      for (int i = 0; i < order.size(); i++) {
        int n = order.get(i);
        if (i % 2_700 == 0) {
          records.origin(Origin.builder(to.context.names(), "pod" + i).build());
        }
        String text = n == 4_000 ? "z".repeat(2 << 20) : "line " + n + " " + filler;
        records.text(text, now - n * (72 * HOUR / 8_000));
      }
      assertThat(to.deliver(records.batch())).isEmpty();
      assertThat(to.service.count()).isEqualTo(8_000);
      assertThat(to.messages().stream().distinct()).hasSize(8_000);
      assertThat(to.messages())
          .filteredOn(m -> m.endsWith("zzz[Truncated...]"))
          .singleElement()
          .satisfies(m -> assertThat(m.getBytes(StandardCharsets.UTF_8)).hasSize(1_048_550));
      assertThat(to.context.meters().count(CloudWatchMeter.CUT)).isPositive();
      assertThat(to.service.refused())
          .allMatch(r -> r.startsWith("ResourceNotFoundException"))
          .hasSizeLessThanOrEqualTo(3);
    }
  }

  @Test
  void givesBackWhatALargeRecordTook() throws Exception {
    TestBatches memory;
    long before;
    try (Sending to = new Sending()) {
      memory = to.context.testBatches();
      to.service.stream(Sending.GROUP, "web");
      Batch batch = to.records().text("x".repeat(20 << 20)).batch();
      before = memory.used();
      assertThat(to.output.send(List.of(batch))).isEqualTo(Outcome.DELIVERED);
      assertThat(memory.used() - before).as("kept").isLessThan(2 << 20);
    }
    assertThat(memory.used()).isEqualTo(before);
  }

  @Test
  void readsMetadataThatIsTheRecordsOwn() throws Exception {
    try (Sending to = new Sending("log_stream_template", "$stream-$TAG[1]")) {
      Records records =
          to.records()
              .origin(
                  Origin.builder(to.context.names(), "kube.web")
                      .base(Fragment.builder(to.context.names()).string("stream", "stdout").build())
                      .build())
              .text("a")
              .json("{\"stream\":\"own\"}");
      assertThat(to.deliver(records.batch())).isEmpty();
      assertThat(to.service.stored())
          .extracting(Stored::stream)
          .containsExactly("stdout-web", "own-web");
    }
  }
}
