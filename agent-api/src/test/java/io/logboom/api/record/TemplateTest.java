package io.logboom.api.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonScanner;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TemplateTest {
  private static final String BODY =
      """
      {"app":"web","n":-1.50e3,"ok":true,"none":null,"a b":"x",\
      "quote\\"d":"q","text":"tab\\there \\u00e9 \\ud83d\\ude00 \\"x\\"",\
      "deep":{"er":{"est":"found"},"list":[10,"el,ev\\"en",{"k":"v"},[1,2]]},"empty":""}""";

  private final Names names = new Names();
  private final Batch batch =
      new Batch(
          (bytes, used, atLeast) -> Arrays.copyOf(bytes, Math.max(atLeast, bytes.length * 2)),
          new byte[4096],
          16);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "plain|plain|0",
        "logs-$app|logs-web|0",
        "$app.$app,$app|web.web,web|0",
        "$app-$app|web-web|0",
        "$n|-1.50e3|0",
        "$ok|true|0",
        "x$none.y|x.y|1",
        "x$nothing.y|x.y|1",
        "$text|tab\there é 😀 ~x~|0",
        "$deep['er']['est']|found|0",
        "$deep[\"er\"]['est']!|found!|0",
        "$deep['list'][0]|10|0",
        "$deep['list'][1]|el,ev~en|0",
        "$deep['list'][2]['k']|v|0",
        "$deep['list'][3]|[1,2]|0",
        "$deep['list'][4]|~~|1",
        "$deep['er']|{~est~:~found~}|0",
        "$app['x']|~~|1",
        "$empty|~~|0",
        "$TAG|kube.var.log|0",
        "$TAG[1]/$TAG[0]|var/kube|0",
        "$TAG[9]|~~|1",
        "$stream|stdout|0",
        "logs-$kubernetes['namespace_name']-$TAG[1]|logs-shop-var|0",
        "$kubernetes['labels']['app.kubernetes.io/name']|store|0",
        "$kubernetes['labels']['it''s']|it is|0",
        "$offset|77|0",
        "$time|2026-11-22T06:00:00Z|0",
        "$1|~~|1",
      })
  void writesValuesOfARecord(String template, String expected, int missing) {
    int record = json(BODY);
    ByteSink out = ByteSink.growing(16);
    TemplateWriter writer = Template.parse(template).writer(names);
    assertThat(writer.write(batch, record, out)).isEqualTo(missing);
    assertThat(text(out)).isEqualTo(expected.replace('~', '"'));
    assertThat(writer.write(batch, record, out)).isEqualTo(missing);
  }

  @Test
  void readsATextBodyUnderItsName() {
    byte[] line = "raw \" line".getBytes(UTF_8);
    int record = batch.add(origin(), batch.append(line, 0, line.length), line.length, 0, 0);
    assertThat(write("$log", record)).isEqualTo("raw \" line");
    assertThat(write("$other", record)).isEmpty();
    assertThat(write("$log['x']", record)).isEmpty();
  }

  @Test
  void letsTheBodyCountBeforeTheInputAndTheFilterBeforeTheBody() {
    int record = json("{\"stream\":\"mine\",\"kubernetes\":\"mine\"}");
    assertThat(write("$stream", record)).isEqualTo("mine");
    assertThat(write("$kubernetes['namespace_name']", record)).isEqualTo("shop");
  }

  @Test
  void followsAnEnrichmentThatChanges() {
    FieldReader reader = Accessor.parse("$pod").reader(names);
    int record = json("{}");
    assertThat(reader.read(batch, record)).isFalse();
    batch.enrich(0, Fragment.builder(names).string("pod", "a").build());
    assertThat(reader.read(batch, record)).isTrue();
    assertThat(reader.kind()).isEqualTo(FieldKind.STRING);
    batch.enrich(0, Fragment.builder(names).string("pod", "b").build());
    assertThat(reader.read(batch, record)).isTrue();
    assertThat(new String(reader.bytes(), reader.from(), reader.to() - reader.from(), UTF_8))
        .isEqualTo("b");
  }

  @Test
  void takesAWordWithoutDollarAsAKey() {
    int record = json("{\"a.b\":1}");
    FieldReader reader = Accessor.parse("a.b").reader(names);
    assertThat(reader.read(batch, record)).isTrue();
    assertThat(reader.kind()).isEqualTo(FieldKind.NUMBER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a$|1|without a name",
        "cost $ 5|5|without a name",
        "$a['b|3|quote",
        "$a['b'|2|']'",
        "$a[b]|3|quoted name or a number",
        "$TAG['x']|4|number",
      })
  void saysWhatIsWrongAndWhere(String template, int position, String word) {
    assertThatThrownBy(() -> Template.parse(template))
        .isInstanceOf(AccessorSyntaxException.class)
        .hasMessageContaining(word)
        .hasMessageEndingWith("at character " + (position + 1));
  }

  @Test
  void knowsWhetherItIsConstant() {
    assertThat(Template.parse("logs").isConstant()).isTrue();
    assertThat(Template.parse("logs-$x").isConstant()).isFalse();
    assertThat(Template.parse("$a['b']-$TAG").accessors()).hasSize(2);
  }

  private String write(String template, int record) {
    ByteSink out = ByteSink.growing(16);
    Template.parse(template).writer(names).write(batch, record, out);
    return text(out);
  }

  private static String text(ByteSink out) {
    return new String(out.toByteArray(), UTF_8);
  }

  private int origin() {
    Fragment base = Fragment.builder(names).string("stream", "stdout").build();
    int origin =
        batch.origin(
            Origin.builder(names, "kube.var.log")
                .base(base)
                .offset("offset")
                .stamp("time")
                .build());
    byte[] kubernetes =
        """
        {"namespace_name":"shop","labels":{"app.kubernetes.io/name":"store","it's":"it is"}}"""
            .getBytes(UTF_8);
    batch.enrich(origin, Fragment.builder(names).json("kubernetes", kubernetes).build());
    return origin;
  }

  private int json(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    int origin = origin();
    int at = batch.append(bytes, 0, bytes.length);
    byte[] stamp = "2026-11-22T06:00:00Z".getBytes(UTF_8);
    int stampAt = batch.append(stamp, 0, stamp.length);
    int record = batch.add(origin, at, bytes.length, 0, 77);
    batch.stamp(record, stampAt, stamp.length);
    JsonScanner scanner = new JsonScanner(names);
    scanner.scan(batch.bytes(), at, at + bytes.length);
    batch.json(record, at, bytes.length, scanner.names());
    return record;
  }
}
