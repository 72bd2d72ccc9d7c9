package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logboom.core.config.Binder;
import io.logboom.net.body.Body;
import io.logboom.net.body.SegmentPool;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.elasticsearch.FakeElasticsearch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What any parser of JSON reads out of a request is what was put in. */
class ElasticsearchEncoderProperties {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** A record: a text, or members; at a time. */
  record Sample(String text, Map<String, Object> members, boolean isJson, long epochMilli) {}

  @Provide
  Arbitrary<List<Sample>> samples() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of("@timestamp", "log", "kubernetes", "a.b", "stream", "msg"),
            Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12));
    Arbitrary<Object> values =
        Arbitraries.oneOf(
            text().map(Object.class::cast),
            Arbitraries.longs().map(Object.class::cast),
            Arbitraries.of(true, false, 1.5, List.of(1, "x"), Map.of("in.ner", "v")));
    return Combinators.combine(
            text(),
            Arbitraries.maps(names, values).ofMaxSize(6),
            Arbitraries.of(true, false),
            Arbitraries.longs().between(-10_000_000_000L, 4_000_000_000_000L))
        .as(Sample::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  private static Arbitrary<String> text() {
    return Arbitraries.strings()
        .all()
        .excludeChars(surrogates())
        .ofMaxLength(300)
        .map(s -> s + "\t\u0001\"\\é😀");
  }

  private static char[] surrogates() {
    char[] all = new char[0x800];
    for (int i = 0; i < all.length; i++) {
      all[i] = (char) (0xD800 + i);
    }
    return all;
  }

  @Property(tries = 150)
  void aRequestReadsBackAsTheRecordsThatWereWritten(
      @ForAll("samples") List<Sample> samples, @ForAll boolean gzip) throws Exception {
    TestContext context = new TestContext(Path.of("unused"));
    ElasticsearchConfig config =
        Binder.bind(
            ElasticsearchConfig.class,
            "logstash_format",
            "on",
            "compress",
            gzip ? "gzip" : "none",
            "dedot_labels",
            "off");
    ElasticsearchEncoder encoder = new ElasticsearchEncoder(config, context.names(), new Object());
    Records records = Sending.records(context).enrich("stream", "\"stdout\"");
    for (Sample sample : samples) {
      long nanos = sample.epochMilli * 1_000_000 + 999_999;
      if (sample.isJson) {
        records.json(JSON.writeValueAsString(sample.members), nanos);
      } else {
        records.text(sample.text, nanos);
      }
    }
    // Segments so small that each document goes over several.
    try (Body body = new Body(new SegmentPool(512, 10), Long.MAX_VALUE, gzip)) {
      encoder.begin(records.batch(), 0);
      for (int i = 0; i < records.batch().size(); i++) {
        encoder.encode(records.batch(), i, body.sink());
      }
      long plain = body.plainLength();
      String request = text(body.finish().toByteArray(), gzip);
      assertThat(request.getBytes(StandardCharsets.UTF_8)).hasSize((int) plain);
      List<FakeElasticsearch.Item> items = FakeElasticsearch.parse(request);
      assertThat(items).hasSameSizeAs(samples);
      for (int i = 0; i < samples.size(); i++) {
        Sample sample = samples.get(i);
        assertThat(items.get(i).source()).isEqualTo(expected(sample));
        assertThat(items.get(i).index())
            .isEqualTo(
                "logstash-"
                    + DateTimeFormatter.ofPattern("uuuu.MM.dd", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(Instant.ofEpochMilli(sample.epochMilli)));
      }
    }
  }

  private static String text(byte[] body, boolean gzip) throws IOException {
    return gzip
        ? new String(
            new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes(),
            StandardCharsets.UTF_8)
        : new String(body, StandardCharsets.UTF_8);
  }

  private static JsonNode expected(Sample sample) throws JsonProcessingException {
    ObjectNode document = JSON.createObjectNode();
    if (sample.isJson) {
      document.setAll((ObjectNode) JSON.readTree(JSON.writeValueAsString(sample.members)));
    } else {
      document.put("log", sample.text);
    }
    if (!document.has("@timestamp")) {
      document.put("@timestamp", MILLIS.format(Instant.ofEpochMilli(sample.epochMilli)));
    }
    document.put("stream", "stdout");
    return document;
  }
}
