package io.logboom.output.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.testkit.Records;
import io.logboom.testkit.loki.FakeLoki.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever text records have, an independent reader finds it again in each format. */
class LokiPushProperties {
  /** A record: what its label, its metadata and its line are made from, and its time. */
  record Line(String app, String trace, String text, int after) {}

  @Property(tries = 60)
  void everyFormatSaysTheSame(@ForAll("sends") List<Line> lines) throws Exception {
    List<Stored> expected = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      expected.add(
          new Stored(
              "fake",
              line.app.isEmpty() ? Map.of("job", "fluent-bit") : Map.of("app", line.app),
              Records.NANOS + line.after * 1000L + i,
              line.text,
              line.trace.isEmpty() ? Map.of() : Map.of("trace", line.trace)));
    }
    for (String[] format :
        new String[][] {{"protobuf", "on"}, {"protobuf", "off"}, {"compress", "gzip"}}) {
      try (Sending to =
          new Sending(
              format[0],
              format[1],
              "label_keys",
              "app",
              "structured_metadata",
              "trace=$trace",
              "remove_keys",
              "app, trace",
              "drop_single_key",
              "raw",
              "max_request_size",
              "8k")) {
        assertThat(to.output.send(List.of(batch(to, lines)))).isEqualTo(Outcome.DELIVERED);
        Comparator<Stored> byTime = Comparator.comparingLong(Stored::nanos);
        assertThat(to.server.stored().stream().sorted(byTime))
            .isEqualTo(expected.stream().sorted(byTime).toList());
      }
    }
  }

  private static Batch batch(Sending to, List<Line> lines) {
    Records records = to.records();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      records.json(
          "{\"app\":\""
              + escaped(line.app)
              + "\",\"trace\":\""
              + escaped(line.trace)
              + "\",\"text\":\""
              + escaped(line.text)
              + "\"}",
          Records.NANOS + line.after * 1000L + i);
    }
    return records.batch();
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) {
      if (c < ' ' || c == '"' || c == '\\') {
        out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(hex(c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static char hex(char c) {
    return Character.forDigit(c & 15, 16);
  }

  @Provide
  Arbitrary<List<Line>> sends() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .all()
            .ofMaxLength(60)
            .map(s -> new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    Arbitrary<String> app = Arbitraries.of("", "a", "b\"c\\", "\u00e9\n\u0001", "long-one");
    Arbitrary<String> longer = Arbitraries.integers().between(0, 70_000).map("abcdefg "::repeat);
    Arbitrary<String> lines =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(30, text),
            net.jqwik.api.Tuple.of(1, longer.map(s -> s.substring(0, s.length() / 8))));
    return Combinators.combine(app, text, lines, Arbitraries.integers().between(0, 50))
        .as(Line::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(120);
  }
}
