package io.logboom.core.config;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Option.Refers;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plugins with the options of the real ones that matter to configuration, and no function. */
final class TestPlugins {
  static final Catalog CATALOG =
      new Catalog(
          List.of(
              new TailPlugin(),
              new ForwardPlugin(),
              new KubernetesPlugin(),
              new RewriteTagPlugin(),
              new EsPlugin(),
              new StdoutPlugin()),
          Set.of("docker", "cri", "json", "nginx"),
          Set.of("docker", "cri", "java", "python"));

  private TestPlugins() {}

  record TailConfig(
      @Option(text = "The files to read: patterns, separated by commas.", required = true)
          List<String> path,
      @Option(text = "The tag; * stands for the path.") @Nullable String tag,
      @Option(text = "The parser of lines.", refers = Refers.PARSER) @Nullable String parser,
      @Option(
              text = "Parsers that join lines.",
              name = "multiline.parser",
              repeatable = true,
              refers = Refers.MULTILINE_PARSER)
          List<String> multilineParser,
      @Option(text = "The file with positions.", refers = Refers.OWN_FILE) @Nullable Path db,
      @Option(text = "Seconds between scans.", preset = "60", min = "1") Duration refreshInterval,
      @Option(text = "First size of the buffer.", preset = "32k") ByteSize bufferChunkSize,
      @Option(text = "Largest size of the buffer.", preset = "32k", max = "1G")
          ByteSize bufferMaxSize,
      @Option(text = "Whether to start at the head.", preset = "false") boolean readFromHead) {}

  record TailPlugin() implements InputPlugin<TailConfig> {
    @Override
    public String type() {
      return "tail";
    }

    @Override
    public String text() {
      return "Reads lines from files.";
    }

    @Override
    public Class<TailConfig> config() {
      return TailConfig.class;
    }

    @Override
    public void check(TailConfig config, Problems problems) {
      if (config.bufferMaxSize().compareTo(config.bufferChunkSize()) < 0) {
        problems.error("buffer_max_size", "less than buffer_chunk_size", "at least as much");
      }
    }

    @Override
    public Input create(TailConfig config, Context context) throws StartException {
      throw new StartException("for tests of configuration only");
    }
  }

  record ForwardConfig(
      @Option(text = "Address.", preset = "0.0.0.0") String listen,
      @Option(text = "Port.", preset = "24224", min = "1", max = "65535") int port) {}

  record ForwardPlugin() implements InputPlugin<ForwardConfig> {
    @Override
    public String type() {
      return "forward";
    }

    @Override
    public String text() {
      return "Takes records over the forward protocol.";
    }

    @Override
    public Class<ForwardConfig> config() {
      return ForwardConfig.class;
    }

    @Override
    public boolean setsTags(ForwardConfig config) {
      return true;
    }

    @Override
    public boolean hasDefaultTag() {
      return false;
    }

    @Override
    public Input create(ForwardConfig config, Context context) throws StartException {
      throw new StartException("for tests of configuration only");
    }
  }

  record KubernetesConfig(
      @Option(text = "The API server.", preset = "https://kubernetes.default.svc") String kubeUrl,
      @Option(
              text = "Its authority.",
              name = "kube_ca_file",
              preset = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
          Path kubeCaFile,
      @Option(text = "The token.", preset = "/var/run/secrets/kubernetes.io/serviceaccount/token")
          Path kubeTokenFile,
      @Option(text = "Whether JSON in log joins the record.", preset = "false") boolean mergeLog,
      @Option(text = "Whether log stays.", preset = "true") boolean keepLog,
      @Option(text = "Whether labels are added.", preset = "true") boolean labels,
      @Option(text = "Whether annotations are added.", preset = "true") boolean annotations,
      @Option(
              text = "Whether pods choose their parser.",
              name = "k8s-logging.parser",
              preset = "false")
          boolean loggingParser) {}

  record KubernetesPlugin() implements FilterPlugin<KubernetesConfig> {
    @Override
    public String type() {
      return "kubernetes";
    }

    @Override
    public String text() {
      return "Adds metadata of pods.";
    }

    @Override
    public Class<KubernetesConfig> config() {
      return KubernetesConfig.class;
    }

    @Override
    public Filter create(KubernetesConfig config, Context context) throws StartException {
      throw new StartException("for tests of configuration only");
    }
  }

  record RewriteTagConfig(
      @Option(text = "A rule.", repeatable = true, required = true) List<String> rule) {}

  record RewriteTagPlugin() implements FilterPlugin<RewriteTagConfig> {
    @Override
    public String type() {
      return "rewrite_tag";
    }

    @Override
    public String text() {
      return "Gives records other tags.";
    }

    @Override
    public Class<RewriteTagConfig> config() {
      return RewriteTagConfig.class;
    }

    @Override
    public boolean setsTags(RewriteTagConfig config) {
      return true;
    }

    @Override
    public Filter create(RewriteTagConfig config, Context context) throws StartException {
      throw new StartException("for tests of configuration only");
    }
  }

  enum WriteOperation {
    CREATE,
    INDEX,
    UPDATE,
    UPSERT
  }

  record Tls(
      @Option(text = "Whether to use TLS.", name = "tls", preset = "off") boolean on,
      @Option(text = "Whether to verify.", name = "tls.verify", preset = "on") boolean verify) {}

  record EsConfig(
      @Option(text = "The host.", preset = "127.0.0.1") String host,
      @Option(text = "The port.", preset = "9200", min = "1", max = "65535") int port,
      @Option(text = "The user.") @Nullable String httpUser,
      @Option(text = "The password.") @Nullable Secret httpPasswd,
      @Option(text = "An index a day.", preset = "false") boolean logstashFormat,
      @Option(text = "The index's prefix.", preset = "logstash") String logstashPrefix,
      @Option(text = "How to write.", preset = "create") WriteOperation writeOperation,
      @Option(text = "The largest answer.", preset = "512k") ByteSize bufferSize,
      @Options(text = "TLS") Tls tls) {}

  record EsPlugin() implements OutputPlugin<EsConfig> {
    @Override
    public String type() {
      return "es";
    }

    @Override
    public List<String> aliases() {
      return List.of("elasticsearch");
    }

    @Override
    public String text() {
      return "Sends records to Elasticsearch.";
    }

    @Override
    public Class<EsConfig> config() {
      return EsConfig.class;
    }

    @Override
    public void check(EsConfig config, Problems problems) {
      if (config.httpPasswd() != null && config.httpUser() == null) {
        problems.error("http_passwd", "a password without a user", "set http_user");
      }
    }

    @Override
    public Output create(EsConfig config, Context context) throws StartException {
      throw new StartException("for tests of configuration only");
    }
  }

  record StdoutConfig(@Option(text = "The format.", preset = "json_lines") String format) {}

  record StdoutPlugin() implements OutputPlugin<StdoutConfig> {
    @Override
    public String type() {
      return "stdout";
    }

    @Override
    public String text() {
      return "Prints records.";
    }

    @Override
    public Class<StdoutConfig> config() {
      return StdoutConfig.class;
    }

    @Override
    public Output create(StdoutConfig config, Context context) throws StartException {
      throw new StartException("for tests of configuration only");
    }
  }
}
