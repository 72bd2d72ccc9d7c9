package io.logboom.output.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.StartException;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Received;
import io.logboom.testkit.http.TestCertificates;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Access tokens, between a token server that counts them and a receiver that wants them. */
class OAuth2Test {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static TestCertificates certificates;

  private final AtomicInteger given = new AtomicInteger();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private volatile String life = "3600";
  private volatile int good = 1;
  private ScriptedServer idp;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates =
        TestCertificates.in(directory)
            .issue("client", "dns:client")
            .issue("idp", "dns:localhost,ip:127.0.0.1");
  }

  @BeforeEach
  void start() throws Exception {
    idp = ScriptedServer.start((_, line) -> line.answer(200, token()));
  }

  private String token() {
    return "{\"access_token\":\"token-"
        + given.incrementAndGet()
        + "\",\"token_type\":\"bearer\",\"expires_in\":"
        + life
        + "}";
  }

  @AfterEach
  void stop() throws Exception {
    idp.close();
    assertThat(idp.complaints()).isEmpty();
  }

  /** To a receiver that takes the tokens from {@link #good} on. */
  private Client client(String... more) throws Exception {
    return clientOf("http://127.0.0.1:" + idp.port() + "/token?tenant=a", more);
  }

  private Client clientOf(String url, String... more) throws Exception {
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(List.of("oauth2.enable", "on", "oauth2.token_url", url));
    for (String[] usual :
        new String[][] {{"oauth2.client_id", "agent"}, {"oauth2.client_secret", "s3cr=t"}}) {
      if (!options.contains(usual[0])) {
        options.addAll(Arrays.asList(usual));
      }
    }
    Client client = new Client(now::get, options.toArray(String[]::new));
    client.server.script(
        (request, line) -> {
          String value = request.headers().getOrDefault("authorization", "Bearer token-0");
          int number = Integer.parseInt(value.substring("Bearer token-".length()));
          line.answer(number >= good ? 200 : 401, number >= good ? "" : "who are you?");
        });
    return client;
  }

  private static Outcome send(Client client) throws InterruptedException {
    return client.send(client.records().text("a"));
  }

  private static Map<String, String> form(Received request) {
    Map<String, String> form = new TreeMap<>();
    for (String each : request.text().split("&")) {
      int equals = each.indexOf('=');
      form.put(
          each.substring(0, equals),
          URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return form;
  }

  @Test
  void aTokenIsFetchedOnceAndUsedByAllRequests() throws Exception {
    try (Client client =
        client(
            "oauth2.scope", "logs:write more",
            "oauth2.audience", "https://logs.example",
            "oauth2.resource", "urn:logs",
            "oauth2.user_agent", "My-Agent",
            "header", "Authorization Basic old")) {
      for (int i = 0; i < 3; i++) {
        assertThat(send(client)).isEqualTo(Outcome.DELIVERED);
      }
      assertThat(client.server.received())
          .extracting(r -> r.headers().get("authorization"))
          .containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-1");
      assertThat(idp.received()).hasSize(1);
      Received asked = idp.received().getFirst();
      assertThat(asked.path()).isEqualTo("/token?tenant=a");
      assertThat(asked.headers())
          .containsEntry("content-type", "application/x-www-form-urlencoded")
          .containsEntry("user-agent", "My-Agent")
          .containsEntry(
              "authorization",
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString("agent:s3cr=t".getBytes(StandardCharsets.UTF_8)));
      assertThat(asked.text())
          .startsWith("grant_type=client_credentials&scope=logs%3Awrite%20more");
      assertThat(form(asked))
          .containsOnly(
              Map.entry("grant_type", "client_credentials"),
              Map.entry("scope", "logs:write more"),
              Map.entry("audience", "https://logs.example"),
              Map.entry("resource", "urn:logs"));
      assertThat(client.count(HttpMeter.TOKENS, "result", "fetched")).isEqualTo(1);
    }
  }

  @Test
  void withPostTheSecretIsInTheBody() throws Exception {
    try (Client client = client("oauth2.auth_method", "post")) {
      assertThat(send(client)).isEqualTo(Outcome.DELIVERED);
      assertThat(idp.received().getFirst().headers()).doesNotContainKey("authorization");
      assertThat(form(idp.received().getFirst()))
          .containsEntry("client_id", "agent")
          .containsEntry("client_secret", "s3cr=t");
    }
  }

  @ParameterizedTest
  @CsvSource({"kid, SHA-1", "x5t, SHA-1", "x5t#S256, SHA-256"})
  void aStatementIsSignedWithTheKey(String header, String hash) throws Exception {
    String certificate = certificates.certificate("client").toString();
    try (Client client =
        client(
            "oauth2.auth_method",
            "private_key_jwt",
            "oauth2.client_id",
            "agent \"one\"",
            "oauth2.jwt_key_file",
            certificates.key("client").toString(),
            "oauth2.jwt_cert_file",
            certificate,
            "oauth2.jwt_header",
            header,
            "oauth2.jwt_ttl_seconds",
            "120")) {
      assertThat(send(client)).isEqualTo(Outcome.DELIVERED);
      Map<String, String> form = form(idp.received().getFirst());
      assertThat(form)
          .containsEntry("client_id", "agent \"one\"")
          .containsEntry(
              "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
          .doesNotContainKey("client_secret");
      String[] parts = form.get("client_assertion").split("\\.", -1);
      JsonNode head = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      assertThat(claims.path("iss").asText()).isEqualTo("agent \"one\"");
      assertThat(claims.path("sub").asText()).isEqualTo("agent \"one\"");
      assertThat(claims.path("aud").asText()).endsWith("/token?tenant=a");
      assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(120);
      assertThat(claims.path("iat").asLong()).isEqualTo(now.get().getEpochSecond());
      X509Certificate own;
      try (var in = java.nio.file.Files.newInputStream(Path.of(certificate))) {
        own = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      }
      byte[] digest = MessageDigest.getInstance(hash).digest(own.getEncoded());
      assertThat(head.path(header).asText())
          .isEqualTo(
              header.equals("kid")
                  ? HexFormat.of().withUpperCase().formatHex(digest)
                  : Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
      assertThat(head.path("alg").asText()).isEqualTo("ES256");
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initVerify(own.getPublicKey());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }
  }

  @Test
  void anotherTokenIsFetchedAheadOfTheEnd() throws Exception {
    life = "600";
    try (Client client = client()) {
      send(client);
      now.updateAndGet(t -> t.plusSeconds(539));
      send(client);
      assertThat(idp.received()).hasSize(1);
      now.updateAndGet(t -> t.plusSeconds(2));
      idp.script((_, line) -> line.answer(503, ""));
      assertThat(send(client))
          .as("the token is good for a minute yet")
          .isEqualTo(Outcome.DELIVERED);
      assertThat(send(client)).isEqualTo(Outcome.DELIVERED);
      assertThat(idp.received()).as("after a failure there is a pause").hasSize(2);
      now.updateAndGet(t -> t.plusSeconds(2));
      idp.script((_, line) -> line.answer(200, token()));
      send(client);
      assertThat(client.server.received().getLast().headers())
          .containsEntry("authorization", "Bearer token-2");
      assertThat(client.count(HttpMeter.TOKENS, "result", "failed")).isEqualTo(1);
    }
  }

  @Test
  void aShortTokenIsUsedForHalfOfItsLifeAtLeast() throws Exception {
    life = "\"60\"";
    try (Client client = client()) {
      send(client);
      now.updateAndGet(t -> t.plusSeconds(29));
      send(client);
      assertThat(idp.received()).hasSize(1);
      now.updateAndGet(t -> t.plusSeconds(2));
      send(client);
      assertThat(idp.received()).hasSize(2);
    }
  }

  @Test
  void aTokenThatIsRefusedIsReplacedOnceAndTheRequestSentAgain() throws Exception {
    try (Client client = client()) {
      send(client);
      good = 2;
      assertThat(send(client)).isEqualTo(Outcome.DELIVERED);
      assertThat(client.server.received()).hasSize(3);
      assertThat(idp.received()).hasSize(2);
      // Now none is good, and the token server is not asked again and again.
      good = 99;
      for (int i = 0; i < 4; i++) {
        assertThat(send(client))
            .isInstanceOfSatisfying(
                Outcome.Retry.class, r -> assertThat(r.why()).contains("401: who are you?"));
      }
      assertThat(idp.received()).hasSize(2);
      now.updateAndGet(t -> t.plusSeconds(31));
      good = 3;
      assertThat(send(client)).isEqualTo(Outcome.DELIVERED);
      assertThat(client.count(HttpMeter.TOKENS_REFUSED)).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | {"error":"invalid_client","error_description":"s3cr=t is \\n wrong"} \
          | answered 401: invalid_client: *** is wrong
          400 | {"error":"invalid_scope"}          | answered 400: invalid_scope
          503 | busy                               | answered 503
          200 | <html>                             | its answer is no JSON object
          200 | {"token_type":"bearer"}            | its answer has no access token
          200 | {"access_token":"a b"}             | its answer has no access token
          200 | {"access_token":"a","token_type":"mac"} | tokens of the type mac
          """)
  void withoutATokenNothingIsSentAndNothingIsLost(int status, String answer, String why)
      throws Exception {
    idp.script((_, line) -> line.answer(status, answer));
    try (Client client = client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(send(client))
            .isInstanceOfSatisfying(
                Outcome.Retry.class,
                r -> {
                  assertThat(r.why()).startsWith("no access token: ").contains(why);
                  assertThat(r.why()).doesNotContain("s3cr");
                });
      }
      assertThat(client.server.received()).isEmpty();
      assertThat(idp.received()).as("after a failure there is a pause").hasSize(1);
      assertThat(client.count(HttpMeter.TOKENS, "result", "failed")).isEqualTo(1);
      idp.script((_, line) -> line.answer(200, token()));
      now.updateAndGet(t -> t.plusSeconds(2));
      assertThat(send(client)).isEqualTo(Outcome.DELIVERED);
    }
  }

  @Test
  void aTokenServerThatIsNotThereIsNamed() throws Exception {
    idp.close();
    try (Client client = client()) {
      assertThat(send(client))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              r ->
                  assertThat(r.why())
                      .startsWith("no access token: 127.0.0.1:" + idp.port())
                      .contains("refused"));
    }
  }

  /** Several workers need a token at once, and one asks for it. */
  @Test
  void oneThreadFetchesForAll() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    idp.script(
        (_, line) -> {
          asked.countDown();
          answer.await();
          line.answer(200, token());
        });
    try (Client client = client();
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(workers.submit(() -> send(client)));
      }
      asked.await();
      answer.countDown();
      for (Future<Outcome> each : all) {
        assertThat(each.get()).isEqualTo(Outcome.DELIVERED);
      }
      assertThat(idp.received()).hasSize(1);
    }
  }

  @Test
  void theTokenServerMayHaveAnAuthorityOfItsOwn() throws Exception {
    try (ScriptedServer secure =
            ScriptedServer.start(
                (_, line) -> line.answer(200, token()), certificates.server("idp"), false);
        Client client =
            clientOf(
                "https://127.0.0.1:" + secure.port(),
                "oauth2.ca_file",
                certificates.authority().toString(),
                "oauth2.timeout",
                "5s");
        Client without = clientOf("https://127.0.0.1:" + secure.port())) {
      assertThat(send(client)).isEqualTo(Outcome.DELIVERED);
      assertThat(secure.received().getFirst().path()).isEqualTo("/");
      assertThat(send(without))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).contains("TLS: its certificate"));
    }
  }

  @Test
  void aTokenServerThatHangsIsGivenUp() throws Exception {
    idp.script((_, line) -> line.silence());
    try (Client client = client("oauth2.timeout", "0.2s")) {
      Instant begin = Instant.now();
      assertThat(send(client))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).contains("did not answer"));
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void filesThatAreNotThereAreToldAtTheStart() {
    assertThatThrownBy(
            () -> clientOf("https://idp.example/token", "oauth2.ca_file", "/no/ca.pem").close())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("/no/ca.pem");
    assertThatThrownBy(
            () ->
                client(
                        "oauth2.auth_method", "private_key_jwt",
                        "oauth2.jwt_key_file", "/no/key.pem",
                        "oauth2.jwt_cert_file", "/no/crt.pem")
                    .close())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("/no/key.pem");
  }
}
