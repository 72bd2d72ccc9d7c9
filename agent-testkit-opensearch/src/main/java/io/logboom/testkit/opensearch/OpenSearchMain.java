package io.logboom.testkit.opensearch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * One OpenSearch node on loopback, straight from its jars. Usage: {@code OpenSearchMain HOME
 * [--until-eof] [setting=value ...]}, such as {@code http.port=9200}; without one, the port is free
 * to choose and stands in {@code HOME/logs/http.ports}.
 */
public final class OpenSearchMain {
  private OpenSearchMain() {}

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    Files.createDirectories(home.resolve("logs"));
    Settings.Builder settings =
        Settings.builder()
            .put("path.home", home.toString())
            .put("cluster.name", "logboom")
            .put("node.name", "logboom")
            .put("node.portsfile", true)
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
    boolean untilEof = false;
    for (int i = 1; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      if (args[i].equals("--until-eof")) {
        untilEof = true;
      } else if (equals > 0) {
        settings.put(args[i].substring(0, equals), args[i].substring(equals + 1));
      } else {
        throw new IllegalArgumentException("'" + args[i] + "' is not setting=value");
      }
    }
    Node node = new Single(settings.build());
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> close(node)));
    node.start();
    if (untilEof) {
      awaitEof(System.in);
      close(node);
    }
  }

  /** A test's child must not outlive the test: its input ends with the parent. */
  private static void awaitEof(InputStream in) {
    try {
      while (in.read() >= 0) {
        // Nothing is said to this process but the end.
      }
    } catch (IOException e) {
      // A broken pipe says the same.
    }
  }

  private static void close(Node node) {
    try {
      node.close();
    } catch (IOException e) {
      throw new IllegalStateException("the node did not close", e);
    }
  }

  private static final class Single extends Node {
    Single(Settings settings) {
      super(
          InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "logboom"),
          List.of(
              new PluginInfo(
                  "transport-netty4",
                  "HTTP and transport on Netty",
                  Version.CURRENT.toString(),
                  Version.CURRENT,
                  "21",
                  Netty4ModulePlugin.class.getName(),
                  null,
                  List.of(),
                  false)),
          true);
    }
  }
}
