package io.logboom.testkit.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logboom.testkit.aws.FakeAws;
import io.logboom.testkit.http.ScriptedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The bulk endpoint for faults that a real node cannot be made to show at will. It parses each
 * request strictly, keeps the documents it accepts, refuses an id twice on create, and answers each
 * request with the next fault that was asked for, if any.
 */
public final class FakeElasticsearch implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One accepted document. */
  public record Document(String index, @Nullable String id, JsonNode source) {}

  /** One line pair of a request. */
  public record Item(String operation, String index, @Nullable String id, JsonNode source) {}

  /** Judges one item; null accepts it. */
  public interface Judge {
    @Nullable Refusal judge(Item item);
  }

  /** The answer to one item, or to a request. */
  public record Refusal(int status, String type, String reason) {}

  /** Judges a request before its items; null lets it in. */
  public interface Gate {
    @Nullable Refusal judge(ScriptedServer.Received request);
  }

  /** Plays one request instead of the usual answer. */
  public interface Fault {
    /**
     * @param accept stores the request's documents and gives the usual answer's text
     */
    void play(ScriptedServer.Received request, ScriptedServer.Line line, Accept accept)
        throws IOException, InterruptedException;
  }

  /** Stores a request's documents. */
  public interface Accept {
    String accept();
  }

  private final ScriptedServer server;
  private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
  private final List<Document> documents = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private volatile Judge judge = _ -> null;
  private volatile Gate gate = _ -> null;
  private volatile @Nullable FakeAws guard;
  private final AtomicInteger turnedAway = new AtomicInteger();
  private volatile int padding;

  private FakeElasticsearch(@Nullable SSLContext tls, boolean clientCertificate)
      throws IOException {
    this.server = ScriptedServer.start(this::play, tls, clientCertificate);
  }

  public static FakeElasticsearch start() throws IOException {
    return new FakeElasticsearch(null, false);
  }

  /** With TLS. */
  public static FakeElasticsearch start(SSLContext tls, boolean clientCertificate)
      throws IOException {
    return new FakeElasticsearch(tls, clientCertificate);
  }

  public int port() {
    return server.port();
  }

  public ScriptedServer server() {
    return server;
  }

  /** The next request that nothing else was asked for is played so. */
  public FakeElasticsearch next(Fault fault) {
    faults.addLast(fault);
    return this;
  }

  /** The next request is answered with this status, and nothing of it is kept. */
  public FakeElasticsearch nextStatus(int status, String body, String... headerLines) {
    return next((_, line, _) -> line.answer(status, body, headerLines));
  }

  /** How items are judged from now on. */
  public void judge(Judge next) {
    judge = next;
  }

  /** Which requests are refused as a whole from now on. */
  public void gate(Gate next) {
    gate = next;
  }

  /** Lets in only what is signed with what {@code by} gave, as AWS's endpoints do. */
  public void guard(FakeAws by) {
    guard = by;
  }

  /** How many requests the guard did not let in. */
  public int turnedAway() {
    return turnedAway.get();
  }

  /** Each item of an answer gets this many further bytes. */
  public void padItems(int bytes) {
    padding = bytes;
  }

  /** What was accepted, in the order in which it came. */
  public List<Document> documents() {
    synchronized (documents) {
      return List.copyOf(documents);
    }
  }

  /** The items of a request, checked line by line. */
  public static List<Item> parse(String body) {
    if (!body.endsWith("\n")) {
      throw new IllegalStateException("The bulk request must be terminated by a newline [\\n]");
    }
    List<Item> items = new ArrayList<>();
    String[] lines = body.split("\n", -1);
    try {
      for (int i = 0; i + 1 < lines.length; i += 2) {
        JsonNode action = JSON.readTree(lines[i]);
        String operation = action.fieldNames().next();
        JsonNode meta = action.get(operation);
        JsonNode id = meta.get("_id");
        items.add(
            new Item(
                operation,
                meta.get("_index").asText(),
                id == null ? null : id.asText(),
                JSON.readTree(lines[i + 1])));
      }
    } catch (IOException e) {
      throw new IllegalStateException("a line is no JSON", e);
    }
    return items;
  }

  private void play(ScriptedServer.Received request, ScriptedServer.Line line)
      throws IOException, InterruptedException {
    FakeAws by = guard;
    FakeAws.Refusal unknown = by == null ? null : by.judge(request);
    if (unknown != null) {
      turnedAway.incrementAndGet();
      line.answer(
          unknown.status(),
          JSON.createObjectNode().put("message", unknown.message()).toString(),
          "Content-Type: application/json",
          "x-amzn-ErrorType: " + unknown.code());
      return;
    }
    Fault fault = faults.pollFirst();
    Refusal whole = gate.judge(request);
    if (fault != null) {
      fault.play(request, line, () -> accept(request));
    } else if (whole != null) {
      line.answer(whole.status(), whole.type() + ": " + whole.reason());
    } else {
      line.answer(200, accept(request), "Content-Type: application/json");
    }
  }

  private String accept(ScriptedServer.Received request) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("took", 3);
    boolean errors = false;
    ArrayNode items = JSON.createArrayNode();
    for (Item item : parse(request.text())) {
      Refusal refusal = judge.judge(item);
      synchronized (documents) {
        if (refusal == null
            && item.id() != null
            && !ids.add(item.index() + "/" + item.id())
            && item.operation().equals("create")) {
          refusal =
              new Refusal(409, "version_conflict_engine_exception", "document already exists");
        }
        if (refusal == null) {
          documents.add(new Document(item.index(), item.id(), item.source()));
        }
      }
      errors |= refusal != null;
      items.add(answer(item, refusal));
    }
    answer.put("errors", errors);
    answer.set("items", items);
    return answer.toString();
  }

  private ObjectNode answer(Item item, @Nullable Refusal refusal) {
    ObjectNode outer = JSON.createObjectNode();
    ObjectNode inner = outer.putObject(item.operation());
    inner.put("_index", item.index());
    if (padding > 0) {
      inner.put("_id", "x".repeat(padding));
    }
    inner.put("status", refusal == null ? 201 : refusal.status());
    if (refusal != null) {
      inner.putObject("error").put("type", refusal.type()).put("reason", refusal.reason());
    }
    return outer;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
