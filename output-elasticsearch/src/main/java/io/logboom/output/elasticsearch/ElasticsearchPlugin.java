package io.logboom.output.elasticsearch;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.api.record.AccessorSyntaxException;
import io.logboom.api.record.Template;
import io.logboom.api.time.Strftime;
import io.logboom.aws.AwsPasses;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.send.Passes;
import io.logboom.net.tls.Tls;
import io.logboom.net.tls.TlsOptions;
import io.logboom.output.elasticsearch.ElasticsearchConfig.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code es} output. */
public final class ElasticsearchPlugin implements OutputPlugin<ElasticsearchConfig> {
  /** Those of a name, not those of time conversions. */
  private static final Pattern CAPITALS = Pattern.compile("(?<!%)[A-Z]+");

  @Override
  public String type() {
    return "es";
  }

  @Override
  public List<String> aliases() {
    return List.of("elasticsearch", "opensearch");
  }

  @Override
  public String text() {
    return "Delivers to Elasticsearch and OpenSearch with bulk requests.";
  }

  @Override
  public Class<ElasticsearchConfig> config() {
    return ElasticsearchConfig.class;
  }

  @Override
  public void check(ElasticsearchConfig config, Problems problems) {
    Tls.check(config.tls(), problems);
    AwsHost.check(config, problems);
    checkHosts(config.target(), problems);
    checkIndex(config.index(), problems);
    checkIds(config.ids(), problems);
    format("time_key_format", config.document().timeKeyFormat(), problems);
    if (config.document().timeKey().isEmpty()) {
      problems.error("time_key", "is empty", "leave it out for @timestamp");
    }
    ElasticsearchConfig.Auth auth = config.auth();
    int ways =
        (auth.httpUser() != null ? 1 : 0)
            + (auth.httpApiKey() != null ? 1 : 0)
            + (auth.cloudAuth() != null ? 1 : 0);
    if (ways > 1) {
      problems.error(
          "http_api_key", "more than one way to authenticate is configured", "keep one of them");
    }
    if (auth.cloudAuth() != null && auth.cloudAuth().reveal().indexOf(':') < 0) {
      problems.error("cloud_auth", "is not user:password", "user:password");
    }
    if (ways > 0 && !config.tls().on() && config.target().cloudId() == null) {
      problems.warning("tls", "is off: the password or key is sent in the clear", "tls: on");
    }
  }

  private static void checkHosts(ElasticsearchConfig.Target target, Problems problems) {
    if (target.cloudId() != null && cloud(target.cloudId()) == null) {
      problems.error("cloud_id", "is no id of an Elastic Cloud deployment", "name:base64");
    }
    if (target.upstream() != null) {
      problems.error(
          "upstream", "files that list hosts are not read", "hosts: first:9200, second:9200");
    }
    List<String> hosts = target.hosts();
    if (hosts == null) {
      if (HostPort.parse(target.host(), target.port()) == null) {
        problems.error(
            "host", "is no host name or address", "host: elastic.example.com and port: 9200");
      }
      return;
    }
    for (String host : hosts) {
      if (HostPort.parse(host, target.port()) == null) {
        problems.error(
            "hosts", "'" + host + "' is not host or host:port", "first:9200, second:9200");
      }
    }
    if (hosts.isEmpty()) {
      problems.error("hosts", "is empty", "");
    }
  }

  private static void checkIndex(ElasticsearchConfig.Index index, Problems problems) {
    if (index.logstashFormat()) {
      format("logstash_dateformat", index.logstashDateformat(), problems);
      name("logstash_prefix", index.logstashPrefix(), problems);
      return;
    }
    format("index", index.index(), problems);
    try {
      if (Template.parse(index.index()).isConstant()) {
        name("index", index.index(), problems);
      }
    } catch (AccessorSyntaxException e) {
      problems.error("index", String.valueOf(e.getMessage()), "$key or $map['key']");
    }
    if (index.logstashPrefixKey() != null) {
      problems.warning(
          "logstash_prefix_key", "has no effect without logstash_format", "logstash_format: on");
    }
  }

