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
