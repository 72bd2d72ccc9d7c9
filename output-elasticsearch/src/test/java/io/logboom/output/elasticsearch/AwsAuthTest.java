package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.aws.AwsVariables;
import io.logboom.testkit.aws.FakeAws;
import io.logboom.testkit.aws.Signature;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are signed for Amazon OpenSearch Service. */
final class AwsAuthTest {
  private static final String HOST = "search-logs-abc.eu-west-1.es.amazonaws.com";

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

  private Sending sending(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("aws_auth", "true", "aws_region", "eu-west-1"));
    Sending sending = new Sending(all.toArray(String[]::new));
    sending.server.guard(aws);
    return sending;
  }

  @Test
  void signsEachRequest() throws Exception {
    try (Sending sending =
        sending("compress", "gzip", "path", "/a%20b/", "pipeline", "p 1*", "id", "none")) {
      assertThat(sending.output.send(List.of(sending.numbered(100)))).isEqualTo(Outcome.DELIVERED);
      assertThat(sending.stored()).hasSize(100);
      Received request = sending.server.server().received().getFirst();
      assertThat(request.path())
          .isEqualTo(
              "/a%20b/_bulk?pipeline=p%201%2A&filter_path=errors%2Citems.%2A.status%2Citems.%2A"
                  + ".error");
      Signature signature = Objects.requireNonNull(Signature.of(request));
      assertThat(signature.scope()).endsWith("/eu-west-1/es/aws4_request");
      assertThat(signature.signedHeaders())
          .contains("content-type", "content-encoding", "x-amz-content-sha256");
      assertThat(request.headers()).containsKey("x-amz-security-token");
      assertThat(request.headers().get("user-agent")).isEqualTo("Logboom");
    }
  }

  @Test
  void credentialsThatHaveExpiredAreRenewedAndTheRequestIsSentAgain() throws Exception {
    try (Sending sending = sending()) {
      assertThat(sending.output.send(List.of(sending.numbered(3)))).isEqualTo(Outcome.DELIVERED);
      aws.expireAll();
      assertThat(sending.output.send(List.of(sending.numbered(5)))).isEqualTo(Outcome.DELIVERED);
      assertThat(sending.stored()).hasSize(8);
      assertThat(aws.calls()).hasSize(2);
      assertThat(sending.context.meters().count(ElasticsearchMeter.REQUESTS, "status", "4xx"))
          .isOne();
    }
  }

  @Test
  void credentialsThatStayRefusedLoseNothing() throws Exception {
    variables.set("aws.accessKeyId", "AKIAUNKNOWN").set("aws.secretAccessKey", "s");
    try (Sending sending = sending()) {
      assertThat(sending.output.send(List.of(sending.numbered(3))))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              retry -> assertThat(retry.why()).contains("answered 403", "security token"));
      assertThat(sending.server.server().received()).hasSize(2);
    }
  }

  @Test
  void withoutCredentialsNothingIsSent() throws Exception {
    aws.outage(true);
    try (Sending sending = sending()) {
      assertThat(sending.output.send(List.of(sending.numbered(3))))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              retry ->
                  assertThat(retry.why())
                      .contains("no AWS credentials", "the container's credentials endpoint"));
      assertThat(sending.server.server().received()).isEmpty();
    }
  }

  @Test
  void aWrongSecretIsToldAndRetried() throws Exception {
    aws.user("AKIAUSER", "right");
    variables.set("aws.accessKeyId", "AKIAUSER").set("aws.secretAccessKey", "wrong");
    try (Sending sending = sending()) {
      assertThat(sending.output.send(List.of(sending.numbered(3))))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              retry -> assertThat(retry.why()).contains("403", "the signature does not match"));
    }
  }

  @Test
  void aClockThatIsWrongIsPutRight() throws Exception {
    Instant now = Instant.now();
    TestContext context = new TestContext(Path.of("unused")).clock(() -> now.minusSeconds(3600));
    try (Sending sending =
        new Sending(context, "aws_auth", "on", "aws_region", "eu-west-1", "id", "none")) {
      sending.server.next(
          (request, line, accept) -> {
            assertThat(signed(request)).isBefore(now.minusSeconds(3000));
            line.answer(
                403,
                "{\"message\":\"Signature expired: 20261126T100000Z is now earlier than ...\"}",
                "Date: "
                    + DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)));
          });
      sending.server.next(
          (request, line, accept) -> {
            assertThat(Duration.between(signed(request), now).abs())
                .isLessThan(Duration.ofMinutes(1));
            line.answer(200, accept.accept());
          });
      assertThat(sending.output.send(List.of(sending.numbered(3)))).isEqualTo(Outcome.DELIVERED);
      assertThat(sending.stored()).hasSize(3);
    }
  }

  private static Instant signed(Received request) {
    return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX", Locale.ROOT)
        .parse(request.headers().get("x-amz-date"), Instant::from);
  }

  @Test
  void theHostsNameSaysRegionAndService() throws Exception {
    assertThat(problems("aws_auth", "on", "host", HOST, "tls", "on")).isEmpty();
    assertThat(problems("aws_auth", "on", "host", HOST, "tls", "on", "aws_service_name", "aoss"))
        .containsExactly("aws_service_name: is another one than the host's name says");
    assertThat(problems("aws_auth", "on", "host", HOST, "tls", "on", "aws_region", "us-east-1"))
        .containsExactly("aws_region: is another one than the host's name says");
  }

  @Test
  void aRegionIsNeeded() {
    assertThatThrownBy(() -> new Sending("aws_auth", "on"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("aws_region: eu-west-1");
  }

  @Test
  void namesWhatCannotWork() {
    assertThat(problems("aws_auth", "on"))
        .containsExactly(
            "tls: is off: what is sent can be read, and most of AWS's endpoints refuse it");
    assertThat(problems("aws_region", "eu-west-1"))
        .containsExactly("aws_auth: is off: the other options for AWS have no effect");
    assertThat(problems("aws_auth", "on", "tls", "on", "http_user", "u", "http_passwd", "p"))
        .containsExactly("aws_auth: signs requests, which cannot have a password or key as well");
    assertThat(problems("aws_auth", "on", "tls", "on", "hosts", "a:443, b:443"))
        .containsExactly("hosts: are several, and a signature is good for one");
    assertThat(problems("aws_auth", "on", "tls", "on", "path", "a b"))
        .containsExactly("path: has characters that must be encoded to be signed");
    assertThat(problems("aws_auth", "on", "tls", "on", "aws_external_id", "x"))
        .containsExactly("aws_external_id: is for a role, and none is named");
    assertThat(problems("aws_auth", "on", "tls", "on", "aws_role_arn", "logs"))
        .containsExactly("aws_role_arn: is no role's name");
    assertThat(problems("aws_auth", "on", "tls", "on", "aws_sts_endpoint", "ftp://x"))
        .containsExactly("aws_sts_endpoint: is no URL");
  }

  private static List<String> problems(String... options) {
    List<String> found = new ArrayList<>();
    new ElasticsearchPlugin()
        .check(
            Binder.bind(ElasticsearchConfig.class, options),
            new Problems() {
              @Override
              public void error(String option, String rule, String hint) {
                found.add(option + ": " + rule);
              }

              @Override
              public void warning(String option, String rule, String hint) {
                found.add(option + ": " + rule);
              }
            });
    return found;
  }
}
