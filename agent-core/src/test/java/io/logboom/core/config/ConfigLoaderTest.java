package io.logboom.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.config.Secret;
import io.logboom.core.config.ParserDefinition.Decoder;
import io.logboom.core.config.ParserDefinition.Format;
import io.logboom.core.config.ParserDefinition.Then;
import io.logboom.core.config.Problem.Severity;
import io.logboom.core.config.TestPlugins.EsConfig;
import io.logboom.core.config.TestPlugins.KubernetesConfig;
import io.logboom.core.config.TestPlugins.TailConfig;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir Path temp;

  private static Path good() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(ConfigLoaderTest.class.getResource("/config/good")).toURI());
  }

  private static LoadResult load(String file, Map<String, String> environment)
      throws URISyntaxException {
    return new ConfigLoader(TestPlugins.CATALOG, environment, good()).load(Path.of(file));
  }

  private LoadResult loadText(String name, String text) throws IOException {
    Files.writeString(temp.resolve(name), text);
    return new ConfigLoader(TestPlugins.CATALOG, Map.of(), temp).load(Path.of(name));
  }

  private static AgentConfig config(LoadResult result) {
    assertThat(result.problems(Severity.ERROR)).isEmpty();
    return result.orThrow();
  }

  @Test
  void saysWhatBecomesOfFluentBitsStorageOptions() throws Exception {
    LoadResult result =
        loadText(
            "storage.conf",
            """
            [SERVICE]
                storage.path          state
                storage.sync          full
                storage.max_chunks_up 32
            [INPUT]
                name          tail
                path          /var/log/*.log
                storage.type  memory
                mem_buf_limit 5MB
            [OUTPUT]
                name  es
                match *
                storage.total_limit_size 1G
            """);
    assertThat(result.problems(Severity.ERROR)).isEmpty();
    assertThat(result.problems(Severity.INFO))
        .extracting(Problem::text)
        .containsExactly(
            "option 'storage.sync' of the service has no effect: a record counts as kept only when"
                + " the disk has flushed it, which is what full asks for",
            "option 'storage.max_chunks_up' of the service has no effect: buffer.memory in the"
                + " service section bounds the memory of all records, and inputs wait when it is"
                + " used up",
            "option 'storage.type' of tail has no effect: what an output cannot take waits in"
                + " memory first, then on disk, whatever the input; buffer.spool off in the service"
                + " section keeps it in memory, and storage.total_limit_size of an output bounds"
                + " what it has on disk",
            "option 'mem_buf_limit' of tail has no effect: buffer.memory in the service section"
                + " bounds the memory of all records, and inputs wait when it is used up");
  }

  @Test
  void refusesAStorageTypeThatThereIsNot() throws Exception {
    LoadResult result =
        loadText(
            "storage.conf",
            """
            [SERVICE]
                storage.sync sometimes
            [INPUT]
                name         tail
                path         /var/log/*.log
                storage.type tape
            [OUTPUT]
                name  es
                match *
            """);
    assertThat(result.problems(Severity.ERROR))
        .extracting(Problem::text)
        .satisfiesExactly(
            one -> assertThat(one).contains("'storage.sync' of the service = \"sometimes\""),
            two -> assertThat(two).contains("'storage.type' of tail = \"tape\""));
  }

  @Test
  void loadsTheDaemonSetsConfigMapAsItIs() throws Exception {
    LoadResult result = load("example-2.conf", Map.of());

    assertThat(result.problems()).isEmpty();
    AgentConfig config = config(result);
    assertThat(config.service().flush()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.service().http().httpServer()).isTrue();
    assertThat(config.inputs()).hasSize(1);
    InputStage input = config.inputs().getFirst();
    assertThat(input.name()).isEqualTo("tail.0");
    assertThat(input.mark()).isEqualTo(new Mark("example-2.conf", 5, 1));
    assertThat(input.common().tag()).isEqualTo("kube.*");
    TailConfig tail = (TailConfig) input.config();
    assertThat(tail.path()).containsExactly("/var/log/containers/*.log");
    assertThat(tail.parser()).isEqualTo("docker");
    assertThat(tail.tag()).isEqualTo("kube.*");
    assertThat(tail.refreshInterval()).isEqualTo(Duration.ofSeconds(10));
    FilterStage filter = config.filters().getFirst();
    assertThat(filter.name()).isEqualTo("kubernetes.0");
    assertThat(filter.common().match()).isEqualTo("kube.*");
    KubernetesConfig kubernetes = (KubernetesConfig) filter.config();
    assertThat(kubernetes.kubeUrl()).isEqualTo("https://kubernetes.default.svc:443");
    assertThat(kubernetes.mergeLog()).isTrue();
    assertThat(kubernetes.keepLog()).isFalse();
    OutputStage output = config.outputs().getFirst();
    assertThat(output.name()).isEqualTo("es.0");
    assertThat(output.common().retryLimit().retries()).isEqualTo(RetryLimit.UNLIMITED);
    EsConfig es = (EsConfig) output.config();
    assertThat(es.host()).isEqualTo("elasticsearch.logging.svc.cluster.local");
    assertThat(es.logstashPrefix()).isEqualTo("logs");
  }

  @Test
  void readsEveryFormOfTheClassicSyntax() throws Exception {
    Path secret = Files.writeString(temp.resolve("secret"), "hunter2\n");
    LoadResult result =
        load(
            "everything.conf",
            Map.of(
                "HOSTNAME", "node-1", "ES_USER", "elastic", "PASSWORD_FILE", "file://" + secret));
    AgentConfig config = config(result);

    assertThat(config.service().flush()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.service().logLevel()).isEqualTo(LogLevel.WARN);
    assertThat(config.service().stateDirectory()).isEqualTo(Path.of("/var/lib/boom"));
    assertThat(config.inputs()).extracting(InputStage::name).containsExactly("forward.0", "tail.0");
    TailConfig tail = (TailConfig) config.inputs().get(1).config();
    assertThat(tail.path()).containsExactly("/var/log/a.log", "/var/log/b # not a comment");
    assertThat(tail.tag()).isEqualTo("app.node-1");
    assertThat(tail.multilineParser()).containsExactly("docker", "cri", "stack");
    assertThat(config.filters().getFirst().name()).isEqualTo("enrich");
    assertThat(config.outputs())
        .extracting(OutputStage::name)
        .containsExactly("stdout.0", "elasticsearch.0");
    OutputStage output = config.outputs().get(1);
    assertThat(output.common().retryLimit()).isEqualTo(new RetryLimit(7));
    assertThat(output.common().threads()).isEqualTo(1);
    EsConfig es = (EsConfig) output.config();
    assertThat(es.host()).isEqualTo("elastic.example.com");
    assertThat(es.httpPasswd()).isEqualTo(new Secret("hunter2"));
    assertThat(es.logstashPrefix()).isEqualTo("x-logs-y");
  }

  @Test
  void readsParsersFromClassicAndYamlFiles() throws Exception {
    AgentConfig config =
        config(load("everything.conf", Map.of("PASSWORD_FILE", "x", "ES_USER", "u")));

    assertThat(config.parsers())
        .extracting(ParserDefinition::name)
        .containsExactly("apache", "mine", "zoned");
    ParserDefinition apache = config.parsers().getFirst();
    assertThat(apache.format()).isEqualTo(Format.REGEX);
    assertThat(Objects.requireNonNull(apache.regex()).names())
        .containsExactly(
            "host", "user", "time", "method", "path", "code", "size", "referer", "agent");
    assertThat(Objects.requireNonNull(apache.types()).byName())
        .containsExactly(
            Map.entry("code", FieldTypes.Kind.INTEGER), Map.entry("size", FieldTypes.Kind.INTEGER));
    assertThat(apache.time().timeFormat()).isNotNull();
    assertThat(config.parsers().get(1).decodeFieldAs())
        .containsExactly(
            new FieldDecoder(Decoder.ESCAPED_UTF8, "log", Then.DO_NEXT),
            new FieldDecoder(Decoder.JSON, "log", Then.STOP));
    assertThat(config.parsers().get(2).time().timeZone()).isEqualTo(ZoneId.of("Europe/Oslo"));
    MultilineDefinition stack = config.multilineParsers().getFirst();
    assertThat(stack.flushTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(stack.rule()).hasSize(2);
    assertThat(stack.rule().getFirst().regex().source()).isEqualTo("/^\\d+ \"x\"/");
    assertThat(stack.rule().get(1).to()).isEqualTo("cont");
  }

  @Test
  void tellsOfUnsetVariablesAndOptionsWithoutEffect() throws Exception {
    LoadResult result = load("everything.conf", Map.of("PASSWORD_FILE", "hunter2", "ES_USER", "u"));

    assertThat(result.problems(Severity.WARNING))
        .extracting(Problem::toString)
        .containsExactly(
            "everything.conf:36:21: warning: variable 'UNSET' is not set and counts as empty\n"
                + "    hint: set it, or give a default: ${UNSET:-default}");
    assertThat(result.problems(Severity.INFO))
        .extracting(p -> p.mark().line())
        .containsExactly(11, 23);
    assertThat(result.toString()).doesNotContain("hunter2");
  }

  @Test
  void readsEveryFormOfTheYamlSyntax() throws Exception {
    LoadResult result = load("everything.yaml", Map.of());
    AgentConfig config = config(result);

    assertThat(config.service().http().httpPort()).isZero();
    assertThat(config.service().logLevel()).isEqualTo(LogLevel.DEBUG);
    assertThat(config.service().stopTime()).isGreaterThan(Duration.ofDays(10_000));
    InputStage input = config.inputs().getFirst();
    assertThat(input.mark()).isEqualTo(new Mark("everything.yaml", 18, 7));
    TailConfig tail = (TailConfig) input.config();
    assertThat(tail.path()).containsExactly("/var/log/logs/*.log");
    assertThat(tail.multilineParser()).containsExactly("docker", "cri");
    assertThat(((KubernetesConfig) config.filters().getFirst().config()).kubeUrl())
        .isEqualTo("https://example.com");
    assertThat(config.outputs().getFirst().common().match()).isEqualTo("kube.*");
    assertThat(result.problems(Severity.WARNING))
        .extracting(Problem::toString)
        .containsExactly(
            "everything.yaml:5:5: warning: no file fits \"nothing-*.yaml\"\n"
                + "    hint: a pattern starts where this file is");
  }

  @Test
  void theCommandLineStandsAboveTheFile() throws Exception {
    CommandLine commandLine =
        new CommandLine()
            .service("flush", "3")
            .parsersFile("parsers.conf")
            .input("tail")
            .property("path", "/x")
            .property("Parser", "apache")
            .property("tag", "x")
            .filter("kubernetes")
            .property("match", "x")
            .output("stdout")
            .property("match", "x");
    ConfigLoader loader = new ConfigLoader(TestPlugins.CATALOG, Map.of(), good());

    AgentConfig config = config(loader.load(Path.of("example-2.conf"), commandLine));
    assertThat(config.service().flush()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.inputs()).extracting(InputStage::name).containsExactly("tail.0", "tail.1");
    assertThat(config.outputs()).extracting(OutputStage::name).containsExactly("es.0", "stdout.0");

    AgentConfig alone = config(loader.load(null, commandLine));
    assertThat(alone.inputs()).hasSize(1);

    LoadResult bad = loader.load(null, new CommandLine().input("tail").property("pth", "x"));
    assertThat(bad.problems())
        .extracting(Problem::toString)
        .contains(
            "command line: error: unknown option 'pth' of tail\n    hint: did you mean 'path'?");
  }

  @Test
  void theEnvironmentSetsTheLogLevel() throws Exception {
    assertThat(
            config(load("example-2.conf", Map.of("FLB_LOG_LEVEL", "trace"))).service().logLevel())
        .isEqualTo(LogLevel.TRACE);
    assertThat(load("example-2.conf", Map.of("FLB_LOG_LEVEL", "loud")).problems())
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .startsWith("environment variable FLB_LOG_LEVEL: error: option 'log_level' of the service");
  }

  @Test
  void aloneWithOneInputAnOutputMatchesAll() throws Exception {
    LoadResult result =
        loadText("a.conf", "[INPUT]\n Name tail\n Path /x\n[OUTPUT]\n Name stdout\n");
    AgentConfig config = config(result);
    assertThat(config.outputs().getFirst().common().match()).isEqualTo("*");
    assertThat(config.inputs().getFirst().common().tag()).isEqualTo("tail.0");
    assertThat(((TailConfig) config.inputs().getFirst().config()).tag()).isEqualTo("tail.0");
  }

  @Test
  void anotherTypeOrAnAliasBeforeItRenamesNoInstanceAndTagsAreFluentBits() throws Exception {
    LoadResult result =
        loadText(
            "a.conf",
            """
            [INPUT]
             Name forward
            [INPUT]
             Name tail
             Path /x
            [OUTPUT]
             Name stdout
             Match *
            [OUTPUT]
             Name es
             Match *
             Alias main
            [OUTPUT]
             Name elasticsearch
             Match tail.1
            """);
    AgentConfig config = config(result);
    assertThat(config.inputs()).extracting(InputStage::name).containsExactly("forward.0", "tail.0");
    assertThat(config.inputs().getFirst().common().tag()).as("its records have their own").isNull();
    assertThat(config.inputs().getLast().common().tag()).isEqualTo("tail.1");
    assertThat(config.outputs())
        .extracting(OutputStage::name)
        .containsExactly("stdout.0", "main", "elasticsearch.1");
  }

  @Test
  void doesNotJudgeAMatchWhereTagsAreNotKnown() throws Exception {
    String forward = "[INPUT]\n Name forward\n[FILTER]\n Name kubernetes\n Match kube.*\n";
    assertThat(loadText("a.conf", forward + "[OUTPUT]\n Name es\n Match kube.*\n").problems())
        .isEmpty();
    String rewrite = "[INPUT]\n Name tail\n Path /x\n Tag x\n[FILTER]\n Name rewrite_tag\n";
    assertThat(
            loadText("b.conf", rewrite + " Match x\n Rule a\n[OUTPUT]\n Name es\n Match new.*\n")
                .problems())
        .isEmpty();
    assertThat(
            loadText("c.conf", rewrite + " Match new\n Rule a\n[OUTPUT]\n Name es\n Match new.*\n")
                .problems())
        .singleElement()
        .asString()
        .contains("filter rewrite_tag.0 matches no input's tag");
  }

  @Test
  void expandsVariablesInValuesOnly() throws Exception {
    LoadResult result =
        loadText(
            "a.conf",
            """
            @SET A=one
            @SET B=${A}
            [INPUT]
                Name tail
                Path /${A}/${B}/${C:-three}/${D:-}/${unclosed
                Tag  ${A}
            [OUTPUT]
                Name  stdout
                Match ${E:-*}
            """);
    TailConfig tail = (TailConfig) config(result).inputs().getFirst().config();
    assertThat(tail.path()).containsExactly("/one/${A}/three//${unclosed");
    assertThat(config(result).outputs().getFirst().common().match()).isEqualTo("*");
    assertThat(result.problems()).isEmpty();
  }

  @Test
  void keepsOrderWhenASectionIncludesAnother() throws Exception {
    Files.writeString(temp.resolve("inner.conf"), "[INPUT]\n  Name tail\n  Path /inner\n");
    LoadResult result =
        loadText(
            "outer.conf",
            """
            [INPUT]
                Name tail
            @INCLUDE inner.conf
                Path /outer
            [OUTPUT]
                Name stdout
                Match *
            """);
    assertThat(config(result).inputs())
        .extracting(i -> ((TailConfig) i.config()).path())
        .containsExactly(List.of("/outer"), List.of("/inner"));
  }

  @Test
  void refusesFilesThatAreTooLargeOrTooMany() throws Exception {
    byte[] large = "#".repeat(Sources.LARGEST + 1).getBytes(StandardCharsets.UTF_8);
    Files.write(temp.resolve("large.conf"), large);
    assertThat(loadText("a.conf", "@INCLUDE large.conf\n").problems())
        .extracting(Problem::toString)
        .containsExactly(
            "a.conf:1:10: error: large.conf is larger than 1 MiB\n"
                + "    hint: split it by includes");
    for (int i = 0; i <= Sources.DEEPEST; i++) {
      Files.writeString(temp.resolve("deep" + i + ".conf"), "@INCLUDE deep" + (i + 1) + ".conf");
    }
    assertThat(loadText("b.conf", "@INCLUDE deep0.conf\n").problems())
        .singleElement()
        .asString()
        .contains("includes are nested deeper than 50");
  }

  @Test
  void aMissingMainFileIsAnError() {
    assertThat(
            new ConfigLoader(TestPlugins.CATALOG, Map.of(), temp)
                .load(Path.of("none.yaml"))
                .problems())
        .singleElement()
        .asString()
        .startsWith("none.yaml: error: none.yaml cannot be read: there is no such file");
  }

  @Test
  void whatTheFilesSayTwiceIsEqual() throws Exception {
    AgentConfig first = config(load("example-2.conf", Map.of()));
    AgentConfig second = config(load("example-2.conf", Map.of()));
    assertThat(second).isEqualTo(first);
  }

  @Test
  void tellsWhatItLookedAtSoThatAChangeOfItCanBeSeen() throws Exception {
    Path parts = Files.createDirectory(temp.resolve("parts"));
    Files.writeString(parts.resolve("a.conf"), "[INPUT]\n  Name tail\n  Path /x\n");
    Path secret = Files.writeString(temp.resolve("password"), "hidden\n");
    LoadResult result =
        loadText(
            "main.conf",
            "@SET P=file://"
                + secret
                + "\n[SERVICE]\n  Parsers_File missing.conf\n"
                + "@INCLUDE parts/*.conf\n[OUTPUT]\n  Name es\n  Match *\n  HTTP_Passwd ${P}\n");
    assertThat(result.lookedAt())
        .containsExactlyInAnyOrder(
            temp.resolve("main.conf"),
            parts,
            parts.resolve("a.conf"),
            temp.resolve("missing.conf"),
            secret);
  }
}
