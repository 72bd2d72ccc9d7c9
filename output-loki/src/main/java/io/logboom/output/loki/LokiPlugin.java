package io.logboom.output.loki;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logboom.api.config.Secret;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.api.record.Accessor;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.tls.Tls;
import io.logboom.output.loki.LokiConfig.Compress;
import io.logboom.output.loki.LokiEncoder.Shape;
import io.logboom.output.loki.PushBody.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code loki} output. */
public final class LokiPlugin implements OutputPlugin<LokiConfig> {
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+ +[^\r\n]*");

  @Override
  public String type() {
    return "loki";
  }

  @Override
  public String text() {
    return "Delivers to Grafana Loki, in streams of lines.";
  }

  @Override
  public Class<LokiConfig> config() {
    return LokiConfig.class;
  }

  @Override
  public void check(LokiConfig config, Problems problems) {
    Tls.check(config.tls(), problems);
    if (HostPort.parse(config.target().host(), config.target().port()) == null) {
      problems.error("host", "is no host name or address", "host: loki.example.com and port: 3100");
    }
    if (!config.target().uri().startsWith("/")) {
      problems.error("uri", "does not begin with /", "/loki/api/v1/push");
    }
    items("labels", config.labels().labels(), problems);
    items("structured_metadata", config.structured().structuredMetadata(), problems);
    accessors("label_keys", config.labels().labelKeys(), problems);
    accessors(
        "structured_metadata_map_keys", config.structured().structuredMetadataMapKeys(), problems);
    for (Accessor accessor : config.line().removeKeys()) {
      if (Source.path(accessor).isEmpty()) {
        problems.error(
            "remove_keys", "'" + accessor + "' does not lead to a member by names", "$map['key']");
      }
    }
    if (config.line().removeKeys().size() > 60) {
      problems.error("remove_keys", "has more than 60 names", "");
    }
    if (drop(config) == null) {
      problems.error("drop_single_key", "is not on, off or raw", "raw");
    }
    if (config.labels().autoKubernetesLabels()) {
      problems.warning(
          "auto_kubernetes_labels",
          "makes each label of a pod a stream label; Loki refuses more than 15 as it comes",
          "structured_metadata_map_keys: $kubernetes['labels']");
    }
    if (config.requests().maxAge() != null && !config.requests().maxAge().isPositive()) {
      problems.error("max_age", "is not above 0", "max_age: 6d");
    }
    checkAuth(config, problems);
  }

  private static void checkAuth(LokiConfig config, Problems problems) {
    LokiConfig.Auth auth = config.auth();
    if (auth.httpUser() != null && auth.bearerToken() != null) {
      problems.error(
          "bearer_token", "more than one way to authenticate is configured", "keep one of them");
    }
    boolean given = auth.httpUser() != null || auth.bearerToken() != null;
    if (given && !config.tls().on()) {
      problems.warning("tls", "is off: the password or token is sent in the clear", "tls: on");
    }
    String tenant = auth.tenantId();
    if (tenant != null && !tenant.matches("[!-{}~]{1,150}")) {
      problems.error("tenant_id", "is empty, too long, or has blanks or |", "tenant_id: team-a");
    }
    for (Secret header : auth.header()) {
      if (!HEADER.matcher(header.reveal()).matches()) {
        problems.error("header", "is not a name, a blank and a value", "header: X-Name value");
      }
    }
  }

  private static void items(String option, List<String> items, Problems problems) {
    for (String item : items) {
      try {
        Source.Item.parse(item);
      } catch (IllegalArgumentException e) {
        problems.error(option, String.valueOf(e.getMessage()), "name=$kubernetes['pod_name']");
      }
    }
  }

  private static void accessors(String option, List<String> texts, Problems problems) {
    for (String text : texts) {
      try {
        Accessor.parse(text);
      } catch (IllegalArgumentException e) {
        problems.error(option, String.valueOf(e.getMessage()), "$key or $map['key']");
      }
    }
  }

  @Override
  public Output create(LokiConfig config, Context context) throws StartException {
    HostPort host = HostPort.parse(config.target().host(), config.target().port());
    Lines.Drop drop = drop(config);
    if (host == null || drop == null) {
      throw new StartException("host or drop_single_key is not what it should be");
    }
    Format format =
        config.requests().compress() == Compress.GZIP
            ? Format.JSON_GZIP
            : config.requests().protobuf() ? Format.PROTOBUF : Format.JSON;
    Shape shape = shape(config, drop, format == Format.PROTOBUF);
    HttpClient client =
        HttpClient.create(
            new HttpClient.Settings(
                List.of(host),
                config.net(),
                config.tls(),
                headers(config.auth()),
                context.meters()));
    return new Loki(config, context, client, shape, format);
  }

