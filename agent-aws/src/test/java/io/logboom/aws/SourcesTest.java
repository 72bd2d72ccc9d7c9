package io.logboom.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.logboom.api.config.Secret;
import io.logboom.testkit.TestMeters;
import io.logboom.testkit.aws.AwsVariables;
import io.logboom.testkit.aws.FakeAws;
import io.logboom.testkit.aws.FakeAws.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each place that credentials can come from, and what is said where none gives any. */
final class SourcesTest {
  private static final Secret SECRET = new Secret("the secret");

  @TempDir Path directory;

  private final AwsVariables variables = new AwsVariables();
  private final TestMeters meters = new TestMeters();
  private FakeAws aws;

  @BeforeEach
  void start() throws IOException {
    aws = FakeAws.start();
    variables
        .set("aws.sharedCredentialsFile", directory.resolve("credentials").toString())
        .set("aws.configFile", directory.resolve("config").toString());
  }

  @AfterEach
  void stop() throws IOException {
    variables.close();
    aws.close();
  }

  private static AwsOptions options() {
    return new AwsOptions("eu-west-1", null, null, null, null);
  }

  private AwsOptions role(String externalId) {
    return new AwsOptions("eu-west-1", null, "arn:aws:iam::1:role/logs", externalId, aws.url());
  }

  private Credentials first(AwsOptions options) throws Exception {
    try (AwsCredentials held = AwsCredentials.acquire(options, meters)) {
      return held.current();
    }
  }

  private void refused(AwsOptions options, String... parts) throws Exception {
    try (AwsCredentials held = AwsCredentials.acquire(options, meters)) {
      assertThatThrownBy(held::current)
          .isInstanceOf(CredentialsFailure.class)
          .hasMessageContainingAll(parts);
    }
  }

