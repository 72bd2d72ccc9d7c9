package io.logboom.output.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.StartException;
import io.logboom.testkit.aws.AwsVariables;
import io.logboom.testkit.aws.FakeAws;
import io.logboom.testkit.aws.Signature;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are signed for AWS. */
class AwsAuthTest {
  private final AwsVariables variables = new AwsVariables();
  private FakeAws aws;

  @BeforeEach
  void start() throws Exception {
    aws = FakeAws.start();
    variables.container(aws);
  }

  @AfterEach
  void stop() throws Exception {
    variables.close();
    aws.close();
  }

  /** To a server that lets in only what is signed with what AWS gave. */
  private Client client(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("aws_auth", "on", "aws_service", "osis", "aws_region", "eu-west-1"));
    Client client = new Client(all.toArray(String[]::new));
    client.server.script(
        (request, line) -> {
          FakeAws.Refusal refusal = aws.judge(request);
          if (refusal == null) {
            line.answer(200, "");
          } else {
            line.answer(
                refusal.status(),
                "{\"message\":\"" + refusal.message() + "\"}",
                "x-amzn-ErrorType: " + refusal.code());
          }
        });
    return client;
  }

  @Test
  void eachRequestIsSigned() throws Exception {
    try (Client client =
        client("uri", "/logs/$level?x=$level", "compress", "zstd", "header", "X-One 1")) {
      assertThat(client.send(client.records().json("{\"level\":\"a b,c*\u00e9\"}").text("x")))
          .isEqualTo(Outcome.DELIVERED);
      Received request = client.received();
      assertThat(request.path()).isEqualTo("/logs/a%20b%2Cc%2A%C3%A9?x=a%20b%2Cc%2A%C3%A9");
      Signature signature = Signature.of(request);
      assertThat(signature).isNotNull();
      assertThat(signature.scope()).endsWith("/eu-west-1/osis/aws4_request");
      assertThat(signature.signedHeaders()).contains("content-type", "x-one");
      assertThat(request.headers()).containsKey("x-amz-security-token");
    }
  }

  @Test
  void credentialsThatHaveExpiredAreRenewedAndTheRequestIsSentAgain() throws Exception {
    try (Client client = client()) {
      assertThat(client.send(client.records().text("a"))).isEqualTo(Outcome.DELIVERED);
      aws.expireAll();
      assertThat(client.send(client.records().text("b"))).isEqualTo(Outcome.DELIVERED);
      assertThat(client.server.received()).hasSize(3);
      assertThat(aws.calls()).hasSize(2);
    }
  }

  @Test
  void withoutCredentialsNothingIsSentAndNothingIsLost() throws Exception {
    aws.outage(true);
    try (Client client = client()) {
      assertThat(client.send(client.records().text("a")))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).contains("no AWS credentials"));
      assertThat(client.server.received()).isEmpty();
    }
  }

  @Test
  void aRegionIsNeeded() {
    assertThatThrownBy(() -> new Client("aws_auth", "on", "aws_service", "osis"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("aws_region");
  }
}
