package io.logboom.output.forward;

import io.logboom.api.config.Secret;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.net.HostPort;
import io.logboom.net.Resolver;
import io.logboom.net.forward.Credentials;
import io.logboom.net.forward.ForwardClient;
import io.logboom.net.forward.ForwardServer;
import io.logboom.net.stream.StreamTarget;
import io.logboom.net.tls.TlsOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The output {@code forward}. */
public final class ForwardPlugin implements OutputPlugin<ForwardConfig> {
  @Override
  public String type() {
    return "forward";
  }

  @Override
  public String text() {
    return "Sends records over the Forward protocol: to Logboom, Fluent Bit and Fluentd.";
  }

  @Override
  public Class<ForwardConfig> config() {
    return ForwardConfig.class;
  }

  @Override
  public void check(ForwardConfig config, Problems problems) {
    ForwardCheck.check(config, problems);
  }

  @Override
  public Output create(ForwardConfig config, Context context) throws StartException {
    ForwardClient client =
        ForwardClient.create(servers(config), config.net(), context.meters(), Resolver.SYSTEM);
    return new Forward(config, context, client);
  }

  private static List<ForwardServer> servers(ForwardConfig config) throws StartException {
    ForwardConfig.Target target = config.target();
    if (target.upstream() != null) {
      List<ForwardServer> all = new ArrayList<>();
      for (ForwardConfig.Node node : target.upstream().nodes()) {
        all.add(
            new ForwardServer(
                tcp(node.host(), node.port(), node.tls()),
                node.weight(),
                credentials(node.security())));
      }
      return all;
    }
    StreamTarget where =
        target.unixPath() != null
            ? new StreamTarget.Unix(target.unixPath())
            : tcp(target.host(), target.port(), config.tls());
    return List.of(new ForwardServer(where, 1, credentials(config.security())));
  }

  private static StreamTarget tcp(String host, int port, TlsOptions tls) throws StartException {
    HostPort address = HostPort.parse(host, port);
    if (address == null) {
      throw new StartException("'" + host + "' is no host name or address");
    }
    return new StreamTarget.Tcp(address, tls);
  }

  private static Credentials credentials(ForwardConfig.Security security) {
    return new Credentials(
        security.emptySharedKey() ? new Secret("") : security.sharedKey(),
        Objects.requireNonNullElse(security.username(), ""),
        Objects.requireNonNullElse(security.password(), new Secret("")),
        security.selfHostname());
  }
}
