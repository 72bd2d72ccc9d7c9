package io.logboom.output.http;

import io.logboom.api.config.Secret;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.net.HostPort;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.net.dial.Proxies;
import io.logboom.net.dial.Proxy;
import io.logboom.net.http.HttpClient;
import io.logboom.net.send.Passes;
import io.logboom.net.send.Receiver;
import io.logboom.net.tls.Tls;
import io.logboom.output.http.HttpConfig.Format;
import io.logboom.output.http.HttpConfig.Statuses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The {@code http} output. */
public final class HttpPlugin implements OutputPlugin<HttpConfig> {
  private static final Pattern PATH = Pattern.compile("/[!-~&&[^\"#<>\\\\^`{|}]]*");

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
    checkProxy(config.target().proxy(), problems);
    Authentication.check(config, bare(config), problems);
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
    if (body.format() != Format.GELF && !config.gelf().equals(HttpConfig.Gelf.USUAL)) {
      problems.warning("format", "is not gelf: the gelf options have no effect", "format: gelf");
    }
  }

  private static void checkProxy(@Nullable Secret proxy, Problems problems) {
    try {
      if (proxy != null) {
        var _ = Proxy.parse(proxy.reveal(), "proxy");
      }
    } catch (IllegalArgumentException e) {
      problems.error("proxy", String.valueOf(e.getMessage()), "http://proxy.example.com:3128");
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
    Secret proxy = config.target().proxy();
    HttpClient client =
        HttpClient.create(
            new HttpClient.Settings(
                List.of(host),
                net(config),
                config.tls(),
                List.of(),
                context.meters(),
                Resolver.SYSTEM,
                proxy == null ? null : Proxies.all(Proxy.parse(proxy.reveal(), "proxy"))));
    try {
      Passes passes = Authentication.passes(config, host, receiver, context);
      return new Http(config, context, client, receiver, passes);
    } catch (StartException e) {
      client.close();
      throw e;
    }
  }

  private static NetOptions net(HttpConfig config) {
    Duration response = config.timeouts().response();
    Duration idle = config.timeouts().readIdle();
    NetOptions net = config.net();
    if (response != null) {
      net = net.withRequestTimeout(response);
    }
    return idle == null || !idle.isPositive()
        ? net
        : net.withTimeouts(net.connectTimeout(), idle, net.keepaliveIdleTimeout());
  }
}
