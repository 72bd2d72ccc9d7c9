package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.it.agent.AgentProcess;
import java.io.IOException;

/** The agent's own account of its records, added up anew. */
final class Books {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode ledger;

  private Books(JsonNode ledger) {
    this.ledger = ledger;
  }

  static Books of(AgentProcess agent) throws IOException, InterruptedException {
    return new Books(JSON.readTree(agent.get("/api/v1/ledger").body()));
  }

  /** Waits until nothing is under way, then fails where the books do not add up. */
  static Books atRest(AgentProcess agent) throws IOException, InterruptedException {
    Stand.waiting(agent).until(() -> of(agent).isAtRest());
    Books books = of(agent);
    assertThat(books.ledger.path("adds_up").asBoolean()).as(books.toString()).isTrue();
    for (JsonNode source : books.ledger.path("sources")) {
      assertThat(sum(source, "read", "added"))
          .as("%s: what came in and what became of it", source)
          .isEqualTo(sum(source, "filtered", "unrouted", "routed", "again"));
      source.path("outputs").forEach(Books::addsUp);
    }
    books.ledger.path("outputs").forEach(Books::addsUp);
    return books;
  }

  private static void addsUp(JsonNode output) {
    assertThat(sum(output, "routed", "recovered", "replayed"))
        .as("%s: what came in and what became of it", output)
        .isEqualTo(
            sum(output, "delivered", "discarded", "again", "left", "spooled")
                + reasons(output, "dead_lettered")
                + reasons(output, "lost"));
  }

  private boolean isAtRest() {
    boolean rest = ledger.path("outputs").isObject();
    for (JsonNode output : ledger.path("outputs")) {
      rest &= sum(output, "in_flight", "spooled", "earlier") == 0;
    }
    for (JsonNode source : ledger.path("sources")) {
      rest &= source.path("waiting").asLong() == 0;
    }
    return rest;
  }

  /** Records that were read, from all sources. */
  long read() {
    long sum = 0;
    for (JsonNode source : ledger.path("sources")) {
      sum += source.path("read").asLong();
    }
    return sum;
  }

  long delivered(String output) {
    return ledger.path("outputs").path(output).path("delivered").asLong();
  }

  /** Records that an earlier run had left in the spool, read from it or not. */
  long recovered(String output) {
    return sum(ledger.path("outputs").path(output), "recovered", "earlier");
  }

  long routed(String output) {
    return ledger.path("outputs").path(output).path("routed").asLong();
  }

  /** Whether the agent itself finds that they add up. */
  boolean addsUp() {
    return ledger.path("adds_up").asBoolean();
  }

  long lost(String output) {
    return reasons(ledger.path("outputs").path(output), "lost");
  }

  long deadLettered(String output) {
    return reasons(ledger.path("outputs").path(output), "dead_lettered");
  }

  private static long reasons(JsonNode output, String kind) {
    long sum = 0;
    for (JsonNode count : output.path(kind)) {
      sum += count.asLong();
    }
    return sum;
  }

  /** A field that is not there would make the sum meaningless. */
  private static long sum(JsonNode row, String... fields) {
    long sum = 0;
    for (String field : fields) {
      assertThat(row.has(field)).as("%s in %s", field, row).isTrue();
      sum += row.path(field).asLong();
    }
    return sum;
  }

  @Override
  public String toString() {
    return ledger.toPrettyString();
  }
}
