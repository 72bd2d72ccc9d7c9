package io.logboom.core.parser;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Parser;
import io.logboom.core.config.ParserDefinition;
import io.logboom.core.meter.EngineMeter;
import io.logboom.testkit.TestMeters;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Parses single texts, each in a batch of its own between other bytes. */
final class ParserBench {
  static final Instant ARRIVAL = Instant.parse("2026-11-22T09:00:00Z");

  private final Names names = new Names();
  private final TestMeters meters = new TestMeters();

  Names names() {
    return names;
  }

  ConfiguredParsers parsers(ParserDefinition... definitions) {
    return new ConfiguredParsers(List.of(definitions), names, InstantSource.fixed(ARRIVAL), meters);
  }

  Parser find(String name) {
    return Objects.requireNonNull(parsers().find(name), name);
  }

  Batch parse(String name, String text) {
    return parse(find(name), text.getBytes(UTF_8));
  }

  Batch parse(ParserDefinition definition, String text) {
    Parser parser = Objects.requireNonNull(parsers(definition).find(definition.name()));
    return parse(parser, text.getBytes(UTF_8));
  }

  Batch parse(Parser parser, byte[] text) {
    Batch batch =
        new Batch(
            (bytes, used, atLeast) -> Arrays.copyOf(bytes, Math.max(atLeast, bytes.length * 2)),
            new byte[text.length + 16],
            1);
    int origin = batch.origin(Origin.builder(names, "test").build());
    byte[] before = "x=\"{ ".getBytes(UTF_8);
    batch.append(before, 0, before.length);
    int at = batch.append(text, 0, text.length);
    batch.append(before, 0, before.length);
    batch.add(origin, at, text.length, ARRIVAL.getEpochSecond() * 1_000_000_000L, 0);
    if (parser.parse(batch, 0) != batch.isJson(0)) {
      throw new AssertionError("the answer is not what became of the record");
    }
    return batch;
  }

  String body(Batch batch) {
    return new String(batch.bytes(), batch.offset(0), batch.length(0), UTF_8);
  }

  long count(EngineMeter meter, String parser) {
    return meters.count(meter, "parser", parser);
  }
}
