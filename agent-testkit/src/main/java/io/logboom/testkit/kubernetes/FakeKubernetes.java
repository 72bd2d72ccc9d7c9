package io.logboom.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API server on 127.0.0.1 with pods and namespaces, as strict as the real one in what
 * clients get wrong: field selectors, resource versions (0, exact, from the future, compacted),
 * pages, watches with bookmarks and time-outs, tokens, roles. Also answers {@code /pods} as a
 * kubelet does.
 */
public final class FakeKubernetes implements AutoCloseable {
  private final @Nullable SSLContext tls;
  private final Cluster cluster = new Cluster();
  private final Faults faults = new Faults();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Watches watches = new Watches(cluster);
  private @Nullable HttpServer server;
  private @Nullable ExecutorService threads;
  private int port;
  private volatile @Nullable String token;

  /**
   * One request as it was answered.
   *
   * @param verb {@code get}, {@code list} or {@code watch}
   * @param quorum whether it asked for the most recent state, which costs the real server a round
   *     through etcd
   */
  public record Call(String verb, String path, String query, int code, boolean quorum) {}

  private FakeKubernetes(@Nullable SSLContext tls) {
    this.tls = tls;
  }

  /** Answers on an ephemeral port, over plain HTTP. */
  public static FakeKubernetes started() {
    FakeKubernetes fake = new FakeKubernetes(null);
    fake.start();
    return fake;
  }

  /** Answers on an ephemeral port, over TLS. */
  public static FakeKubernetes started(SSLContext tls) {
    FakeKubernetes fake = new FakeKubernetes(tls);
    fake.start();
    return fake;
  }

  /** Listens again after {@link #stop}, on the same port. */
  public synchronized void start() {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
      HttpServer made;
      if (tls == null) {
        made = HttpServer.create(address, 64);
      } else {
        HttpsServer https = HttpsServer.create(address, 64);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        made = https;
      }
      ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
      made.setExecutor(executor);
      made.createContext("/", new ApiHandler(this, cluster, watches));
      made.start();
      port = made.getAddress().getPort();
      server = made;
      threads = executor;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops listening and cuts every connection, as a server that dies; the objects stay. */
  public synchronized void stop() {
    watches.drop();
    if (server != null) {
      server.stop(0);
      server = null;
    }
    if (threads != null) {
      threads.shutdownNow();
      threads = null;
    }
  }

  @Override
  public void close() {
    stop();
  }

  /** Such as {@code http://127.0.0.1:40123}. */
  public String url() {
    return (tls == null ? "http" : "https") + "://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** Only this bearer token is taken from now on; null takes any request. */
  public FakeKubernetes token(@Nullable String value) {
    token = value;
    return this;
  }

  public Faults faults() {
    return faults;
  }

  // ---- objects

  /** Creates or replaces a pod. */
  public FakeKubernetes put(FakePod pod) {
    cluster.put(pod.json());
    return this;
  }

  /** Changes a pod that exists. */
  public FakeKubernetes edit(String namespace, String name, Consumer<ObjectNode> change) {
    if (!cluster.edit(namespace, name, change)) {
      throw new IllegalArgumentException("there is no pod " + namespace + "/" + name);
    }
    return this;
  }

  /** Sets one label of a pod that exists. */
  public FakeKubernetes label(String namespace, String name, String key, String value) {
    return edit(
        namespace,
        name,
        pod -> pod.withObjectProperty("metadata").withObjectProperty("labels").put(key, value));
  }

  public FakeKubernetes delete(String namespace, String name) {
    if (!cluster.delete(namespace, name)) {
      throw new IllegalArgumentException("there is no pod " + namespace + "/" + name);
    }
    return this;
  }

  public FakeKubernetes namespace(
      String name, Map<String, String> labels, Map<String, String> annotations) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", "Namespace").put("apiVersion", "v1");
    ObjectNode metadata = node.putObject("metadata");
    metadata.put("name", name);
    ObjectNode labelNode = metadata.putObject("labels");
    labels.forEach(labelNode::put);
    ObjectNode annotationNode = metadata.putObject("annotations");
    annotations.forEach(annotationNode::put);
    cluster.putNamespace(node);
    return this;
  }

  // ---- what happens to watches

  /** Forgets history, so that every watch from an earlier version is answered with 410 Gone. */
  public FakeKubernetes compact() {
    cluster.compact();
    return this;
  }

  /** Whether a version that is too old gets status 410 at once, not an ERROR event in a stream. */
  public FakeKubernetes goneAsStatus(boolean value) {
    watches.goneAsStatus(value);
    return this;
  }

  /** Sends a bookmark to every watch that wants them. */
  public FakeKubernetes bookmark() {
    watches.bookmark();
    return this;
  }

  /** Cuts the connection of every watch, in the middle of its body. */
  public FakeKubernetes dropWatches() {
    watches.drop();
    return this;
  }

  /** Ends every watch in good order, as at its time-out. */
  public FakeKubernetes endWatches() {
    watches.end();
    return this;
  }

  /** No watch runs longer than this, whatever it asks for. */
  public FakeKubernetes longestWatch(Duration value) {
    watches.longest(value);
    return this;
  }

  /** How many watches are open. */
  public int openWatches() {
    return watches.open();
  }

  // ---- what was asked

  /** All requests so far, oldest first. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** How many requests had this verb. */
  public long count(String verb) {
    return calls.stream().filter(c -> c.verb().equals(verb)).count();
  }

  /** How many requests asked for the most recent state. */
  public long quorumReads() {
    return calls.stream().filter(Call::quorum).count();
  }

  void record(Call call) {
    calls.add(call);
  }

  boolean accepts(@Nullable String authorization) {
    String wanted = token;
    return wanted == null || ("Bearer " + wanted).equals(authorization);
  }
}
