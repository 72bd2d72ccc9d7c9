package io.logboom.output.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.api.plugin.Outcome;
import io.logboom.testkit.Records;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages in GELF. What is expected is what Fluent Bit 5.1.1 sends, where no comment differs. */
class GelfTest {
  private static final String TIME = ", \"timestamp\":1795334645.123}\n";

  private static String sent(String record, String... options) throws Exception {
    String[] all = java.util.Arrays.copyOf(options, options.length + 4);
    all[options.length] = "format";
    all[options.length + 1] = "gelf";
    all[options.length + 2] = "gelf_short_message_key";
    all[options.length + 3] = "log";
    try (Client client = new Client(all)) {
      assertThat(client.send(client.records().json(record))).isEqualTo(Outcome.DELIVERED);
      String text = client.received().text();
      assertThat(new ObjectMapper().readTree(text).path("version").asText()).isEqualTo("1.1");
      return text;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"log":"a","x":1,"f":-12}            | "short_message":"a", "_x":1, "_f":-12
          {"log":"\\u0022 / \\n","b":true}       | "short_message":"\\u0022 / \\n", "_b":"true"
          {"log":"a","n":null,"id":"7"}        | "short_message":"a"
          {"host":"h","log":12}                | "host":"h", "short_message":12
          {"log":"a","full_message":"b"}       | "short_message":"a", "full_message":"b"
          {"log":"a","k":{"a":1,"b":{"c":"d","e":null,"t":true},"o":{}}} \
          | "short_message":"a", "_k_a":1, "_k_b_c":"d", "_k_b_e":null, "_k_b_t":"true"
          {"log":"a","app.kubernetes.io/name":"x","k":{"a b":{"c/d-e.f":"v"}},"_u":"w"} \
          | "short_message":"a", "_app.kubernetes.io_name":"x", "_k_a_b_c_d-e.f":"v", "__u":"w"
          {"log":"a","\u00e9":1}                  | "short_message":"a", "___":1
          {"log":"a","big":18446744073709551615} | "short_message":"a", "_big":18446744073709551615
          {"log":"a","host":{"h":1}}           | "short_message":"a", "_host_h":1
          {"log":["a","b"]}                    | "short_message":"a, b"
          {"log":"a","arr":[1,"two",null,true,[3,"four"],{"p":1,"q":"r"}],"e":[]} \
          | "short_message":"a", "_arr":"1, two, null, true, 3, four, p=1 q=r", "_e":""
          {"log":"a","k":{"l":["m","n"]}}      | "short_message":"a", "_k_l":"m, n"
          """)
  void membersAreFieldsAsFluentBitHasThem(String record, String fields) throws Exception {
    assertThat(sent(record)).isEqualTo("{\"version\":\"1.1\", " + fields + TIME);
  }

  /** Fluent Bit writes 1.500000, quotes as they are, and nothing between two objects in a list. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"log":"a","x":1.5e-9}                        | "_x":1.5e-9
          {"log":"a","x":["b \\"c\\"","\\u00e9"]}           | "_x":"b \\"c\\", \\u00e9"
          {"log":"a","x":[{"q":"r","s":{"t":2,"u":[5,{"v":6}]}}]} | "_x":"q=r s_t=2 s_u=5, v=6"
          {"log":"a","x":[{"s":{"t":{"w":1}},"y":{}, "z":2}]} | "_x":"s_t_w=1 z=2"
          """)
  void numbersKeepTheirSpellingAndStringsStayStrings(String record, String fields)
      throws Exception {
    assertThat(sent(record))
        .isEqualTo("{\"version\":\"1.1\", \"short_message\":\"a\", " + fields + TIME);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3",
    "9, 9",
    "'\"5\"', 5",
    "'\"Warning\"', 4",
    "'\"ERR\"', 3",
    "'\"error\"', 3",
    "'\"warn\"', 4",
    "'\"FATAL\"', 2",
    "'\"trace\"', 7",
    "'\"emerg\"', 0",
    "'\"weird\"', '\"weird\"'"
  })
  void aLevelIsANumberWhereItsWordIsKnown(String value, String level) throws Exception {
    assertThat(sent("{\"log\":\"a\",\"lvl\":" + value + "}", "gelf_level_key", "lvl"))
        .contains(", \"level\":" + level + ",");
  }

  /** Fluent Bit drops all records of the chunk where one has such a level. */
  @ParameterizedTest
  @CsvSource({"-1, -1", "true, '\"true\"'"})
  void whatCanBeNoLevelIsAFieldOfItsOwn(String value, String field) throws Exception {
    assertThat(sent("{\"log\":\"a\",\"level\":" + value + "}"))
        .contains(", \"_level\":" + field + ",");
  }

  @Test
  void aTimestampOfTheRecordIsTaken() throws Exception {
    assertThat(sent("{\"log\":\"a\",\"t\":1.5,\"timestamp\":3}", "gelf_timestamp_key", "t"))
        .isEqualTo(
            "{\"version\":\"1.1\", \"short_message\":\"a\", \"timestamp\":1.5,"
                + " \"_timestamp\":3}\n");
    assertThat(sent("{\"log\":\"a\",\"t\":null}", "gelf_timestamp_key", "t")).endsWith(TIME);
  }

  @Test
  void textMetadataAndTheirTypeOfBody() throws Exception {
    try (Client client = new Client("format", "gelf", "gelf_short_message_key", "log")) {
      Records records = client.records();
      records.enrich("kubernetes", "{\"pod\":\"p\",\"labels\":{\"a/b\":\"c\"}}");
      records.text("said \"no\"").text("again");
      records.tag("other").enrich("kubernetes", "{\"pod\":\"q\"}").text("third").text("4th");
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(client.received().headers()).containsEntry("content-type", "application/json");
      String first = "\", \"_kubernetes_pod\":\"p\", \"_kubernetes_labels_a_b\":\"c\"" + TIME;
      String second = "\", \"_kubernetes_pod\":\"q\"" + TIME;
      String begin = "{\"version\":\"1.1\", \"short_message\":\"";
      assertThat(client.received().text())
          .isEqualTo(
              begin
                  + "said \\\"no\\\""
                  + first
                  + begin
                  + "again"
                  + first
                  + begin
                  + "third"
                  + second
                  + begin
                  + "4th"
                  + second);
    }
  }

  /** Fluent Bit drops all records of the chunk where one has no message. */
  @Test
  void aRecordWithoutAMessageIsRejectedAlone() throws Exception {
    try (Client client = new Client("format", "gelf", "gelf_short_message_key", "msg")) {
      Outcome outcome =
          client.send(
              client
                  .records()
                  .json("{\"msg\":\"a\"}")
                  .json("{\"other\":\"b\"}")
                  .json("{\"msg\":null}")
                  .json("{\"msg\":{\"x\":1}}")
                  .json("{\"msg\":\"c\"}"));
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Mixed.class,
              mixed -> {
                assertThat(mixed.retry().isEmpty()).isTrue();
                assertThat(mixed.rejected())
                    .extracting(Outcome.Rejection::record)
                    .isEqualTo(List.of(1, 2, 3));
                assertThat(mixed.rejected().getFirst().why())
                    .isEqualTo(
                        "the record has no msg (gelf_short_message_key), which a GELF message"
                            + " needs");
              });
      assertThat(client.received().text().lines()).hasSize(2);
    }
  }
}
