package io.logboom.output.http;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.aws.AwsPasses;
import io.logboom.aws.AwsRegion;
import io.logboom.net.HostPort;
import io.logboom.net.send.Passes;
import io.logboom.net.send.Receiver;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How requests say who sends them: the rules of the options, and what gives them their passes. */
final class Authentication {
  private static final Pattern SIGNABLE = Pattern.compile("[A-Za-z0-9/._~%?&=-]*");
  private static final Pattern JWT_HEADER = Pattern.compile("[A-Za-z0-9_.#-]+");

  private Authentication() {}

  /**
   * @param path without its accessors
   */
  static void check(HttpConfig config, String path, Problems problems) {
    HttpConfig.Headers headers = config.headers();
    List<String> ways = new ArrayList<>();
    if (headers.httpUser() != null) {
      ways.add("http_user");
    }
    if (headers.bearerToken() != null) {
      ways.add("bearer_token");
    }
    if (config.oauth2().enable()) {
      ways.add("oauth2.enable");
    }
    if (config.aws().awsAuth()) {
      ways.add("aws_auth");
    }
    if (ways.size() > 1) {
      problems.error(
          ways.getLast(), "more than one way to authenticate is configured", "keep one of them");
    }
    if (headers.bearerToken() != null && !headers.bearerToken().reveal().matches("[!-~]+")) {
      problems.error("bearer_token", "is empty, or has blanks", "the token alone, without Bearer");
    }
    if (!config.tls().on()
        && (headers.httpUser() != null
            || headers.bearerToken() != null
            || config.oauth2().enable())) {
      problems.warning("tls", "is off: the password or token is sent in the clear", "tls: on");
    }
    checkAws(config, path, problems);
    checkOAuth2(config.oauth2(), problems);
  }

  private static void checkAws(HttpConfig config, String path, Problems problems) {
    HttpConfig.Aws aws = config.aws();
    String service = aws.awsService();
    if (!aws.awsAuth()) {
      if (service != null || aws.identity().areAny()) {
        problems.warning(
            "aws_auth", "is off: the other options for AWS have no effect", "aws_auth: on");
      }
      return;
    }
    aws.identity().check("aws_", problems);
    if (service == null || service.isBlank()) {
      problems.error("aws_service", "is needed with aws_auth", "aws_service: execute-api");
    }
    if (!SIGNABLE.matcher(path).matches()) {
      problems.error("uri", "has characters that must be encoded to be signed", "%2C for a comma");
    }
    if (!config.tls().on()) {
      problems.warning(
          "tls",
          "is off: what is sent can be read, and most of AWS's endpoints refuse it",
          "tls: on and port: 443");
    }
  }

  private static void checkOAuth2(HttpConfig.OAuth2 oauth2, Problems problems) {
    HttpConfig.Jwt jwt = oauth2.jwt();
    if (!oauth2.enable()) {
      if (oauth2.tokenUrl() != null || oauth2.clientId() != null) {
        problems.warning(
            "oauth2.enable",
            "is off: the other options of oauth2 have no effect",
            "oauth2.enable: on");
      }
      return;
    }
    URI url = TokenServer.url(oauth2.tokenUrl());
    if (oauth2.tokenUrl() == null) {
      problems.error(
          "oauth2.token_url",
          "is needed with oauth2.enable",
          "oauth2.token_url: https://idp.example.com/oauth2/token");
    } else if (url == null) {
      problems.error("oauth2.token_url", "is no URL", "https://idp.example.com/oauth2/token");
    } else if (url.getScheme().equals("http")) {
      problems.warning(
          "oauth2.token_url", "begins with http: the secret is sent in the clear", "https://...");
    }
    if (oauth2.clientId() == null) {
      problems.error(
          "oauth2.client_id",
          "is needed with oauth2.enable",
          "oauth2.client_id: logs-of-cluster-1");
    }
    if (oauth2.authMethod() == HttpConfig.AuthMethod.PRIVATE_KEY_JWT) {
      if (jwt.keyFile() == null || jwt.certFile() == null) {
        problems.error(
            jwt.keyFile() == null ? "oauth2.jwt_key_file" : "oauth2.jwt_cert_file",
            "is needed with oauth2.auth_method private_key_jwt",
            "a PEM file");
      }
      if (!JWT_HEADER.matcher(jwt.header()).matches()) {
        problems.error("oauth2.jwt_header", "is no header of a key's name", "kid");
      }
    } else if (oauth2.clientSecret() == null) {
      problems.error(
          "oauth2.client_secret",
          "is needed with oauth2.enable",
          "oauth2.client_secret: ${OAUTH2_CLIENT_SECRET}");
    }
    if (!oauth2.userAgent().matches("[ -~]+")) {
      problems.error("oauth2.user_agent", "is empty, or has characters that no header has", "");
    }
  }

  static Passes passes(HttpConfig config, HostPort host, Receiver receiver, Context context)
      throws StartException {
    if (config.oauth2().enable()) {
      return new Tokens(new TokenServer(config), receiver, context);
    }
    return config.aws().awsAuth()
        ? signing(config.aws(), config.aws().awsService(), host, context)
        : Passes.NONE;
  }

  private static Passes signing(
      HttpConfig.Aws aws, @Nullable String service, HostPort host, Context context)
      throws StartException {
    String region = AwsRegion.find(aws.identity());
    if (region == null || service == null) {
      throw new StartException(
          "aws_auth needs a region, and neither AWS_REGION nor the profile has one: aws_region:"
              + " eu-west-1");
    }
    return new AwsPasses(aws.identity(), region, service, host, context);
  }
}
