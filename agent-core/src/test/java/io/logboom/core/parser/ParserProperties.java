package io.logboom.core.parser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Parser;
import io.logboom.api.record.JsonStrings;
import io.logboom.core.config.Binder;
import io.logboom.core.config.ParserDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class ParserProperties {
  // A name twice is an error to this one.
  private static final ObjectMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private static final List<String> LENIENT = List.of("logfmt", "ltsv", "json", "cri", "any");

  private final ParserBench bench = new ParserBench();

  @Property(tries = 3000)
  void randomBytesGiveValidJsonOrStayText(@ForAll @Size(max = 60) byte[] bytes) {
    checkAll(bytes);
  }

  @Property(tries = 3000)
  void randomPiecesOfFormatsGiveValidJsonOrStayText(@ForAll @Size(max = 12) List<Piece> pieces) {
    StringBuilder text = new StringBuilder();
    pieces.forEach(p -> text.append(p.text));
    checkAll(text.toString().getBytes(UTF_8));
  }

  /** What texts are made of. */
  enum Piece {
    QUOTE("\""),
    BACKSLASH("\\"),
    EQUALS("="),
    KEY("k"),
    VALUE("v1"),
    COLON(":"),
    TAB("\t"),
    BLANK(" "),
    BREAK("\n"),
    OPEN("{"),
    CLOSE("}"),
    COMMA(","),
    MEMBER("\"a\":\"b\\n\""),
    OBJECT("{\"a\":{\"b\":1,\"b\":2}}"),
    PAIR("a=b "),
    FIELD("a:b\t"),
    CRI("2026-01-02T03:04:05.1Z stdout F "),
    WIDE("\u00e9\ud83d\ude00"),
    UNICODE("\\u00e9\\ud83d");

    private final String text;

    Piece(String text) {
      this.text = text;
    }
  }

  @Property
  void logfmtGivesBackWhatWasWritten(
      @ForAll @Size(max = 6) Map<@AlphaChars @StringLength(min = 1, max = 5) String, String> map) {
    StringBuilder text = new StringBuilder();
    Map<String, String> expected = new LinkedHashMap<>();
    map.forEach(
        (k, v) -> {
          String value = new String(v.getBytes(UTF_8), UTF_8); // lone surrogates are no text
          expected.put(k, value);
          String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"");
          text.append(k).append("=\"").append(escaped).append("\" ");
        });
    Batch batch = bench.parse("logfmt", text.toString());
    assertThat(batch.isJson(0)).isEqualTo(!expected.isEmpty());
    if (!expected.isEmpty()) {
      JsonNode json = read(bench.body(batch).getBytes(UTF_8));
      assertThat(json.properties().size()).isEqualTo(expected.size());
      expected.forEach((k, v) -> assertThat(json.get(k).textValue()).isEqualTo(v));
    }
  }

  @Property
  void integersAreWhatJavaReads(@ForAll long value, @ForAll boolean plus) {
    ParserDefinition definition =
        Binder.bind(
            ParserDefinition.class,
            "name",
            "t",
            "format",
            "regex",
            "regex",
            "^(?<n>.*)$",
            "types",
            "n:integer");
    String text = (plus && value >= 0 ? "+" : "") + value;
    assertThat(bench.body(bench.parse(definition, text))).isEqualTo("{\"n\":" + value + "}");
  }

  @Property
  void decimalsAreWhatJavaReads(
      @ForAll @NumericChars @StringLength(min = 1, max = 8) String whole,
      @ForAll @NumericChars @StringLength(max = 8) String fraction,
      @ForAll boolean negative) {
    ParserDefinition definition =
        Binder.bind(
            ParserDefinition.class,
            "name",
            "t",
            "format",
            "regex",
            "regex",
            "^(?<n>.*)$",
            "types",
            "n:float");
    String text = (negative ? "-" : "") + whole + "." + fraction;
    JsonNode json = read(bench.body(bench.parse(definition, text)).getBytes(UTF_8));
    assertThat(json.get("n").isFloatingPointNumber()).isTrue();
    assertThat(json.get("n").doubleValue()).isEqualTo(Double.parseDouble(text));
  }

  @Property
  void unescapesAsJacksonDoes(@ForAll String text, @ForAll boolean ascii) throws IOException {
    ObjectMapper mapper =
        JsonMapper.builder().configure(JsonWriteFeature.ESCAPE_NON_ASCII, ascii).build();
    String valid = new String(text.getBytes(UTF_8), UTF_8);
    byte[] json = mapper.writeValueAsString(valid).getBytes(UTF_8);
    byte[] out = new byte[json.length];
    int length = JsonStrings.unescape(json, 1, json.length - 1, out, 0);
    assertThat(new String(out, 0, length, UTF_8)).isEqualTo(valid);
  }

  @Test
  void realLogsParseWithSensibleParsersWithoutAnException() throws IOException {
    Path corpus = Path.of(System.getProperty("logboom.root", "."), "..", "shared", "corpus");
    Assumptions.assumeTrue(Files.isDirectory(corpus), "the corpus of real logs is not here");
    List<Path> files;
    try (Stream<Path> all = Files.list(corpus)) {
      files = all.filter(f -> f.toString().endsWith(".log")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    Parser apache = parser("apache_error");
    int parsed = 0;
    for (Path file : files) {
      for (byte[] line : lines(Files.readAllBytes(file))) {
        checkAll(line);
        if (file.endsWith("Apache_2k.log") && bench.parse(apache, line).isJson(0)) {
          parsed++;
        }
      }
    }
    assertThat(parsed).isEqualTo(2000);
  }

  private static List<byte[]> lines(byte[] bytes) {
    List<byte[]> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        lines.add(Arrays.copyOfRange(bytes, from, i));
        from = i + 1;
      }
    }
    if (from < bytes.length) {
      lines.add(Arrays.copyOfRange(bytes, from, bytes.length));
    }
    return lines;
  }

  private final Map<String, Parser> parsers = new LinkedHashMap<>();

  private void checkAll(byte[] text) {
    for (String name : LENIENT) {
      Batch batch = bench.parse(parser(name), text);
      byte[] body =
          Arrays.copyOfRange(batch.bytes(), batch.offset(0), batch.offset(0) + batch.length(0));
      if (batch.isJson(0)) {
        assertThat(isUtf8(body)).isTrue();
        assertThat(read(body).isObject()).isTrue();
      } else {
        assertThat(body).isEqualTo(text);
      }
    }
  }

  private Parser parser(String name) {
    return parsers.computeIfAbsent(
        name,
        n -> {
          ParserDefinition any =
              Binder.bind(
                  ParserDefinition.class,
                  "name",
                  "any",
                  "format",
                  "regex",
                  "regex",
                  "^(?<first>\\S*)\\s*(?<rest>.*)(?<time>\\d*)$",
                  "time_format",
                  "%s",
                  "decode_field",
                  "json rest",
                  "decode_field_as",
                  "escaped first",
                  "types",
                  "rest:float");
          return Objects.requireNonNull(bench.parsers(any).find(n));
        });
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static JsonNode read(byte[] json) {
    try {
      return STRICT.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(new String(json, UTF_8), e);
    }
  }
}