  private void profile(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  @Test
  void theEnvironmentComesFirst() throws Exception {
    variables.set("aws.accessKeyId", "AKIAENV").set("aws.secretAccessKey", "the secret");
    profile("credentials", "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = x\n");

    assertThat(first(options())).isEqualTo(new Credentials("AKIAENV", SECRET, null, null));
  }

  @Test
  void aProfileHasKeys() throws Exception {
    profile(
        "credentials",
        """
        [default]
        aws_access_key_id = AKIADEF
        aws_secret_access_key = x
        [logs]
        aws_access_key_id = AKIALOGS
        aws_secret_access_key = the secret
        aws_session_token = t
        """);

    assertThat(first(options()).accessKeyId()).isEqualTo("AKIADEF");
    assertThat(first(new AwsOptions(null, "logs", null, null, null)))
        .isEqualTo(new Credentials("AKIALOGS", SECRET, new Secret("t"), null));
  }

  @Test
  void aProfileHasACredentialProcess() throws Exception {
    Path process = directory.resolve("process");
    Files.writeString(
        process,
        "#!/bin/sh\nprintf '{\"Version\":1,\"AccessKeyId\":\"AKIAPROC\",\"SecretAccessKey\":"
            + "\"the secret\",\"SessionToken\":\"t\",\"Expiration\":\"2100-01-01T00:00:00Z\"}'\n");
    Files.setPosixFilePermissions(process, PosixFilePermissions.fromString("rwx------"));
    profile("config", "[profile logs]\ncredential_process = " + process + "\n");

    Credentials found = first(new AwsOptions(null, "logs", null, null, null));

    assertThat(found.accessKeyId()).isEqualTo("AKIAPROC");
    assertThat(found.sessionToken()).isEqualTo(new Secret("t"));
  }

  @Test
  void aProfileIsARoleOfAnother() throws Exception {
    aws.user("AKIABASE", "the secret");
    variables.set("aws.endpointUrlSts", aws.url());
    profile(
        "config",
        """
        [profile base]
        aws_access_key_id = AKIABASE
        aws_secret_access_key = the secret
        [profile logs]
        role_arn = arn:aws:iam::1:role/of-profile
        source_profile = base
        external_id = ex-2
        region = eu-west-1
        """);

    Credentials found = first(new AwsOptions(null, "logs", null, null, null));

    assertThat(found.expiry()).isNotNull();
    assertThat(aws.judge(SignedRequests.received(found))).isNull();
    assertThat(aws.calls()).hasSize(1);
    assertThat(aws.calls().getFirst().keyId()).isEqualTo("AKIABASE");
    assertThat(aws.calls().getFirst().parameters()).containsEntry("ExternalId", "ex-2");
    assertThat(AwsRegion.find(new AwsOptions(null, "logs", null, null, null)))
        .isEqualTo("eu-west-1");
  }

  @Test
  void aProcessThatFailsSaysSo() throws Exception {
    profile("config", "[default]\ncredential_process = echo no vault >&2; exit 3\n");

    refused(options(), "profile 'default'", "non-zero exit value (3)", "no vault");
  }

  @Test
  void aNamedProfileMustBeThere() throws Exception {
    refused(
        new AwsOptions(null, "logs", null, null, null),
        "the environment: not set up; profile 'logs': there is no such profile");
  }

  @Test
  void aWebIdentityTokenIsReadForEachSession() throws Exception {
    Path token = directory.resolve("token");
    Files.writeString(token, "first\n");
    aws.tokens("first");
    variables
        .set("aws.roleArn", "arn:aws:iam::1:role/irsa")
        .set("aws.webIdentityTokenFile", token.toString());
    AwsOptions options = new AwsOptions("eu-west-1", null, null, null, aws.url());

    try (AwsCredentials held = AwsCredentials.acquire(options, meters)) {
      Credentials one = held.current();
      assertThat(Duration.between(Instant.now(), Objects.requireNonNull(one.expiry())).toMinutes())
          .isBetween(58L, 60L);
      Files.writeString(token, "second");
      aws.tokens("second");
      held.rejected(one);
      assertThat(held.current().accessKeyId()).isNotEqualTo(one.accessKeyId());
    }
    assertThat(aws.calls())
        .hasSize(2)
        .allSatisfy(
            call ->
                assertThat(call.parameters())
                    .containsEntry("RoleArn", "arn:aws:iam::1:role/irsa")
                    .hasEntrySatisfying(
                        "RoleSessionName", name -> assertThat(name).startsWith("logboom-")));
  }

  @Test
  void aTokenThatIsRefusedLeadsOnAndIsTold() throws Exception {
    Path token = directory.resolve("token");
    Files.writeString(token, "old");
    variables
        .set("aws.roleArn", "arn:aws:iam::1:role/irsa")
        .set("aws.webIdentityTokenFile", token.toString());

    refused(
        new AwsOptions("eu-west-1", null, null, null, aws.url()),
        "the web identity token for arn:aws:iam::1:role/irsa: 127.0.0.1:",
        " answered 400 InvalidIdentityToken: The token is expired or unknown;",
        "the container's credentials endpoint: not set up");
    variables.container(aws);
    assertThat(first(new AwsOptions("eu-west-1", null, null, null, aws.url())).accessKeyId())
        .startsWith("ASIAFAKE");
  }

  @Test
  void anOutageOfTheTokenServiceDoesNotLeadToAnotherIdentity() throws Exception {
    Path token = directory.resolve("token");
    Files.writeString(token, "good");
    aws.tokens("good");
    aws.outage(true);
    variables
        .set("aws.roleArn", "arn:aws:iam::1:role/irsa")
        .set("aws.webIdentityTokenFile", token.toString())
        .container(aws);
    AwsOptions options = new AwsOptions("eu-west-1", null, null, null, aws.url());

    try (AwsCredentials held = AwsCredentials.acquire(options, meters)) {
      assertThatThrownBy(held::current)
          .hasMessageContaining("the web identity token")
          .hasMessageNotContaining("container");
      aws.outage(false);
      await().ignoreExceptions().untilAsserted(held::current);
    }
    assertThat(aws.calls())
        .extracting(FakeAws.Call::action)
        .containsOnly("AssumeRoleWithWebIdentity");
  }

  @Test
  void aContainersEndpointIsAskedWithItsToken() throws Exception {
    Path token = directory.resolve("pod-token");
    Files.writeString(token, "pod");
    aws.containerToken("pod");
    variables.container(aws).set("aws.containerAuthorizationTokenFile", token.toString());

    try (AwsCredentials held = AwsCredentials.acquire(options(), meters)) {
      Credentials one = held.current();
      Files.writeString(token, "next");
      aws.containerToken("next");
      held.rejected(one);
      assertThat(held.current().accessKeyId()).isNotEqualTo(one.accessKeyId());
    }
  }

  @Test
  void theInstanceComesLast() throws Exception {
    variables
        .set("aws.disableEc2Metadata", "false")
        .set("aws.ec2MetadataServiceEndpoint", aws.url());

    Credentials found = first(options());

    assertThat(found.accessKeyId()).startsWith("ASIAFAKE");
    assertThat(found.sessionToken()).isNotNull();
    assertThat(found.expiry()).isAfter(Instant.now());
    assertThat(aws.server().received().getFirst().method()).isEqualTo("PUT");
  }

  @Test
  void nothingIsSetUpAnywhere() throws Exception {
    refused(
        options(),
        "no AWS credentials: the environment: not set up; profile 'default': not set up; the web"
            + " identity token: not set up; the container's credentials endpoint: not set up; the"
            + " instance's metadata service: not set up");
  }

  @Test
  void aRoleIsAssumedWithWhatTheChainGives() throws Exception {
    aws.user("AKIAENV", "the secret");
    variables.set("aws.accessKeyId", "AKIAENV").set("aws.secretAccessKey", "the secret");

    Credentials found = first(role("ex-1"));

    assertThat(found.accessKeyId()).startsWith("ASIAFAKE");
    assertThat(aws.calls()).hasSize(1);
    FakeAws.Call call = aws.calls().getFirst();
    assertThat(call.keyId()).isEqualTo("AKIAENV");
    assertThat(call.parameters())
        .containsEntry("RoleArn", "arn:aws:iam::1:role/logs")
        .containsEntry("ExternalId", "ex-1");
  }

  @Test
  void aRoleThatIsRefusedSaysWhy() throws Exception {
    variables.set("aws.accessKeyId", "AKIAENV").set("aws.secretAccessKey", "the secret");
    aws.refuse(
        new Refusal(403, "AccessDenied", "User is not authorized to perform sts:AssumeRole"));

    refused(
        role("ex-1"),
        "role arn:aws:iam::1:role/logs: 127.0.0.1:",
        " answered 403 AccessDenied: User is not");
    refused(role("ex-1"), "no AWS credentials");
  }

  @Test
  void aRolesKeysThatHaveExpiredAreRenewedFirst() throws Exception {
    variables.container(aws);

    try (AwsCredentials held = AwsCredentials.acquire(role("x"), meters)) {
      Credentials one = held.current();
      aws.expireAll();
      held.rejected(one);
      assertThat(aws.judge(SignedRequests.received(held.current()))).isNull();
    }
    assertThat(aws.calls())
        .extracting(FakeAws.Call::action)
        .containsExactly("container", "AssumeRole", "container", "AssumeRole");
  }

  @Test
  void allOutputsOfAnIdentityShareOneSession() throws Exception {
    variables.set("aws.region", "eu-west-1");
    aws.user("AKIAENV", "the secret");
    variables.set("aws.accessKeyId", "AKIAENV").set("aws.secretAccessKey", "the secret");
    Set<String> keys = new HashSet<>();
    try (AwsCredentials one = AwsCredentials.acquire(role("x"), meters);
        AwsCredentials other =
            AwsCredentials.acquire(
                new AwsOptions("us-east-1", null, "arn:aws:iam::1:role/logs", "x", aws.url()),
                new TestMeters());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Credentials>> all =
          IntStream.range(0, 50)
              .mapToObj(i -> threads.submit(() -> (i % 2 == 0 ? one : other).current()))
              .toList();
      for (Future<Credentials> each : all) {
        keys.add(each.get().accessKeyId());
      }
      assertThat(keys).hasSize(1);
      assertThat(aws.calls()).hasSize(1);

      Credentials used = one.current();
      for (int i = 0; i < 5; i++) {
        one.rejected(used);
        other.rejected(used);
      }
      assertThat(one.current()).isEqualTo(other.current()).isNotEqualTo(used);
      assertThat(aws.calls()).hasSize(2);
    }
    assertThat(meters.count(AwsMeter.REFRESHES)).isEqualTo(2);
    assertThat(meters.count(AwsMeter.REJECTED)).isEqualTo(5);
  }

  @Test
  void metersTellOfAgeAndEnd() throws Exception {
    variables.container(aws);

    try (AwsCredentials held = AwsCredentials.acquire(options(), meters)) {
      assertThat(meters.value(AwsMeter.LEFT)).isZero();
      assertThat(meters.value(AwsMeter.AGE)).isNaN();
      held.current();
      assertThat(meters.value(AwsMeter.LEFT)).isBetween(3500.0, 3600.0);
      assertThat(meters.value(AwsMeter.AGE)).isBetween(0.0, 60.0);
      assertThat(meters.count(AwsMeter.REFRESHES)).isOne();
    }
    assertThat(meters.value(AwsMeter.LEFT)).isNaN();
  }

  @Test
  void noSecretIsPrinted() throws Exception {
    Credentials credentials =
        new Credentials("AKIAIOSFODNN7EXAMPLE", SECRET, new Secret("the token"), null);
    assertThat(credentials.toString()).isEqualTo("key ...MPLE");
  }
}