  private static Shape shape(LokiConfig config, Lines.Drop drop, boolean protobuf)
      throws StartException {
    LokiConfig.Labels labels = config.labels();
    List<Shape.Made> ofLabels = new ArrayList<>();
    if (labels.autoKubernetesLabels()) {
      Accessor all = Accessor.parse("$kubernetes['labels']");
      ofLabels.add(names -> Source.members(all, names, true));
    }
    if (labels.labelMapPath() != null) {
      for (Mapped each : map(labels.labelMapPath())) {
        ofLabels.add(names -> Source.value(each.name, each.from, names, false));
      }
    }
    for (String key : labels.labelKeys()) {
      Accessor accessor = Accessor.parse(key);
      ofLabels.add(names -> Source.value(Source.nameOf(accessor), accessor, names, false));
    }
    for (String item : labels.labels()) {
      Source.Item parsed = Source.Item.parse(item);
      ofLabels.add(names -> parsed.source(names, false));
    }
    List<Shape.Made> ofMetadata = new ArrayList<>();
    for (String key : config.structured().structuredMetadataMapKeys()) {
      Accessor accessor = Accessor.parse(key);
      ofMetadata.add(names -> Source.members(accessor, names, false));
    }
    for (String item : config.structured().structuredMetadata()) {
      Source.Item parsed = Source.Item.parse(item);
      ofMetadata.add(names -> parsed.source(names, true));
    }
    return new Shape(
        protobuf,
        labels.defaultLabels() && ofLabels.isEmpty(),
        config.line(),
        drop,
        List.copyOf(ofLabels),
        List.copyOf(ofMetadata));
  }

  private static Lines.@Nullable Drop drop(LokiConfig config) {
    return switch (config.line().dropSingleKey().toLowerCase(Locale.ROOT)) {
      case "off", "false", "no" -> Lines.Drop.OFF;
      case "on", "true", "yes" -> Lines.Drop.ON;
      case "raw" -> Lines.Drop.RAW;
      default -> null;
    };
  }

  private static List<String> headers(LokiConfig.Auth auth) {
    List<String> headers = new ArrayList<>(List.of("User-Agent", "Logboom"));
    if (auth.bearerToken() != null) {
      headers.addAll(List.of("Authorization", "Bearer " + auth.bearerToken().reveal()));
    } else if (auth.httpUser() != null) {
      headers.addAll(
          List.of(
              "Authorization",
              HttpRequest.basic(
                  auth.httpUser(), auth.httpPasswd() == null ? "" : auth.httpPasswd().reveal())));
    }
    for (Secret header : auth.header()) {
      String text = header.reveal();
      int blank = text.indexOf(' ');
      headers.addAll(List.of(text.substring(0, blank), text.substring(blank).strip()));
    }
    return headers;
  }

  // ---- label_map_path

  /** A member of the record, and the label that it becomes. */
  private record Mapped(Accessor from, String name) {}

  /** {@code {"kubernetes":{"pod_name":"pod"}}}: objects lead to members, texts are names. */
  private static List<Mapped> map(Path file) throws StartException {
    List<Mapped> all = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(Files.readAllBytes(file))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new StartException("label_map_path: " + file + " is no JSON object");
      }
      List<String> path = new ArrayList<>();
      while (parser.nextToken() != null) {
        switch (parser.currentToken()) {
          case FIELD_NAME -> path.add(parser.currentName());
          case START_OBJECT -> {
            // Its name is on the path.
          }
          case END_OBJECT -> {
            if (!path.isEmpty()) {
              path.removeLast();
            }
          }
          case VALUE_STRING -> {
            all.add(mapped(file, path, parser.getText()));
            path.removeLast();
          }
          default ->
              throw new StartException(
                  "label_map_path: " + file + " has a value that is neither object nor text");
        }
      }
    } catch (IOException e) {
      throw new StartException("label_map_path: " + file + " cannot be read: " + e.getMessage());
    }
    return all;
  }

  private static Mapped mapped(Path file, List<String> path, String name) throws StartException {
    if (!Source.isName(name)) {
      throw new StartException(
          "label_map_path: " + file + ": '" + name + "' is no name of a label");
    }
    StringBuilder text = new StringBuilder("$").append(path.getFirst());
    for (String step : path.subList(1, path.size())) {
      text.append("['").append(step).append("']");
    }
    try {
      return new Mapped(Accessor.parse(text.toString()), name);
    } catch (IllegalArgumentException e) {
      throw new StartException("label_map_path: " + file + ": " + e.getMessage());
    }
  }
}
