package io.logboom.input.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.net.ingest.Reason;
import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passwords, TLS, and a client that others wrote: curl, where it is installed. */
final class SecurityTest {
  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void nothingLeaks() {
    if (receiving != null) {
      receiving.close();
      assertThat(receiving.context.testBatches().used()).isZero();
    }
  }

  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoKnowsThePasswordMaySend() throws Exception {
    receiving =
        Receiving.settling(
            state,
            "http_user",
            "u",
            "http_passwd",
            "s\u00e9cret:x",
            "enable_health_endpoint",
            "on");
    HttpResponse<String> nobody = receiving.json("/t", "{}");
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic ");
    for (String wrong :
        List.of(
            basic("u:secret"),
            basic("u:"),
            basic(":s\u00e9cret:x"),
            basic("u:s\u00e9cret:xx"),
            "Basic !!!",
            "Basic",
            "Bearer u")) {
      assertThat(receiving.json("/t", "{}", "Authorization", wrong).statusCode())
          .as(wrong)
          .isEqualTo(401);
    }
    assertThat(receiving.json("/t", "{}", "Authorization", basic("u:s\u00e9cret:x")).statusCode())
        .isEqualTo(201);
    assertThat(receiving.send(receiving.to("/health").GET()).statusCode()).isEqualTo(200);
    assertThat(receiving.rejected(Reason.UNAUTHORIZED)).isEqualTo(8);
    assertThat(receiving.intake.count()).isEqualTo(1);
  }

  private Raw overTls(SSLContext context) throws IOException {
    return new Raw(context.getSocketFactory().createSocket("127.0.0.1", receiving.port()));
  }

  private static void delivers(Raw client) throws IOException {
    client.send(Raw.post("/t", "{\"x\":\"" + "y".repeat(500_000) + "\"}"));
    assertThat(client.answer().status()).isEqualTo(201);
    client.send(Raw.post("/t", "{}") + Raw.post("/t", "{}"));
    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().status()).isEqualTo(201);
  }

  @Test
  void tlsAndMutualTls() throws Exception {
    TestCertificates certificates =
        TestCertificates.in(state.resolve("pki"))
            .issue("server", "dns:localhost,ip:127.0.0.1")
            .issue("client", "dns:client");
    SSLContext known = certificates.server("client");
    SSLContext stranger =
        TestCertificates.in(state.resolve("other")).issue("client", "dns:client").server("client");
    String crt = certificates.certificate("server").toString();
    String key = certificates.key("server").toString();
    String[] tls = {"tls", "on", "tls.crt_file", crt, "tls.key_file", key};
    receiving = Receiving.settling(state, tls);
    try (Raw client = overTls(known)) {
      delivers(client);
    }
    try (Raw plain = receiving.connect()) {
      plain.send(Raw.post("/t", "{}"));
      assertThatThrownBy(plain::answer).isInstanceOf(Exception.class);
    }
    Receiving.await(() -> receiving.closed(Reason.TLS) + receiving.closed(Reason.BROKEN) > 0);
    curl(certificates);
    receiving.close();

    String[] mutual = Arrays.copyOf(tls, tls.length + 4);
    mutual[6] = "tls.verify_client_cert";
    mutual[7] = "on";
    mutual[8] = "tls.ca_file";
    mutual[9] = certificates.authority().toString();
    receiving = Receiving.settling(state, mutual);
    try (Raw client = overTls(known)) {
      delivers(client);
    }
    assertThatThrownBy(
            () -> {
              try (Raw client = overTls(stranger)) {
                delivers(client);
              }
            })
        .isInstanceOf(Exception.class);
    assertThat(receiving.intake.count()).isEqualTo(3);
  }

  private void curl(TestCertificates certificates) throws Exception {
    if (!isThere()) {
      return;
    }
    String url = "https://127.0.0.1:" + receiving.port() + "/curl";
    int before = receiving.intake.count();
    assertThat(
            run("--cacert", certificates.authority().toString(), "-d", "{\"over\":\"tls\"}", url))
        .isEqualTo("201");
    assertThat(receiving.json().get(before)).isEqualTo("{\"over\":\"tls\"}");
  }

  private static boolean isThere() throws InterruptedException {
    try {
      return new ProcessBuilder("curl", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The status that curl tells of a request of JSON. */
  private String run(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-m", "20"));
    command.addAll(List.of("-H", "Content-Type: application/json"));
    command.addAll(List.of(words));
    Path printed = state.resolve("curl.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return Files.readString(printed);
  }

  @Test
  void curlInItsWays() throws Exception {
    assumeThat(isThere()).as("curl is installed").isTrue();
    receiving = Receiving.settling(state, "http_user", "me", "http_passwd", "pw");
    String url = "http://127.0.0.1:" + receiving.port() + "/curl";
    // A body of more than 1 MiB makes curl ask before it sends.
    Path large = Files.writeString(state.resolve("large"), "{\"n\":1}\n".repeat(200_000));
    assertThat(run("-d", "{\"n\":1}", url)).isEqualTo("401");
    assertThat(run("-u", "me:pw", "-d", "{\"n\":1}", url)).isEqualTo("201");
    assertThat(run("-u", "me:pw", "--data-binary", "@" + large, url)).isEqualTo("201");
    assertThat(
            run(
                "-u",
                "me:pw",
                "-H",
                "Transfer-Encoding: chunked",
                "-H",
                "Expect: 100-continue",
                "--data-binary",
                "@" + large,
                url))
        .isEqualTo("201");
    assertThat(run("-u", "me:pw", "--http2", "-d", "{\"n\":1}", url)).isEqualTo("201");
    assertThat(run("-u", "me:pw", "--http1.0", "-d", "{\"n\":1}", url)).isEqualTo("201");
    assertThat(run("-u", "me:pw", "-d", "{\"n\":}", url)).isEqualTo("400");
    assertThat(receiving.intake.count()).isEqualTo(400_003);
  }

  @ParameterizedTest
  @CsvSource({
    "successful_response_code,202,successful_response_code is not 200",
    "http_passwd,x,http_passwd has no effect without http_user",
    "http_user,x,http_user has no password",
    "remote_addr_key,'',remote_addr_key is empty"
  })
  void rulesBetweenOptions(String option, String value, String error) {
    HttpConfig config = Binder.bind(HttpConfig.class, option, value);
    assertThat(Receiving.errors(config)).singleElement().asString().startsWith(error);
  }

  @ParameterizedTest
  @CsvSource({
    "X-One,is not a header's name",
    "X:One 1,begins with no header's name",
    "Connection close,names a header that the server sets itself",
    "'X-One a\u0001b',has a character that a header cannot have"
  })
  void headersOfAnswers(String text, String error) {
    assertThat(HttpCheck.fault(text)).startsWith(error);
    assertThat(HttpCheck.fault("X-One 1")).isNull();
    HttpConfig config = Binder.bind(HttpConfig.class, "success_header", text);
    assertThat(Receiving.errors(config)).singleElement().asString().startsWith("success_header");
  }

  @Test
  void aPortInUseIsAStartErrorThatNamesIt() throws Exception {
    receiving = Receiving.settling(state);
    String port = Integer.toString(receiving.port());
    assertThatThrownBy(() -> Receiving.settling(state, "port", port))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1:" + port);
  }
}
