package io.logboom.output.http;

import io.logboom.api.config.Secret;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpClient;
import io.logboom.net.send.Receiver;
import io.logboom.net.tls.Tls;
import io.logboom.output.http.HttpConfig.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** The {@code http} output. */
public final class HttpPlugin implements OutputPlugin<HttpConfig> {
  private static final Pattern PATH = Pattern.compile("/[!-~&&[^\"#<>\\\\^`{|}]]*");
  private static final Pattern SIGNABLE = Pattern.compile("[A-Za-z0-9/._~%?&=-]*");

  @Override
  public String type() {
    return "http";
  }

  @Override
  public String text() {
    return "Delivers over HTTP, as JSON or MessagePack, to whatever takes a POST.";
  }

  @Override
  public Class<HttpConfig> config() {
    return HttpConfig.class;
  }

  @Override
  public void check(HttpConfig config, Problems problems) {
    Tls.check(config.tls(), problems);
    if (HostPort.parse(config.target().host(), config.target().port()) == null) {
      problems.error("host", "is no host name or address", "host: logs.example.com and port: 443");
    }
    String uri = config.target().uri().toString();
    if (!uri.startsWith("/")) {
      problems.error("uri", "does not begin with /", "/path");
    } else if (!PATH.matcher(bare(config)).matches()) {
      problems.error("uri", "has a character that no path may have", "percent-encode it: %20");
    }
    checkBody(config, problems);
    checkHeaders(config.headers(), problems);
    checkAuth(config, problems);
    checkStatuses(config.answers(), problems);
  }

  /** The path without its accessors. */
  private static String bare(HttpConfig config) {
    String text = config.target().uri().toString();
    for (var accessor : config.target().uri().accessors()) {
      text = text.replace(accessor.toString(), "");
    }
    return text;
  }

  private static void checkBody(HttpConfig config, Problems problems) {
    HttpConfig.Body body = config.body();
    if (body.headersKey() != null && body.bodyKey() == null) {
      problems.error("headers_key", "has no effect without body_key", "body_key: $body");
    }
  }

  private static void checkHeaders(HttpConfig.Headers headers, Problems problems) {
    for (Secret header : headers.header()) {
      if (!Headers.isLine(header)) {
        problems.error("header", "is not a name, a blank and a value", "header: X-Name value");
      } else if (Headers.isTheClients(header.reveal().substring(0, header.reveal().indexOf(' ')))) {
        problems.error("header", "names what the output sets by itself", "leave it out");
      }
    }
    String tag = headers.headerTag();
    if (tag != null && (!Headers.isName(tag) || Headers.isTheClients(tag))) {
      problems.error("header_tag", "is no name of a header, or one that is set anyway", "X-Tag");
    }
  }

  private static void checkAuth(HttpConfig config, Problems problems) {
    HttpConfig.Headers headers = config.headers();
    boolean signs = config.aws().awsAuth();
    int ways =
        (headers.httpUser() != null ? 1 : 0)
            + (headers.bearerToken() != null ? 1 : 0)
            + (signs ? 1 : 0);
    if (ways > 1) {
      problems.error(
          signs ? "aws_auth" : "bearer_token",
          "more than one way to authenticate is configured",
          "keep one of them");
    }
    if (headers.bearerToken() != null && !headers.bearerToken().reveal().matches("[!-~]+")) {
      problems.error("bearer_token", "is empty, or has blanks", "the token alone, without Bearer");
    }
    boolean secret = headers.httpUser() != null || headers.bearerToken() != null;
    if (secret && !config.tls().on()) {
      problems.warning("tls", "is off: the password or token is sent in the clear", "tls: on");
    }
    checkAws(config, problems);
  }

  private static void checkAws(HttpConfig config, Problems problems) {
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
    if (!SIGNABLE.matcher(bare(config)).matches()) {
      problems.error("uri", "has characters that must be encoded to be signed", "%2C for a comma");
    }
    if (!config.tls().on()) {
      problems.warning(
          "tls",
          "is off: what is sent can be read, and most of AWS's endpoints refuse it",
          "tls: on and port: 443");
    }
  }

  private static void checkStatuses(HttpConfig.Answers answers, Problems problems) {
    List<Statuses> taken = answers.success();
    List<Statuses> again = new ArrayList<>(answers.retry());
    List<Statuses> refused = answers.reject();
    for (int status = 100; status < 600; status++) {
      int lists =
          (StatusClasses.has(taken, status) ? 1 : 0)
              + (StatusClasses.has(again, status) ? 1 : 0)
              + (StatusClasses.has(refused, status) ? 1 : 0);
      if (lists > 1) {
        problems.error(
            StatusClasses.has(refused, status) ? "response_code.reject" : "response_code.retry",
            "has " + status + ", which another of the three options has as well",
            "keep it in one of them");
        return;
      }
    }
  }

  @Override
  public Output create(HttpConfig config, Context context) throws StartException {
    HostPort host = HostPort.parse(config.target().host(), config.target().port());
    if (host == null) {
      throw new StartException("host is not what it should be");
    }
    Receiver receiver =
        new Receiver(
            LoggerFactory.getLogger(Http.class),
            context.name(),
            config.body().maxRequestSize().bytes());
    HttpClient client =
        HttpClient.create(
            new HttpClient.Settings(
                List.of(host), config.net(), config.tls(), List.of(), context.meters()));
    String service = config.aws().awsService();
    try {
      Signing signing =
          config.aws().awsAuth() && service != null
              ? new Signing(config.aws(), service, host, context)
              : null;
      return new Http(config, context, client, receiver, signing);
    } catch (StartException e) {
      client.close();
      throw e;
    }
  }
}
