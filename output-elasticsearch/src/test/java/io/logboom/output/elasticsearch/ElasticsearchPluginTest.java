package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.core.config.Binder;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ElasticsearchPluginTest {
  @Test
  void isFoundUnderEachOfItsNames() {
    List<String> words = new ArrayList<>();
    for (OutputPlugin<?> plugin : ServiceLoader.load(OutputPlugin.class)) {
      words.add(plugin.type());
      words.addAll(plugin.aliases());
    }
    assertThat(words).contains("es", "elasticsearch", "opensearch");
  }

  @Test
  void hasFluentBitsDefaultsButForItsTraps() {
    ElasticsearchConfig config = Binder.bind(ElasticsearchConfig.class);
    assertThat(config.target().host()).isEqualTo("127.0.0.1");
    assertThat(config.target().port()).isEqualTo(9200);
    assertThat(config.index().index()).isEqualTo("fluent-bit");
    assertThat(config.index().logstashPrefix()).isEqualTo("logstash");
    assertThat(config.index().suppressTypeName()).isTrue();
    assertThat(config.ids().writeOperation()).isEqualTo(ElasticsearchConfig.Operation.CREATE);
    assertThat(config.tls().verifyHostname()).isTrue();
    assertThat(problems()).isEmpty();
  }

  @Test
  void takesAllOptionsThatFluentBitHas() {
    assertThat(
            problems(
                "host",
                "search",
                "port",
                "9200",
                "index",
                "app",
                "type",
                "_doc",
                "suppress_type_name",
                "on",
                "http_user",
                "u",
                "http_passwd",
                "p",
                "logstash_format",
                "on",
                "logstash_prefix",
                "logs",
                "logstash_prefix_separator",
                "_",
                "logstash_prefix_key",
                "$kubernetes['namespace_name']",
                "logstash_dateformat",
                "%Y.%W",
                "time_key",
                "@t",
                "time_key_format",
                "%FT%T",
                "time_key_nanos",
                "on",
                "include_tag_key",
                "on",
                "tag_key",
                "tag",
                "generate_id",
                "on",
                "write_operation",
                "index",
                "replace_dots",
                "on",
                "current_time_index",
                "off",
                "buffer_size",
                "false",
                "path",
                "/x",
                "pipeline",
                "p",
                "trace_output",
                "off",
                "trace_error",
                "on",
                "compress",
                "gzip",
                "tls",
                "on",
                "tls.verify",
                "on",
                "tls.verify_hostname",
                "on",
                "tls.debug",
                "1",
                "tls.vhost",
                "v",
                "net.connect_timeout",
                "10",
                "net.keepalive",
                "on",
                "net.keepalive_idle_timeout",
                "30",
                "net.dns.mode",
                "UDP",
                "net.tcp_keepalive",
                "on"))
        .isEmpty();
  }

  @Test
  void namesWhatCannotWork() {
    assertThat(problems("index", "Logs"))
        .containsExactly("index: has capital letters, which no index may have");
    assertThat(problems("index", "a%Qb")).singleElement().asString().contains("'%Q'");
    assertThat(problems("logstash_format", "on", "logstash_prefix", "a/b"))
        .containsExactly("logstash_prefix: has a character that no index may have");
    assertThat(problems("hosts", "a:9200, b:notaport")).singleElement().asString().contains("b:");
    assertThat(problems("host", "http://search")).singleElement().asString().startsWith("host: ");
    assertThat(problems("write_operation", "upsert"))
        .containsExactly("write_operation: update and upsert need an id");
    assertThat(problems("cloud_id", "nonsense")).singleElement().asString().startsWith("cloud_id");
    assertThat(problems("upstream", "hosts.conf"))
        .singleElement()
        .asString()
        .startsWith("upstream");
    assertThat(problems("tls", "on", "tls.crt_file", "/a"))
        .singleElement()
        .asString()
        .startsWith("tls.crt_file: ");
    assertThat(problems("tls.min_version", "TLSv9"))
        .singleElement()
        .asString()
        .startsWith("tls.min_version: ");
    assertThat(problems("tls", "on", "tls.verify", "off"))
        .singleElement()
        .asString()
        .startsWith("warning tls.verify");
    assertThat(problems("http_user", "u")).singleElement().asString().startsWith("warning tls");
  }

  private static List<String> problems(String... options) {
    List<String> found = new ArrayList<>();
    new ElasticsearchPlugin()
        .check(
            Binder.bind(ElasticsearchConfig.class, options),
            new Problems() {
              @Override
              public void error(String option, String rule, String hint) {
                found.add(option + ": " + rule);
              }

              @Override
              public void warning(String option, String rule, String hint) {
                found.add("warning " + option + ": " + rule);
              }
            });
    return found;
  }
}