  /** What Elasticsearch refuses in the name of an index, as far as it is certain. */
  private static void name(String option, String value, Problems problems) {
    String letters = value.replaceAll("%[A-Za-z]", "");
    if (!letters.equals(letters.toLowerCase(Locale.ROOT))) {
      problems.error(
          option,
          "has capital letters, which no index may have",
          CAPITALS.matcher(value).replaceAll(found -> found.group().toLowerCase(Locale.ROOT)));
    }
    if (letters.chars().anyMatch(c -> "\\/*?\"<>| ,#".indexOf(c) >= 0)) {
      problems.error(option, "has a character that no index may have", "a-z, 0-9, '-', '_', '.'");
    }
    if (value.isEmpty() || value.startsWith("-") || value.startsWith("_")) {
      problems.error(option, "is empty or starts with '-' or '_'", "");
    }
  }

  private static void checkIds(ElasticsearchConfig.Ids ids, Problems problems) {
    boolean needed =
        ids.writeOperation() == Operation.UPDATE || ids.writeOperation() == Operation.UPSERT;
    boolean given =
        ids.idKey() != null || ids.generateId() || ids.id() != ElasticsearchConfig.Id.NONE;
    if (needed && !given) {
      problems.error(
          "write_operation",
          "update and upsert need an id",
          "set id_key, generate_id or id: position");
    }
  }

  private static void format(String option, String value, Problems problems) {
    try {
      Strftime.parse(value);
    } catch (IllegalArgumentException e) {
      problems.error(option, String.valueOf(e.getMessage()), "%Y.%m.%d");
    }
  }

  @Override
  public Output create(ElasticsearchConfig config, Context context) throws StartException {
    HostPort cloud = config.target().cloudId() == null ? null : cloud(config.target().cloudId());
    TlsOptions tls = config.tls();
    List<HostPort> hosts = new ArrayList<>();
    if (cloud != null) {
      hosts.add(cloud);
      tls = tls.on() ? tls : TlsOptions.trusting(tls.caFile());
    } else {
      List<String> names =
          config.target().hosts() == null
              ? List.of(config.target().host())
              : config.target().hosts();
      for (String name : names) {
        HostPort host = HostPort.parse(name, config.target().port());
        if (host == null) {
          throw new StartException("'" + name + "' is not host or host:port");
        }
        hosts.add(host);
      }
    }
    HttpClient client =
        HttpClient.create(
            new HttpClient.Settings(
                hosts, config.net(), tls, headers(config.auth()), context.meters()));
    try {
      Passes passes =
          config.aws().awsAuth() ? signing(config.aws(), hosts.getFirst(), context) : Passes.NONE;
      return new Elasticsearch(config, context, client, passes);
    } catch (StartException e) {
      client.close();
      throw e;
    }
  }

  private static Passes signing(ElasticsearchConfig.Aws config, HostPort host, Context context)
      throws StartException {
    return new AwsPasses(
        config.identity(),
        AwsHost.region(config, host),
        AwsHost.service(config, host),
        host,
        context);
  }

  private static List<String> headers(ElasticsearchConfig.Auth auth) {
    List<String> headers = new ArrayList<>(List.of("User-Agent", "Logboom"));
    String authorization = null;
    if (auth.httpApiKey() != null) {
      authorization = "ApiKey " + auth.httpApiKey().reveal();
    } else if (auth.cloudAuth() != null) {
      String both = auth.cloudAuth().reveal();
      int colon = both.indexOf(':');
      authorization = HttpRequest.basic(both.substring(0, colon), both.substring(colon + 1));
    } else if (auth.httpUser() != null) {
      authorization =
          HttpRequest.basic(
              auth.httpUser(), auth.httpPasswd() == null ? "" : auth.httpPasswd().reveal());
    }
    if (authorization != null) {
      headers.addAll(List.of("Authorization", authorization));
    }
    return headers;
  }

  /** {@code name:base64(domain$elasticsearch$kibana)}: the host is elasticsearch.domain. */
  private static @Nullable HostPort cloud(String id) {
    int colon = id.lastIndexOf(':');
    try {
      String[] parts =
          new String(Base64.getDecoder().decode(id.substring(colon + 1)), StandardCharsets.UTF_8)
              .split("\\$", -1);
      if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
        return null;
      }
      HostPort domain = HostPort.parse(parts[0], 443);
      return domain == null ? null : new HostPort(parts[1] + "." + domain.host(), domain.port());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
