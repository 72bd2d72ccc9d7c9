package io.logboom.core.parser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Parser;
import io.logboom.core.config.Binder;
import io.logboom.core.config.ParserDefinition;
import io.logboom.core.meter.EngineMeter;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ParserTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ParserBench bench = new ParserBench();

  @Test
  void parsesAnAccessLogWithTheBuiltInNginxParser() throws IOException {
    String line =
        "10.0.0.1 - bob [10/Oct/2026:13:55:36 +0200] \"GET /a?b=\\x22c HTTP/1.1\" 200 2326"
            + " \"-\" \"curl/8 é\"";
    Batch batch = bench.parse("nginx", line);
    assertThat(json(batch))
        .isEqualTo(
            JSON.readTree(
                """
                {"remote":"10.0.0.1","host":"-","user":"bob","method":"GET","path":"/a?b=\\\\x22c",
                "code":"200","size":"2326","referer":"-","agent":"curl/8 é"}"""));
    assertThat(time(batch)).isEqualTo("2026-10-10T11:55:36Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apache|192.168.0.1 - - [28/Feb/2026:12:00:00 +0900] \"GET / HTTP/1.1\" 200 777|host",
        "apache2|1.2.3.4 - - [28/Feb/2026:12:00:00 +0900] \"GET / HTTP/1.1\" 200 777 \"r\" \"a\"|agent",
        "apache_error|[Sat Oct 11 14:32:52 2026] [error] [client 127.0.0.1] denied|message",
        "json|{\"a\":1}|a",
        "logfmt|level=info msg=\"x y\"|msg",
        "ltsv|host:web\tsize:1|size",
        "docker|{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-02T03:04:05.1Z\"}|log",
        "docker-daemon|time=\"2026-01-02T03:04:05.1Z\" level=info msg=\"hello\"|level",
        "cri|2026-01-02T03:04:05.1Z stdout F hello|logtag",
        "syslog-rfc5424|<165>1 2026-01-02T03:04:05.003Z host ev 111 ID47 - text|msgid",
        "syslog-rfc3164|<34>Oct 11 22:14:15 mymachine su[12]: failed|ident",
        "syslog-rfc3164-local|<34>Oct 11 22:14:15 su: failed|ident",
        "mongodb|2026-01-02T03:04:05.100+0000 I NETWORK [conn1] end 12ms|component",
        "kube-custom|kube.web-7d4b9_shop_app-"
            + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.log|docker_id",
        "k8s-nginx-ingress|1.1.1.1 - - [10/Oct/2026:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1 \"-\""
            + " \"c\" 3 0.1 [up] [] 2.2.2.2:80 1 0.1 200 id|upstream_addr",
        "envoy|[2026-01-02T03:04:05.1Z] \"GET /x HTTP/1.1\" 200 - 0 1 2 3 \"-\" \"ua\" \"rid\" \"au\""
            + " \"up\"|request_id",
      })
  void knowsTheUsualParsersWithoutAParsersFile(String parserLineField) throws IOException {
    String[] parts = parserLineField.split("\\|");
    assertThat(json(bench.parse(parts[0], parts[1])).has(parts[2])).isTrue();
  }

  @Test
  void bindsEveryBuiltInParser() {
    assertThat(ConfiguredParsers.builtIn())
        .contains("docker", "cri", "json", "syslog-rfc5424", "nginx", "apache2", "kube-custom")
        .allSatisfy(name -> assertThat(bench.find(name).name()).isEqualTo(name));
    assertThat(bench.parsers().find("nothing")).isNull();
    assertThat(Objects.requireNonNull(bench.parsers().regex("cri")).names())
        .containsExactly("time", "stream", "logtag", "message");
    assertThat(bench.parsers().regex("json")).isNull();
  }

  @Test
  void leavesWhatItCannotParseAsItIsAndCountsIt() {
    Batch batch = bench.parse("cri", "no such line");
    assertThat(batch.isJson(0)).isFalse();
    assertThat(bench.body(batch)).isEqualTo("no such line");
    assertThat(bench.count(EngineMeter.PARSER_REFUSED, "cri")).isEqualTo(1);
  }

  @Test
  void castsTypesAsFluentBitDoes() {
    ParserDefinition definition =
        define(
            "name", "t",
            "format", "regex",
            "regex", "^(?<i>\\S*) (?<f>\\S*) (?<h>\\S*) (?<b>\\S*) (?<s>\\S*)$",
            "types", "i:integer f:float h:hex b:bool s:string");
    assertThat(parsed(definition, "200 1.50 0xff TRUE 1"))
        .isEqualTo("{\"i\":200,\"f\":1.50,\"h\":255,\"b\":true,\"s\":\"1\"}");
    assertThat(parsed(definition, "-12ms 3 ffffffffffffffff false x"))
        .isEqualTo("{\"i\":-12,\"f\":3.0,\"h\":18446744073709551615,\"b\":false,\"s\":\"x\"}");
    assertThat(parsed(definition, "- .5s g maybe x"))
        .isEqualTo("{\"i\":0,\"f\":0.5,\"h\":0,\"b\":\"maybe\",\"s\":\"x\"}");
    assertThat(parsed(definition, "99999999999999999999 1e3 00ab12 x x"))
        .startsWith("{\"i\":9223372036854775807,\"f\":1000.0,\"h\":43794,");
    assertThat(parsed(definition, "-9223372036854775808 007 11111111111111111 x x"))
        .startsWith("{\"i\":-9223372036854775808,\"f\":7.0,\"h\":18446744073709551615,");
  }

  @Test
  void keepsOrLeavesOutEmptyMembers() {
    String[] options = {"name", "t", "format", "regex", "regex", "^(?<a>x?)(?<b>y)(?<c>z)?$"};
    assertThat(parsed(define(options), "y")).isEqualTo("{\"b\":\"y\"}");
    assertThat(parsed(define(with(options, "skip_empty_values", "off")), "y"))
        .isEqualTo("{\"a\":\"\",\"b\":\"y\",\"c\":\"\"}");
  }

  @Test
  void takesTheGroupThatTookPartOfThoseWithOneName() {
    ParserDefinition definition =
        define("name", "t", "format", "regex", "regex", "^(?:s=(?<v>\\d+)|m=(?<v>\\w+))$");
    assertThat(parsed(definition, "s=1")).isEqualTo("{\"v\":\"1\"}");
    assertThat(parsed(definition, "m=x")).isEqualTo("{\"v\":\"x\"}");
  }

  @Test
  void neverTurnsATextIntoNothing() {
    ParserDefinition definition = define("name", "t", "format", "regex", "regex", "^(?<a>x)?.*$");
    Batch batch = bench.parse(definition, "all of this");
    assertThat(batch.isJson(0)).isFalse();
  }

  @Test
  void keepsTheRecordAndItsTimeWhereTheTimeCannotBeRead() {
    Batch regex = bench.parse("nginx", "h - u [yesterday] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"");
    assertThat(time(regex)).isEqualTo(ParserBench.ARRIVAL);
    assertThat(bench.body(regex)).doesNotContain("yesterday").contains("\"code\":\"200\"");
    assertThat(bench.count(EngineMeter.PARSER_UNREADABLE_TIMES, "nginx")).isEqualTo(1);
    Batch json = bench.parse("json", "{\"time\":\"yesterday\",\"a\":1}");
    assertThat(time(json)).isEqualTo(ParserBench.ARRIVAL);
    assertThat(bench.body(json)).isEqualTo("{\"time\":\"yesterday\",\"a\":1}");
    assertThat(bench.count(EngineMeter.PARSER_UNREADABLE_TIMES, "json")).isEqualTo(1);
  }

  @Test
  void takesTheTimeOutOfJsonOrKeepsIt() {
    ParserDefinition definition =
        define("name", "t", "format", "json", "time_key", "t", "time_format", "%s.%L");
    Batch middle = bench.parse(definition, " {\"a\":1, \"t\":\"1767323045.5\" ,\"b\":2}\n");
    assertThat(bench.body(middle)).isEqualTo("{\"a\":1,\"b\":2}");
    assertThat(time(middle)).isEqualTo("2026-01-02T03:04:05.5Z");
    assertThat(parsed(definition, "{\"t\":\"1.0\"}")).isEqualTo("{}");
    assertThat(parsed(definition, "{\"t\":\"1.0\",\"a\":1}")).isEqualTo("{\"a\":1}");
    assertThat(parsed(definition, "{\"t\":1}")).isEqualTo("{\"t\":1}");
    Batch docker = bench.parse("docker", "{\"log\":\"x\",\"time\":\"2026-01-02T03:04:05.1Z\"}");
    assertThat(bench.body(docker)).contains("\"time\":\"2026");
    assertThat(time(docker)).isEqualTo("2026-01-02T03:04:05.1Z");
  }

  @Test
  void readsAnEscapedTimeInJson() {
    Batch batch = bench.parse("json", "{\"time\":\"10\\/Oct\\/2026:13:55:36 +0000\"}");
    assertThat(time(batch)).isEqualTo("2026-10-10T13:55:36Z");
  }

  @Test
  void usesTheZoneOfTheParser() {
    String[] options = {
      "name",
      "t",
      "format",
      "regex",
      "regex",
      "^(?<time>\\S+ \\S+) (?<m>.*)$",
      "time_format",
      "%F %T"
    };
    String summer = "2026-07-01 12:00:00 x";
    assertThat(time(bench.parse(define(options), summer))).isEqualTo("2026-07-01T12:00:00Z");
    assertThat(time(bench.parse(define(with(options, "time_zone", "Europe/Berlin")), summer)))
        .isEqualTo("2026-07-01T10:00:00Z");
    assertThat(time(bench.parse(define(with(options, "time_offset", "-0330")), summer)))
        .isEqualTo("2026-07-01T15:30:00Z");
  }

  @Test
  void mendsJsonThatCouldNotBeDelivered() {
    assertThat(parsed("json", "{\"a\":1,\"b\":{\"c\":1.50,\"c\":2e3},\"a\":[1,{},[]],\"n\":null}"))
        .isEqualTo("{\"b\":{\"c\":2e3},\"a\":[1,{},[]],\"n\":null}");
    byte[] latin = "{\"a\":\"caf\u00e9\"}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(bench.body(bench.parse(bench.find("json"), latin)))
        .isEqualTo("{\"a\":\"caf\ufffd\"}");
    assertThat(parsed("json", "{\"a\\u0041\":\"q\\\"\"}")).isEqualTo("{\"aA\":\"q\\\"\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "{\"a\":1}{\"b\":2}", "{", "", "text", "1", "{\"a\":01}"})
  void refusesWhatIsNotOneJsonObject(String text) {
    assertThat(bench.parse("json", text).isJson(0)).isFalse();
  }

  @Test
  void readsLogfmt() {
    assertThat(
            parsed("logfmt", "level=info msg=\"it \\\"works\\\"\\n\" bare n=1 empty= q=\"\" é=ü"))
        .isEqualTo(
            "{\"level\":\"info\",\"msg\":\"it \\\"works\\\"\\n\",\"bare\":true,\"n\":\"1\","
                + "\"empty\":true,\"q\":\"\",\"é\":\"ü\"}");
    assertThat(parsed("logfmt", "a=1 a=2")).isEqualTo("{\"a\":\"2\"}");
    assertThat(parsed("logfmt", "a=\"open")).isEqualTo("{\"a\":\"open\"}");
    assertThat(parsed("logfmt", "a=\"open\\")).startsWith("{\"a\":\"open");
    ParserDefinition strict =
        define("name", "t", "format", "logfmt", "logfmt_no_bare_keys", "on", "types", "n:integer");
    assertThat(parsed(strict, "n=12 m=x")).isEqualTo("{\"n\":12,\"m\":\"x\"}");
    assertThat(bench.parse(strict, "just words").isJson(0)).isFalse();
    assertThat(bench.parse("logfmt", "  = \" ").isJson(0)).isFalse();
  }

  @Test
  void readsLtsv() {
    ParserDefinition definition =
        define(
            "name", "t",
            "format", "ltsv",
            "types", "size:integer",
            "time_key", "time",
            "time_format", "[%d/%b/%Y:%H:%M:%S %z]");
    Batch batch =
        bench.parse(
            definition, "host:1.1.1.1\ttime:[10/Oct/2026:13:55:36 +0000]\tsize:12\tua:a:b \r\n");
    assertThat(bench.body(batch)).isEqualTo("{\"host\":\"1.1.1.1\",\"size\":12,\"ua\":\"a:b \"}");
    assertThat(time(batch)).isEqualTo("2026-10-10T13:55:36Z");
    assertThat(bench.parse(definition, "host:x\tno field").isJson(0)).isFalse();
    assertThat(bench.parse(definition, "a:1\nb:2").isJson(0)).isFalse();
  }

  @Test
  void decodesMembers() {
    ParserDefinition as =
        define(
            "name",
            "t",
            "format",
            "json",
            "decode_field_as",
            "escaped log do_next",
            "decode_field_as",
            "json log");
    assertThat(parsed(as, "{\"log\":\"{\\\\\\\"a\\\\\\\":1}\",\"x\":2}"))
        .isEqualTo("{\"log\":{\"a\":1},\"x\":2}");
    assertThat(parsed(as, "{\"log\":\"plain\\\\ttext\"}")).isEqualTo("{\"log\":\"plain\\ttext\"}");
    ParserDefinition beside = define("name", "t", "format", "json", "decode_field", "json log");
    assertThat(parsed(beside, "{\"log\":\"{\\\"a\\\":1,\\\"x\\\":3}\",\"x\":2}"))
        .isEqualTo("{\"log\":\"{\\\"a\\\":1,\\\"x\\\":3}\",\"a\":1,\"x\":3}");
    assertThat(parsed(beside, "{\"log\":\"no json\"}")).isEqualTo("{\"log\":\"no json\"}");
    assertThat(parsed(beside, "{\"log\":\"{}\"}")).isEqualTo("{\"log\":\"{}\"}");
    ParserDefinition mysql =
        define(
            "name",
            "t",
            "format",
            "regex",
            "regex",
            "^(?<q>.*)$",
            "decode_field_as",
            "mysql_quoted q");
    assertThat(parsed(mysql, "'it\\'s \\n'")).isEqualTo("{\"q\":\"it's \\n\"}");
  }

  @Test
  void registersNamesSoThatNothingIsWrittenTwice() {
    long stream = bench.names().of("stream");
    assertThat(bench.parse("cri", "2026-01-02T03:04:05.1Z stdout F x").names(0)).isEqualTo(stream);
    assertThat(bench.parse("json", "{\"stream\":1}").names(0)).isEqualTo(stream);
    assertThat(bench.parse("logfmt", "stream=1").names(0)).isEqualTo(stream);
  }

  @Test
  void doesNotTouchABodyThatIsJsonAlready() {
    Batch batch = bench.parse("json", "{\"a\":1}");
    Parser again = bench.find("json");
    assertThat(again.parse(batch, 0)).isFalse();
    assertThat(bench.body(batch)).isEqualTo("{\"a\":1}");
  }

  private static String[] with(String[] options, String... more) {
    String[] all = java.util.Arrays.copyOf(options, options.length + more.length);
    System.arraycopy(more, 0, all, options.length, more.length);
    return all;
  }

  private static ParserDefinition define(String... options) {
    return Binder.bind(ParserDefinition.class, options);
  }

  private String parsed(ParserDefinition definition, String text) {
    return bench.body(bench.parse(definition, text));
  }

  private String parsed(String parser, String text) {
    return bench.body(bench.parse(parser, text));
  }

  private JsonNode json(Batch batch) throws IOException {
    assertThat(batch.isJson(0)).isTrue();
    return JSON.readTree(bench.body(batch).getBytes(UTF_8));
  }

  private static Instant time(Batch batch) {
    return Instant.ofEpochSecond(0, batch.epochNanos(0));
  }
}
