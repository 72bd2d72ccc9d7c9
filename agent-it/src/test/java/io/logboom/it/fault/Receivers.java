package io.logboom.it.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logboom.it.search.Search;
import io.logboom.testkit.cloudwatch.FakeCloudWatch;
import io.logboom.testkit.elasticsearch.OpenSearchServer;
import io.logboom.testkit.loki.FakeLoki;
import io.logboom.testkit.s3.S3ProxyServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Four kinds of receivers at once: Loki, CloudWatch Logs, S3 and OpenSearch, each behind a relay.
 * What they have is asked past the relays.
 */
final class Receivers implements AutoCloseable {
  private static final String BUCKET = "logs";

  /** One of the four. */
  interface Receiver {
    /** The output's name. */
    String name();

    Relay relay();

    /** How many records it has, the same one counted as often as it has it. */
    long count() throws IOException, InterruptedException;

    /** Gives each record with all that the receiver knows of it. */
    void forEach(Consumer<byte[]> record) throws IOException, InterruptedException;

    /** How many records came again and were known. */
    default long known() {
      return 0;
    }
  }

  private final List<Closeable> open = new ArrayList<>();
  private final List<Receiver> all;
  private final Path credentials;

  /** Starts them, with their data below that directory. */
  Receivers(Path directory) throws IOException {
    FakeLoki loki = FakeLoki.start();
    open.addFirst(loki::close);
    FakeCloudWatch logs = FakeCloudWatch.start();
    open.addFirst(logs::close);
    S3ProxyServer store = S3ProxyServer.start(Files.createDirectories(directory.resolve("s3")));
    open.addFirst(store::close);
    OpenSearchServer search = OpenSearchServer.start(directory.resolve("opensearch"));
    open.addFirst(search::close);
    store.bucket(BUCKET);
    this.all =
        List.of(
            new Loki(relay(loki.port()), loki),
            new CloudWatch(relay(logs.port()), logs),
            new S3(relay(store.port()), store, new HashMap<>()),
            new OpenSearch(relay(search.port()), new Search(search.uri())));
    this.credentials =
        Files.writeString(
            directory.resolve("credentials"),
            profile("store", S3ProxyServer.ACCESS_KEY, S3ProxyServer.SECRET_KEY)
                + profile("logs", FakeCloudWatch.KEY, "secret"));
  }

  private static String profile(String name, String key, String secret) {
    return """
    [NAME]
    aws_access_key_id = KEY
    aws_secret_access_key = SECRET
    """
        .replace("NAME", name)
        .replace("KEY", key)
        .replace("SECRET", secret);
  }

  private Relay relay(int port) throws IOException {
    Relay relay = new Relay(port);
    open.addFirst(relay::close);
    return relay;
  }

  List<Receiver> all() {
    return all;
  }

  /** What the agent finds in its environment. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_SHARED_CREDENTIALS_FILE",
        credentials.toString(),
        "AWS_CONFIG_FILE",
        "none",
        "AWS_EC2_METADATA_DISABLED",
        "true");
  }

  /** Adds an output for each. */
  Setup addTo(Setup setup) {
    return setup
        .plugin("loki", "loki")
        .with("host", "127.0.0.1")
        .with("port", port("loki"))
        .with("labels", "pod=$kubernetes['pod_name'], $stream")
        .with("remove_keys", "kubernetes")
        .plugin("cloudwatch_logs", "cloudwatch")
        .with("region", "eu-central-1")
        .with("profile", "logs")
        .with("endpoint", endpoint("cloudwatch"))
        .with("log_group_name", "shop")
        .with("log_stream_prefix", "unknown-")
        .with("log_stream_template", "$kubernetes['pod_name']")
        .with("auto_create_group", "on")
        .with("log_key", "log")
        .with("compress", "gzip")
        .plugin("s3", "s3")
        .with("region", "eu-central-1")
        .with("profile", "store")
        .with("endpoint", endpoint("s3"))
        .with("bucket", BUCKET)
        .with("upload_timeout", "1s")
        .output("opensearch", port("opensearch"))
        .with("index", "logs-it")
        .with("id", "position");
  }

  private int port(String name) {
    return all.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow()
        .relay()
        .port();
  }

  private String endpoint(String name) {
    return "http://127.0.0.1:" + port(name);
  }

  @Override
  public void close() throws IOException {
    for (Closeable each : open) {
      each.close();
    }
  }

  private record Loki(Relay relay, FakeLoki server) implements Receiver {
    @Override
    public String name() {
      return "loki";
    }

    @Override
    public long count() {
      return server.count();
    }

    @Override
    public long known() {
      return server.duplicates();
    }

    @Override
    public void forEach(Consumer<byte[]> record) {
      server
          .stored()
          .forEach(each -> record.accept((each.labels() + " " + each.line()).getBytes(UTF_8)));
    }
  }

  private record CloudWatch(Relay relay, FakeCloudWatch server) implements Receiver {
    @Override
    public String name() {
      return "cloudwatch";
    }

    @Override
    public long count() {
      return server.count();
    }

    @Override
    public void forEach(Consumer<byte[]> record) {
      server
          .stored()
          .forEach(each -> record.accept((each.stream() + " " + each.message()).getBytes(UTF_8)));
    }
  }

  /**
   * @param counted the records of the objects that have been read already
   */
  private record S3(Relay relay, S3ProxyServer server, Map<String, Long> counted)
      implements Receiver {
    @Override
    public String name() {
      return "s3";
    }

    @Override
    public long count() throws IOException {
      for (Map.Entry<String, Path> object : server.objects(BUCKET).entrySet()) {
        if (!counted.containsKey(object.getKey())) {
          try (Stream<String> lines = Files.lines(object.getValue())) {
            counted.put(object.getKey(), lines.count());
          }
        }
      }
      return counted.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void forEach(Consumer<byte[]> record) throws IOException {
      for (Path object : server.objects(BUCKET).values()) {
        try (Stream<String> lines = Files.lines(object)) {
          lines.forEach(line -> record.accept(line.getBytes(UTF_8)));
        }
      }
    }
  }

  private record OpenSearch(Relay relay, Search search) implements Receiver {
    @Override
    public String name() {
      return "opensearch";
    }

    @Override
    public long count() throws IOException, InterruptedException {
      search.refresh();
      return search.count();
    }

    @Override
    public void forEach(Consumer<byte[]> record) throws IOException, InterruptedException {
      search.forEach(document -> record.accept(document.toString().getBytes(UTF_8)));
    }
  }
}
