package io.logboom.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake is as strict as the real server in what clients get wrong. */
class FakeKubernetesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private FakeKubernetes api;

  @BeforeEach
  void start() {
    api = FakeKubernetes.started();
    api.put(FakePod.named("a", "one", "u1").node("n1").label("l", "1"));
    api.put(FakePod.named("a", "two", "u2").node("n2"));
    api.put(FakePod.named("b", "three", "u3"));
  }

  @AfterEach
  void stop() {
    api.close();
    client.close();
  }

  private HttpResponse<String> get(String target) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api.url() + target))
            .header("Authorization", "Bearer t")
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(String target) throws IOException, InterruptedException {
    return JSON.readTree(get(target).body());
  }

  private List<String> events(String target) throws IOException, InterruptedException {
    List<String> events = new ArrayList<>();
    for (String line : get(target).body().lines().toList()) {
      JsonNode event = JSON.readTree(line);
      events.add(
          event.path("type").asText() + " " + event.at("/object/metadata/name").asText().trim());
    }
    return events;
  }

  private String version() throws IOException, InterruptedException {
    return json("/api/v1/pods").at("/metadata/resourceVersion").asText();
  }

  @Test
  void selectsByTheFieldsThatTheServerKnowsAndRefusesOthers() throws Exception {
    JsonNode list = json("/api/v1/pods?fieldSelector=spec.nodeName%3Dn1");
    assertThat(list.path("items")).hasSize(1);
    assertThat(list.at("/items/0/metadata/name").asText()).isEqualTo("one");
    assertThat(json("/api/v1/pods?fieldSelector=spec.nodeName!%3Dn1").path("items")).hasSize(2);
    assertThat(get("/api/v1/pods?fieldSelector=spec.nodename%3Dn1").statusCode()).isEqualTo(400);
    assertThat(json("/api/v1/namespaces/b/pods").path("items")).hasSize(1);
  }

  @Test
  void pagesOnlyWhatIsNotServedFromTheCache() throws Exception {
    JsonNode first = json("/api/v1/pods?limit=2");
    assertThat(first.path("items")).hasSize(2);
    String next = first.at("/metadata/continue").asText();
    assertThat(json("/api/v1/pods?limit=2&continue=" + next).path("items")).hasSize(1);
    assertThat(get("/api/v1/pods?resourceVersion=0&continue=" + next).statusCode()).isEqualTo(400);
    assertThat(json("/api/v1/pods?limit=1&resourceVersion=0").path("items")).hasSize(3);
    api.compact();
    assertThat(get("/api/v1/pods?limit=2&continue=" + next).statusCode()).isEqualTo(410);
  }

  @Test
  void countsReadsOfTheMostRecentState() throws Exception {
    json("/api/v1/pods?resourceVersion=0");
    json("/api/v1/namespaces/a/pods/one?resourceVersion=0");
    assertThat(api.quorumReads()).isZero();
    json("/api/v1/namespaces/a/pods/one");
    assertThat(api.quorumReads()).isEqualTo(1);
  }

  @Test
  void refusesAVersionFromTheFuture() throws Exception {
    assertThat(get("/api/v1/pods?resourceVersion=99999").statusCode()).isEqualTo(504);
    assertThat(get("/api/v1/pods?resourceVersion=x").statusCode()).isEqualTo(400);
  }

  @Test
  void tellsAWatchWhatChangedSinceItsVersion() throws Exception {
    String version = version();
    api.label("a", "one", "l", "2");
    api.delete("a", "two");
    api.edit("b", "three", p -> p.withObjectProperty("spec").put("nodeName", "n1"));
    String rest = "&timeoutSeconds=1&resourceVersion=" + version;
    assertThat(events("/api/v1/pods?watch=true" + rest))
        .containsExactly("MODIFIED one", "DELETED two", "MODIFIED three");
    assertThat(events("/api/v1/pods?watch=true&fieldSelector=spec.nodeName%3Dn1" + rest))
        .containsExactly("MODIFIED one", "ADDED three");
  }

  @Test
  void showsAPodThatLeavesTheSelectionAsDeleted() throws Exception {
    String version = version();
    api.edit("a", "one", p -> p.withObjectProperty("spec").put("nodeName", "n9"));
    assertThat(
            events(
                "/api/v1/pods?watch=1&timeoutSeconds=1&fieldSelector=spec.nodeName%3Dn1"
                    + "&resourceVersion="
                    + version))
        .containsExactly("DELETED one");
  }

  @Test
  void beginsAWatchWithoutAVersionWithAllThatIsThere() throws Exception {
    assertThat(events("/api/v1/pods?watch=true&timeoutSeconds=1"))
        .containsExactly("ADDED one", "ADDED two", "ADDED three");
  }

  @Test
  void endsAWatchFromACompactedVersionWithAnError() throws Exception {
    String version = version();
    api.compact();
    String target = "/api/v1/pods?watch=true&resourceVersion=" + version;
    JsonNode event = json(target);
    assertThat(event.path("type").asText()).isEqualTo("ERROR");
    assertThat(event.at("/object/code").asInt()).isEqualTo(410);
    api.goneAsStatus(true);
    assertThat(get(target).statusCode()).isEqualTo(410);
  }

  @Test
  void takesOnlyTheTokenOfTheMoment() throws Exception {
    api.token("other");
    HttpResponse<String> refused = get("/api/v1/pods");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(JSON.readTree(refused.body()).path("kind").asText()).isEqualTo("Status");
    api.token("t");
    assertThat(get("/api/v1/pods").statusCode()).isEqualTo(200);
  }

  @Test
  void goesWrongAsTheTestWantsIt() throws Exception {
    api.faults().tooMany("7").answer(500).drop().forbid("get");
    HttpResponse<String> tooMany = get("/api/v1/pods");
    assertThat(tooMany.statusCode()).isEqualTo(429);
    assertThat(tooMany.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(get("/api/v1/pods").statusCode()).isEqualTo(500);
    // The JDK's client sends a request again whose connection broke before an answer.
    assertThat(get("/api/v1/pods?resourceVersion=0").statusCode()).isEqualTo(200);
    assertThat(api.calls()).extracting(FakeKubernetes.Call::code).contains(0);
    assertThat(get("/api/v1/namespaces/a/pods/one").statusCode()).isEqualTo(403);
    api.faults().allow("get");
    assertThat(get("/api/v1/namespaces/a/pods/one").statusCode()).isEqualTo(200);
    assertThat(get("/api/v1/namespaces/a/pods/none").statusCode()).isEqualTo(404);
  }
}
