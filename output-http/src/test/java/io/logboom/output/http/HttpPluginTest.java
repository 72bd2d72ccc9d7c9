package io.logboom.output.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Problems;
import io.logboom.core.config.Binder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpPluginTest {
  private static List<String> problems(String... options) {
    List<String> found = new ArrayList<>();
    new HttpPlugin()
        .check(
            Binder.bind(HttpConfig.class, options),
            new Problems() {
              @Override
              public void error(String option, String rule, String hint) {
                found.add("error " + option + " " + rule);
              }

              @Override
              public void warning(String option, String rule, String hint) {
                found.add("warning " + option + " " + rule);
              }
            });
    return found;
  }

  @Test
  void theDefaultsAreRight() {
    assertThat(problems()).isEmpty();
    assertThat(problems("uri", "/$TAG/x?a=$kubernetes['labels']['app']&b=%20")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          host | a b | error host is no host name or address
          uri | x | error uri does not begin with /
          uri | /a b | error uri has a character that no path may have
          header | justaname | error header is not a name, a blank and a value
          header | Content-Length 7 | error header names what the output sets by itself
          header_tag | no good | error header_tag is no name of a header, or one that is set anyway
          headers_key | $x | error headers_key has no effect without body_key
          bearer_token | a b | error bearer_token is empty, or has blanks
          http_user | me | warning tls is off: the password or token is sent in the clear
          aws_auth | on | error aws_service is needed with aws_auth
          proxy | socks5://p:1 | error proxy names a proxy that is spoken to by socks5; only http:// and https:// can be used
          proxy | http://u@p:1 | error proxy has a user without a password: it should be http://user:password@host:port
          gelf_host_key | node | warning format is not gelf: the gelf options have no effect
          oauth2.enable | on | error oauth2.token_url is needed with oauth2.enable
          oauth2.enable | on | error oauth2.client_id is needed with oauth2.enable
          oauth2.enable | on | error oauth2.client_secret is needed with oauth2.enable
          oauth2.enable | on | warning tls is off: the password or token is sent in the clear
          oauth2.client_id | a | warning oauth2.enable is off: the other options of oauth2 have no effect
          aws_service | osis | warning aws_auth is off: the other options for AWS have no effect
          """)
  void whatIsWrongIsTold(String option, String value, String problem) {
    assertThat(problems(option, value)).contains(problem);
  }

  @Test
  void oneWayToAuthenticateIsEnough() {
    assertThat(problems("tls", "on", "http_user", "me", "bearer_token", "x"))
        .containsExactly("error bearer_token more than one way to authenticate is configured");
    assertThat(problems("tls", "on", "http_user", "me", "aws_auth", "on", "aws_service", "es"))
        .contains("error aws_auth more than one way to authenticate is configured");
  }

  @Test
  void tokensNeedAServerAndAClient() {
    List<String> right =
        List.of(
            "tls",
            "on",
            "oauth2.enable",
            "on",
            "oauth2.token_url",
            "https://idp.example/token",
            "oauth2.client_id",
            "me");
    assertThat(problems(with(right, "oauth2.client_secret", "x"))).isEmpty();
    assertThat(problems(with(right, "oauth2.client_secret", "x", "http_user", "me")))
        .containsExactly("error oauth2.enable more than one way to authenticate is configured");
    assertThat(problems(with(right, "oauth2.auth_method", "private_key_jwt")))
        .containsExactly(
            "error oauth2.jwt_key_file is needed with oauth2.auth_method private_key_jwt");
    assertThat(
            problems(
                "tls",
                "on",
                "oauth2.enable",
                "on",
                "oauth2.client_id",
                "me",
                "oauth2.client_secret",
                "x",
                "oauth2.token_url",
                "http://idp.example/token"))
        .containsExactly(
            "warning oauth2.token_url begins with http: the secret is sent in the clear");
    assertThat(
            problems(
                "tls",
                "on",
                "oauth2.enable",
                "on",
                "oauth2.client_id",
                "me",
                "oauth2.client_secret",
                "x",
                "oauth2.token_url",
                "https://u:p@idp.example/"))
        .containsExactly("error oauth2.token_url is no URL");
  }

  private static String[] with(List<String> options, String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void aSignedPathIsEncoded() {
    assertThat(problems("tls", "on", "aws_auth", "on", "aws_service", "es", "uri", "/a,b"))
        .containsExactly("error uri has characters that must be encoded to be signed");
    assertThat(problems("tls", "on", "aws_auth", "on", "aws_service", "es", "uri", "/a%2Cb/$TAG"))
        .isEmpty();
  }

  @Test
  void aStatusMeansOneThing() {
    assertThat(problems("response_code.retry", "400-404", "response_code.reject", "404"))
        .containsExactly(
            "error response_code.reject has 404, which another of the three options has as well");
    assertThat(problems("response_code.retry", "200", "response_code.success", "404")).isEmpty();
  }
}
