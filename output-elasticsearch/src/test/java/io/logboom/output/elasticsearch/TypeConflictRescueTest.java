package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.api.plugin.Outcome;
import io.logboom.testkit.Records;
import io.logboom.testkit.elasticsearch.FakeElasticsearch.Refusal;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TypeConflictRescueTest {
  private static final String MOVE = "on_type_conflict";

  @Test
  void sendsADocumentAgainWithoutTheFieldThatClashes() throws Exception {
    try (Sending es = new Sending(MOVE, "move_aside", "id", "position")) {
      es.server.judge(item -> clash(item.source(), "v"));
      Records records =
          Sending.records(es.context).json("{\"v\":1}").json("{\"v\":\"text\",\"m\":1}").text("x");
      assertThat(es.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      assertThat(es.server.server().received()).hasSize(2);
      assertThat(es.server.documents().getLast().source().toString())
          .isEqualTo(
              "{\"@timestamp\":\"2026-11-22T08:04:05.123Z\",\"m\":1,"
                  + "\"type_conflict\":[\"v: text\"]}");
      assertThat(es.server.documents().getLast().id()).isEqualTo("file1-2s");
      assertThat(es.items("clashed")).isEqualTo(1);
      assertThat(es.items("created")).isEqualTo(3);
      assertThat(es.items("rejected")).isZero();
      assertThat(es.context.meters().count(ElasticsearchMeter.MOVED_ASIDE)).isEqualTo(1);
    }
  }

  @Test
  void rejectsItByDefault() throws Exception {
    try (Sending es = new Sending()) {
      es.server.judge(item -> clash(item.source(), "v"));
      Outcome.Mixed mixed =
          (Outcome.Mixed)
              es.output.send(List.of(Sending.records(es.context).json("{\"v\":\"x\"}").batch()));
      assertThat(mixed.rejected()).hasSize(1);
      assertThat(es.server.server().received()).hasSize(1);
    }
  }

  @Test
  void movesOneFieldAfterTheOtherAndRejectsWhatIsStillRefused() throws Exception {
    try (Sending es = new Sending(MOVE, "move_aside")) {
      es.server.judge(
          item -> {
            Refusal first = clash(item.source(), "a");
            Refusal second = first == null ? clash(item.source(), "b") : first;
            return second == null && item.source().has("bad")
                ? new Refusal(400, "strict_dynamic_mapping_exception", "not allowed")
                : second;
          });
      Records records =
          Sending.records(es.context)
              .json("{\"a\":\"x\",\"b\":\"y\"}")
              .json("{\"a\":\"x\",\"bad\":1}")
              .json("{\"a\":\"x\",\"type_conflict\":1}");
      Outcome.Mixed mixed = (Outcome.Mixed) es.output.send(List.of(records.batch()));
      assertThat(mixed.retry().isEmpty()).isTrue();
      assertThat(mixed.rejected())
          .extracting(Outcome.Rejection::record)
          .containsExactlyInAnyOrder(1, 2);
      assertThat(mixed.rejected())
          .extracting(Outcome.Rejection::why)
          .anyMatch(why -> why.contains("strict_dynamic_mapping"))
          .anyMatch(why -> why.contains("failed to parse field [a]"));
      assertThat(es.server.documents().getFirst().source().get("type_conflict").toString())
          .isEqualTo("[\"a: x\",\"b: y\"]");
      assertThat(es.server.server().received()).hasSize(3);
    }
  }

  @Test
  void givesUpOnADocumentInWhichEverythingClashes() throws Exception {
    try (Sending es = new Sending(MOVE, "move_aside")) {
      AtomicInteger n = new AtomicInteger();
      es.server.judge(item -> refusal("f" + n.getAndIncrement()));
      StringBuilder all = new StringBuilder("{\"x\":1");
      for (int i = 0; i < 30; i++) {
        all.append(",\"f").append(i).append("\":1");
      }
      Records records = Sending.records(es.context).json(all + "}");
      Outcome.Mixed mixed = (Outcome.Mixed) es.output.send(List.of(records.batch()));
      assertThat(mixed.rejected()).hasSize(1);
      assertThat(es.server.server().received()).hasSize(Clashes.MOST_FIELDS + 1);
    }
  }

  @Test
  void neverSendsTheSameTwiceWhenTheServerNamesTheSameFieldAgain() throws Exception {
    try (Sending es = new Sending(MOVE, "move_aside")) {
      es.server.judge(_ -> refusal("v"));
      Records records = Sending.records(es.context).json("{\"v\":1}");
      Outcome.Mixed mixed = (Outcome.Mixed) es.output.send(List.of(records.batch()));
      assertThat(mixed.rejected()).hasSize(1);
      assertThat(es.server.server().received()).hasSize(2);
    }
  }

  @Test
  void givesADocumentTheAgentsTimeWhereItsOwnWasNone() throws Exception {
    try (Sending es = new Sending(MOVE, "move_aside")) {
      es.server.judge(
          item ->
              item.source().path("@timestamp").asText().startsWith("20")
                  ? null
                  : refusal("@timestamp"));
      Records records = Sending.records(es.context).json("{\"@timestamp\":\"yesterday\",\"m\":1}");
      assertThat(es.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      assertThat(es.server.documents().getFirst().source().toString())
          .isEqualTo(
              "{\"@timestamp\":\"2026-11-22T08:04:05.123Z\",\"m\":1,"
                  + "\"type_conflict\":[\"@timestamp: yesterday\"]}");
    }
  }

  @Test
  void triesAllOfItAgainLaterWhereTheSecondRequestFails() throws Exception {
    try (Sending es = new Sending(MOVE, "move_aside")) {
      es.server.judge(item -> clash(item.source(), "v"));
      es.server
          .next((_, line, accept) -> line.answer(200, accept.accept()))
          .nextStatus(503, "busy", "Retry-After: 4");
      Records records = Sending.records(es.context).json("{\"v\":1}").json("{\"v\":\"text\"}");
      Outcome.Mixed mixed = (Outcome.Mixed) es.output.send(List.of(records.batch()));
      assertThat(mixed.retry()).isEqualTo(Sending.bits(1));
      assertThat(mixed.rejected()).isEmpty();
      assertThat(mixed.notBefore()).hasSeconds(4);
      assertThat(es.output.send(List.of(records.batch().subset(mixed.retry()))))
          .isEqualTo(Outcome.DELIVERED);
    }
  }

  @Test
  void movesFieldsOfManyDocumentsInOneRequest() throws Exception {
    try (Sending es =
        new Sending(MOVE, "move_aside", "write_operation", "upsert", "id_key", "id")) {
      es.server.judge(item -> clash(item.source().get("doc"), "v"));
      Records records = Sending.records(es.context);
      for (int i = 0; i < 500; i++) {
        records.json("{\"id\":\"i" + i + "\",\"v\":" + (i % 2 == 0 ? "1" : "{\"deep\":1}") + "}");
      }
      assertThat(es.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      assertThat(es.server.server().received()).hasSize(2);
      assertThat(es.server.documents()).hasSize(500);
      JsonNode last = es.server.documents().getLast().source();
      assertThat(last.get("doc_as_upsert").asBoolean()).isTrue();
      assertThat(last.at("/doc/type_conflict/0").asText()).isEqualTo("v: {\"deep\":1}");
      assertThat(es.context.meters().count(ElasticsearchMeter.MOVED_ASIDE)).isEqualTo(250);
    }
  }

  private static @Nullable Refusal clash(JsonNode source, String field) {
    JsonNode value = source.get(field);
    return value == null || value.isNumber() ? null : refusal(field);
  }

  private static Refusal refusal(String field) {
    return new Refusal(
        400,
        "document_parsing_exception",
        "[1:7] failed to parse field [" + field + "] of type [long] in document with id 'x'.");
  }
}
