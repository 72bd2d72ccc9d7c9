package io.logboom.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What is written from the options' records. The files below {@code config/reference} are what is
 * expected; {@code -Dgolden.write=DIRECTORY} writes what is there now.
 */
class GeneratedTest {
  private static void expect(String name, String text) throws Exception {
    String write = System.getProperty("golden.write");
    if (write != null) {
      Files.writeString(Path.of(write, name), text);
    }
    assertThat(text).isEqualTo(Files.readString(expected(name)));
  }

  private static Path expected(String name) throws URISyntaxException {
    return Path.of(
            Objects.requireNonNull(GeneratedTest.class.getResource("/config/reference")).toURI())
        .resolve(name);
  }

  @Test
  void writesAPageForEachPluginAndSection() throws Exception {
    Map<String, String> pages = ReferenceDocs.pages(TestPlugins.CATALOG);
    assertThat(pages)
        .containsOnlyKeys(
            "README.md",
            "service.md",
            "inputs.md",
            "filters.md",
            "outputs.md",
            "parser.md",
            "multiline-parser.md",
            "input-tail.md",
            "input-forward.md",
            "filter-kubernetes.md",
            "filter-rewrite_tag.md",
            "output-es.md",
            "output-stdout.md");
    expect("input-tail.md", Objects.requireNonNull(pages.get("input-tail.md")));
    expect("output-es.md", Objects.requireNonNull(pages.get("output-es.md")));
    expect("README.md", Objects.requireNonNull(pages.get("README.md")));
    assertThat(pages.get("service.md")).contains("`coro_stack_size` | there are no coroutines");
  }

  @Test
  void explainsAPluginOnTheTerminal() throws Exception {
    String text = Explain.plugin(TestPlugins.CATALOG, "output", "Elasticsearch");
    expect("explain-es.txt", Objects.requireNonNull(text));
    assertThat(Explain.plugin(TestPlugins.CATALOG, "input", "es")).isNull();
  }

  @Test
  void explainsAnOptionWhereverThereIsOne() {
    assertThat(Explain.option(TestPlugins.CATALOG, "Tls.Verify"))
        .isEqualTo("Output es\n  tls.verify  (boolean, default on)\n      Whether to verify.\n\n");
    assertThat(Explain.option(TestPlugins.CATALOG, "match")).contains("All filters", "All outputs");
    assertThat(Explain.option(TestPlugins.CATALOG, "threaded")).contains("has no effect");
    assertThat(Explain.option(TestPlugins.CATALOG, "no_such")).isNull();
  }

  @Test
  void tellsWhatIsInEffectAndWhereItComesFrom() throws Exception {
    Path good =
        Path.of(Objects.requireNonNull(GeneratedTest.class.getResource("/config/good")).toURI());
    LoadResult result =
        new ConfigLoader(
                TestPlugins.CATALOG, Map.of("PASSWORD_FILE", "hunter2", "ES_USER", "u"), good)
            .load(Path.of("everything.conf"));
    List<String> lines = new ArrayList<>();
    for (EffectiveSection section : result.effective()) {
      for (EffectiveOption option : section.options()) {
        lines.add(
            section.title() + " " + option.name() + "=" + option.value() + " " + option.source());
      }
    }
    assertThat(lines)
        .contains(
            "service flush=0.5 everything.conf:6:20",
            "service grace=auto default",
            "input tail.0 parser=mine everything.conf:20:12",
            "output elasticsearch.0 host=elastic.example.com everything.conf:33:12",
            "output elasticsearch.0 http_passwd=*** everything.conf:35:17",
            "output elasticsearch.0 write_operation=create default");
    assertThat(lines.toString()).doesNotContain("hunter2");
  }

  @Test
  @SuppressWarnings("unchecked")
  void describesEveryOptionInTheSchema() {
    String text = JsonSchema.of(TestPlugins.CATALOG);
    Map<String, Object> schema =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(text); // JSON is YAML
    Map<String, Object> defs = (Map<String, Object>) schema.get("$defs");
    assertThat(references(schema))
        .isNotEmpty()
        .allSatisfy(r -> assertThat(defs).containsKey(r.substring("#/$defs/".length())));
    Map<String, Object> tail = (Map<String, Object>) defs.get("input-tail");
    assertThat((Map<String, Object>) tail.get("properties"))
        .containsKeys("name", "path", "multiline.parser", "tag", "alias", "mem_buf_limit");
    assertThat((List<String>) tail.get("required")).containsExactly("name", "path");
    assertThat(tail).containsEntry("additionalProperties", false);
  }

  private static List<String> references(Object node) {
    List<String> found = new ArrayList<>();
    if (node instanceof Map<?, ?> map) {
      if (map.get("$ref") instanceof String reference) {
        found.add(reference);
      }
      map.values().forEach(v -> found.addAll(references(v)));
    } else if (node instanceof List<?> list) {
      list.forEach(v -> found.addAll(references(v)));
    }
    return found;
  }
}
